"""How the content of a pipeline's pictures is told from their background, whatever their grey values mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
from jaxtyping import Bool, Shaped, UInt8
from torch import Tensor

__all__ = ["READINGS", "Rule", "codes", "content", "step_of"]

Rule: TypeAlias = Literal["commonest", "least", "greatest", "pixel", "half", "half-inverted"]

# Background is the commonest value of all, or each picture's least or greatest one, or each pixel's least;
# or pictures have but two values, cut in the middle.
READINGS: tuple[Rule, ...] = ("commonest", "least", "greatest", "pixel", "half", "half-inverted")
SLACK = 1e-6  # share of the whole range by which a background may differ: rounding


@dataclass(frozen=True, eq=False)
class _Extent:
    low: float
    high: float

    @property
    def slack(self) -> float:
        return SLACK * max(self.high - self.low, 1e-12)


def content(
    images: Shaped[Tensor, "n c h w"], rule: Rule, whole: Shaped[Tensor, "m c h w"]
) -> Bool[Tensor, "n c h w"]:
    """Return which pixels are no background.

    Parameters
    ----------
    images
        Of one channel.
    rule
        What is taken for background.
    whole
        All images of the split, from which what holds for all is read.
    """
    images = images if images.dtype == torch.uint8 else images.float()
    extent = _extent(whole)
    if rule == "commonest":
        return (images.float() - _commonest(whole)).abs() > extent.slack
    if rule == "least":
        return (images - images.amin((1, 2, 3), keepdim=True)).float() > extent.slack
    if rule == "greatest":
        return (images.amax((1, 2, 3), keepdim=True) - images).float() > extent.slack
    if rule == "pixel":
        low, high = whole.amin(0, keepdim=True), whole.amax(0, keepdim=True)
        return (images - low).float() > SLACK * (high - low).float()
    middle = (extent.low + extent.high) / 2
    return images.float() > middle if rule == "half" else images.float() < middle


def step_of(images: Shaped[Tensor, "n c h w"]) -> tuple[float, float] | None:
    """Return value and step of grey levels that are ``low + step * u``, u from 0 to 255, else ``None``."""
    sample = images.reshape(-1)[:2_000_000].double()
    low, high = float(sample.min()), float(sample.max())
    if not high > low:
        return None
    step = (high - low) / 255
    rest = ((sample - low) / step) % 1
    off = torch.minimum(rest, 1 - rest)
    return (low, step) if float(off.max()) < 0.2 else None


def codes(images: Shaped[Tensor, "n c h w"], low: float, step: float) -> UInt8[Tensor, "n c h w"]:
    """Return the grey levels as whole numbers."""
    if images.dtype == torch.uint8 and low == 0 and step == 1:
        return images
    return ((images.float() - low) / step).round().clamp(0, 255).to(torch.uint8)


def _extent(whole: Shaped[Tensor, "m c h w"]) -> _Extent:
    low, high = torch.aminmax(whole)
    return _Extent(float(low), float(high))


def _commonest(whole: Shaped[Tensor, "m c h w"]) -> float:
    """Return the commonest value of evenly spread images."""
    spread = whole[:: max(1, len(whole) // 64)].reshape(-1)
    values, counts = torch.unique(spread, return_counts=True)
    return float(values[counts.argmax()])
