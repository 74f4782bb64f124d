"""A data set as a small self-contained piece of HTML, for notebooks."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import torch
from jaxtyping import UInt8
from torch import Tensor

from firstlight.datasets._card import DataCard

__all__ = ["html_summary"]

SHEET_ROWS, SHEET_COLUMNS = 4, 10
SHOWN_CLASSES = 20
SCALE = 2


def html_summary(
    card: DataCard,
    split: str,
    images: UInt8[Tensor, "n c h w"],
    classes: Sequence[str],
    counts: Sequence[int],
) -> str:
    """Tell what a data set is: its size, its first images as one PNG inside, its classes, its licence."""
    total, channels, height, width = images.shape
    facts = f"{total:,} images of {channels} × {height} × {width}, {len(classes)} classes"
    return (
        f"<div><strong>{html.escape(card.title)}</strong> ({html.escape(split)}): {facts}<br>"
        f"{_sheet(images) if channels in (1, 3) else ''}{_table(classes, counts)}"
        f"<small>Licence: {html.escape(card.licence)}</small></div>"
    )


def _sheet(images: UInt8[Tensor, "n c h w"]) -> str:
    from PIL import Image

    shown = images[: SHEET_ROWS * SHEET_COLUMNS]
    count, channels, height, width = shown.shape
    columns = min(SHEET_COLUMNS, count)
    rows = -(-count // columns)
    cells = torch.zeros(rows * columns, channels, height, width, dtype=torch.uint8)
    cells[:count] = shown
    grid = cells.view(rows, columns, channels, height, width).permute(0, 3, 1, 4, 2)
    pixels = grid.reshape(rows * height, columns * width, channels).squeeze(-1)
    picture = Image.fromarray(pixels.numpy())
    file = io.BytesIO()
    size = (picture.width * SCALE, picture.height * SCALE)
    picture.resize(size, Image.Resampling.NEAREST).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="The first {count} images" src="data:image/png;base64,{data}">'


def _table(classes: Sequence[str], counts: Sequence[int]) -> str:
    names = "".join(f"<th>{html.escape(name)}</th>" for name in classes[:SHOWN_CLASSES])
    numbers = "".join(f"<td>{count:,}</td>" for count in counts[:SHOWN_CLASSES])
    hidden = len(classes) - SHOWN_CLASSES
    more = f"<p>and {hidden} more classes</p>" if hidden > 0 else ""
    return f"<table><tr>{names}</tr><tr>{numbers}</tr></table>{more}"
