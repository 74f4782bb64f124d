"""`page_parts`: a map as a few small files, for a page that holds them or a server that hands them out."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.maps._columns import ImageColumn, check_columns, neighbours_say
from firstlight.maps._page_pixels import BUDGET, pack_pixels
from firstlight.maps._picture import PALETTE, cluster_centres

if TYPE_CHECKING:
    from firstlight.maps._image_map import ImageMap

__all__ = ["NEIGHBOURS", "PageParts", "page_parts"]

NEIGHBOURS = 5
_SCHEMA = 1
_GRID = 65535
_LEVEL = 6  # of gzip; 9 takes 20 times as long for two hundredths
# The same hues on black: those of PALETTE that are too dark there, lightened.
PALETTE_ON_DARK = (
    "#8f84f0", "#88ccee", "#2f9e57", "#ddaa33", "#e27d8d",
    "#c86fbe", "#55c8b8", "#a0a0a0", "#c2487f", "#b0b04a",
)  # fmt: skip


@dataclass(frozen=True)
class PageParts:
    """What the page reads.

    Attributes
    ----------
    facts
        What is known of the map as a whole, and how to read the files. Plain values for JSON.
    files
        By name: gzipped arrays, and sheets of coloured images as JPEG.
    """

    facts: Mapping[str, Any]
    files: Mapping[str, bytes]


def page_parts(
    image_map: ImageMap,
    images: UInt8[Tensor, "n c h w"],
    *,
    columns: Sequence[ImageColumn] = (),
    budget: int = BUDGET,
) -> PageParts:
    """Return a map and its images as small files.

    Points go onto a grid of 65,536 by 65,536 and pixels to 16 shades, so this is for looking, not for
    measuring: `ImageMap.save` keeps a map exactly, as ``.npz``.

    Parameters
    ----------
    image_map
        The map.
    images
        One for each of its points.
    columns
        What else is known of each image. To those come what an image's neighbours say of it, unless there is
        a column of that name already.
    budget
        Bytes that the images may take.

    Raises
    ------
    UsageError
        Images or columns that are not one for each point.
    """
    if len(images) != len(image_map):
        raise UsageError(
            f"There are {len(images):,} images for {len(image_map):,} points; give one for each."
        )
    check_columns(columns, len(image_map), len(image_map.classes))
    given = {column.name for column in columns}
    every = [*columns, *(one for one in neighbours_say(image_map) if one.name not in given)]
    places, frame = _places(image_map)
    packed = pack_pixels(images.cpu(), budget=budget)
    k = min(NEIGHBOURS, image_map.graph.k)
    arrays: dict[str, NDArray[Any]] = {
        "points": places.T,
        "labels": image_map.labels.astype("<u2"),
        "neighbours": _planes(image_map.graph.indices[:, :k]),
    }
    described = []
    for number, column in enumerate(every):
        arrays[f"column{number}"], facts = _stored(column)
        described.append({"part": f"column{number}", **facts})
    files = {name: _gzipped(np.ascontiguousarray(array).tobytes()) for name, array in arrays.items()}
    for name, content in packed.files.items():
        files[name] = content if packed.facts["kind"] == "sheets" else _gzipped(content)
    facts = {**_facts(image_map, places, k), "frame": frame, "pixels": packed.facts, "columns": described}
    return PageParts(facts, files)


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, _LEVEL, mtime=0)


def _places(image_map: ImageMap) -> tuple[NDArray[np.uint16], dict[str, float]]:
    """Return whole numbers on a square grid, y downwards, and how to get from the map's own to them."""
    points = image_map.points.astype(np.float64)
    low, high = points.min(0), points.max(0)
    side = float(max(high - low)) or 1.0
    left, top = (low[0] + high[0] - side) / 2, (low[1] + high[1] + side) / 2
    grid = np.stack([points[:, 0] - left, top - points[:, 1]], 1) * (_GRID / side)
    places = np.rint(grid).clip(0, _GRID).astype("<u2")
    return places, {"left": float(left), "top": float(top), "units": _GRID / side}


def _planes(indices: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Return uint32 as four planes of bytes, the lowest first: the upper ones shrink to nothing."""
    return np.ascontiguousarray(indices, "<u4").view(np.uint8).reshape(-1, 4).T


def _stored(column: ImageColumn) -> tuple[NDArray[Any], dict[str, Any]]:
    facts: dict[str, Any] = {"name": column.name, "kind": column.kind, "note": column.note}
    if column.kind == "class":
        return column.values.astype("<i2"), facts
    if column.kind == "flag":
        return column.values.astype(np.uint8), facts
    known = np.isfinite(column.values)
    shown = column.values[known] if known.any() else np.zeros(1)
    low, high = float(shown.min()), float(shown.max())
    scaled = np.full(len(column.values), 255, np.uint8)
    scaled[known] = np.rint((column.values[known] - low) * (254 / ((high - low) or 1))).astype(np.uint8)
    return scaled, {**facts, "low": low, "high": high}


def _facts(image_map: ImageMap, places: NDArray[np.uint16], k: int) -> dict[str, Any]:
    centres = cluster_centres(places.astype(np.float32), image_map.labels, len(image_map.classes))
    return {
        "schema": _SCHEMA,
        "dataset": Path(str(image_map.settings.get("dataset") or "images")).name,
        "images": len(image_map),
        "classes": list(image_map.classes),
        "splits": _runs(image_map.splits),
        "method": image_map.method,
        "settings": dict(image_map.settings),
        "quality": image_map.quality.fields(),
        "neighbours": k,
        "hearts": [[label, round(x), round(y)] for label, (x, y) in centres.items()],
        "palettes": {"light": PALETTE, "dark": PALETTE_ON_DARK},
    }


def _runs(splits: NDArray[np.str_]) -> list[list[Any]]:
    """Return [split, how many] for each stretch of one split."""
    starts = np.flatnonzero(np.r_[True, splits[1:] != splits[:-1]])
    lengths = np.diff(np.r_[starts, len(splits)])
    return [[str(splits[start]), int(length)] for start, length in zip(starts, lengths, strict=True)]
