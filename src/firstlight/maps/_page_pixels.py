"""`pack_pixels`: all images, small enough to go into one page.

Grey images of up to 32 pixels a side keep their size, in 16 shades. Of each row only what lies between its
first and its last bright pixel is stored, two pixels a byte, and where it begins and how long it is in
another file: gzip makes a sixth less of that than of whole rows. Coloured images, large ones, and those with
too little black for that (clothes) go into sheets: JPEG files of 1,024 pixels a side, each image as large and
as good as the budget lets it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

__all__ = ["BUDGET", "PackedPixels", "pack_pixels", "sixteen_shades"]

BUDGET = 6_000_000  # bytes that the images may take; base64 makes 8 million of them
SHEET = 1024
_LARGEST_GREY = 32
# Longest side in pixels and JPEG's quality, the best first.
_SIDES = (
    (64, 85), (32, 85), (32, 60), (32, 40), (24, 60), (24, 40),
    (20, 60), (20, 45), (16, 70), (16, 45), (16, 25), (8, 50),
)  # fmt: skip
_SAMPLE = 2000
_BLOCK = 5000
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class PackedPixels:
    """Images as files, and the facts that say how to read them.

    Attributes
    ----------
    facts
        ``kind`` (``"grey"`` or ``"sheets"``), ``width``, ``height``, ``original`` (channels, height, width).
    files
        Bytes by name; those of grey images are yet to be compressed, sheets are JPEG.
    """

    facts: dict[str, Any]
    files: dict[str, bytes]


def pack_pixels(images: UInt8[Tensor, "n c h w"], *, budget: int = BUDGET) -> PackedPixels:
    """Return the images within about ``budget`` bytes once compressed, if it can be done at all.

    Of far more than 70,000 images, the smallest form is taken, whatever it needs.
    """
    original = list(images.shape[1:])
    if original[0] == 1 and max(original) <= _LARGEST_GREY and _fits(images, budget):
        rows, pixels = _packed_grey(images)
        facts = {"kind": "grey", "width": original[2], "height": original[1], "original": original}
        return PackedPixels(facts, {"rows": rows, "pixels": pixels})
    height, width, quality = _sheet_size(images, budget)
    sheets = list(_sheets(images, height, width, quality))
    facts = {
        "kind": "sheets", "width": width, "height": height, "original": original,
        "quality": quality, "sheet": SHEET, "sheets": len(sheets),
    }  # fmt: skip
    return PackedPixels(facts, {f"sheet{place}": sheet for place, sheet in enumerate(sheets)})


def sixteen_shades(images: UInt8[Tensor, "n 1 h w"]) -> UInt8[Bytes, "n h w"]:
    """Return values from 0 to 15, which times 17 are the nearest to the pixels."""
    return ((images[:, 0].numpy().astype(np.uint16) * 15 + 127) // 255).astype(np.uint8)


def _scaled(images: Tensor, height: int, width: int) -> Tensor:
    if tuple(images.shape[2:]) == (height, width):
        return images
    made = interpolate(images.float(), (height, width), mode="bilinear", antialias=True, align_corners=False)
    return made.round().clamp(0, 255).to(torch.uint8)


def _fitted(images: Tensor, side: int) -> tuple[int, int]:
    """Return height and width of at most ``side``, of the images' aspect; never larger than they are."""
    height, width = images.shape[2:]
    factor = min(1.0, side / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def _fits(images: Tensor, budget: int) -> bool:
    """Tell from a sample whether grey images fit as they are."""
    sample = images[:: max(1, len(images) // _SAMPLE)]
    needed = sum(len(zlib.compress(part)) for part in _packed_grey(sample))
    return needed * len(images) / len(sample) <= budget


def _packed_grey(images: Tensor) -> tuple[bytes, bytes]:
    starts, lengths, pixels = [], [], []
    for block in torch.split(images, _BLOCK):
        start, length, row_pixels = _trimmed_rows(sixteen_shades(block))
        starts.append(start.ravel())
        lengths.append(length.ravel())
        pixels.append(row_pixels)
    return np.concatenate([*starts, *lengths]).tobytes(), np.concatenate(pixels).tobytes()


def _trimmed_rows(shades: Bytes) -> tuple[Bytes, Bytes, Bytes]:
    """Return where each row's ink begins, how many bytes it takes, and those bytes, row after row."""
    width = shades.shape[2]
    inked = shades > 0
    filled = inked.any(2)
    first = np.where(filled, inked.argmax(2), 0)
    last = np.where(filled, width - inked[:, :, ::-1].argmax(2), 0)
    length = (last - first + 1) // 2  # two pixels a byte
    wide = np.pad(shades, ((0, 0), (0, 0), (0, 1)))
    column = np.arange(width + 1)
    kept = wide[(column >= first[:, :, None]) & (column < (first + 2 * length)[:, :, None])]
    return first.astype(np.uint8), length.astype(np.uint8), (kept[::2] << 4) | kept[1::2]


def _sheet_size(images: Tensor, budget: int) -> tuple[int, int, int]:
    sample = images[:: max(1, len(images) // _SAMPLE)]
    for side, quality in _SIDES:
        height, width = _fitted(images, side)
        needed = sum(map(len, _sheets(sample, height, width, quality)))
        if needed * len(images) / len(sample) <= budget:
            break
    return height, width, quality


def _sheets(images: Tensor, height: int, width: int, quality: int) -> Iterator[bytes]:
    across, down = SHEET // width, SHEET // height
    for block in torch.split(images, across * down):
        small = _scaled(block, height, width).permute(0, 2, 3, 1).numpy()
        lines = -(-len(small) // across)
        sheet = np.zeros((lines * across, *small.shape[1:]), np.uint8)
        sheet[: len(small)] = small
        rows = sheet.reshape(lines, across, height, width, -1).swapaxes(1, 2)
        whole = rows.reshape(lines * height, across * width, -1)
        buffer = io.BytesIO()
        Image.fromarray(whole if whole.shape[2] == 3 else whole[:, :, 0]).save(
            buffer, "JPEG", quality=quality, optimize=True
        )
        yield buffer.getvalue()
