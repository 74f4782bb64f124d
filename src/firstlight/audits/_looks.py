"""What an image looks like, apart from brightness and contrast: a unit vector, and a short version of it."""

from __future__ import annotations

import torch
from jaxtyping import Float32, UInt8
from torch import Tensor

from firstlight._seeds import generator

__all__ = ["looks", "short_looks"]

DIMENSIONS = 32
SAMPLE = 5000
BLOCK = 4096
FLAT = 1e-3  # contrast, in grey levels, below which an image has no look


def looks(images: UInt8[Tensor, "n c h w"]) -> Float32[Tensor, "n d"]:
    """Return each image's pixels less their mean, at length 1; zeros where all its pixels are equal.

    The product of two is the correlation of their pixels, and the squared distance is twice what is missing
    from 1.
    """
    pixels = images.flatten(1).float()
    pixels -= pixels.mean(dim=1, keepdim=True)
    length = pixels.norm(dim=1, keepdim=True)
    return torch.where(length > FLAT, pixels / length.clamp_min(FLAT), 0.0)


def short_looks(images: UInt8[Tensor, "n c h w"], *, dimensions: int = DIMENSIONS) -> Float32[Tensor, "n s"]:
    """Return looks in few dimensions, of which no distance is larger than that of the whole looks.

    That makes them a filter without false negatives: what is far apart here is far apart there. They are the
    shares along directions in which looks differ most (a sample decides them), and the length of the rest.
    """
    step = max(1, len(images) // SAMPLE)
    sample = looks(images[::step][:SAMPLE])
    mean = sample.mean(dim=0)
    basis = _directions(sample - mean, dimensions)
    return torch.cat([_short(looks(block) - mean, basis) for block in torch.split(images, BLOCK)])


def _directions(centred: Float32[Tensor, "n d"], count: int) -> Float32[Tensor, "d s"]:
    """Return orthonormal directions that hold most of the spread: two rounds of subspace iteration.

    After Halko, Martinsson, Tropp 2011, algorithm 4.4. Any orthonormal directions would be right; these
    filter well.
    """
    start = torch.randn(centred.shape[1], min(count, *centred.shape), generator=generator(0, "looks"))
    basis = torch.linalg.qr(start).Q
    for _ in range(2):
        basis = torch.linalg.qr(centred.T @ (centred @ basis)).Q
    return basis  # type: ignore[no-any-return]


def _short(centred: Float32[Tensor, "n d"], basis: Float32[Tensor, "d s"]) -> Float32[Tensor, "n t"]:
    shares = centred @ basis
    rest = (centred.square().sum(dim=1) - shares.square().sum(dim=1)).clamp_min(0).sqrt()
    return torch.cat([shares, rest[:, None]], dim=1)
