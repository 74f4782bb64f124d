"""The steps from a picture to its digits, as tiles of one size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight.reports._sheet import save_sheet

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import UInt8
    from torch import Tensor

    from firstlight.pictures import Step

__all__ = ["save_steps", "step_tiles"]

SMALL_TILE, LARGE_TILE = 28, 168  # six times as large, so that single pixels can be seen
BESIDE = 48  # grey level of what lies beside a picture that is not square


def step_tiles(
    steps: Sequence[Step], labels: Sequence[str] = (), *, side: int = SMALL_TILE
) -> tuple[UInt8[Tensor, "n 1 s s"], list[str]]:
    """Bring the steps of one picture to tiles of one size, with a caption for each.

    Parameters
    ----------
    steps
        As `firstlight.pictures.find_digits` gives them; the digits are the last ones.
    labels
        What each digit was read as, put into its caption.
    side
        Of a tile, in pixels.
    """
    import numpy as np
    import torch

    tiles = [_tile(step.image, side) for step in steps]
    captions = [step.name for step in steps]
    for place, label in enumerate(labels, start=len(steps) - len(labels)):
        captions[place] = f"{captions[place]}: {label}"
    return torch.from_numpy(np.stack(tiles)).unsqueeze(1), captions


def save_steps(path: str | Path, pictures: Sequence[tuple[Sequence[Step], Sequence[str]]]) -> Path:
    """Write the steps of some pictures as one PNG file, a row for each.

    Parameters
    ----------
    path
        Ends with ``.png``; its folder exists.
    pictures
        Of each the steps, and what its digits were read as.

    Raises
    ------
    UsageError
        Another ending, or no such folder.
    CacheError
        The disk refuses.
    """
    import torch

    rows = [step_tiles(steps, labels, side=LARGE_TILE) for steps, labels in pictures]
    columns = max(len(captions) for _, captions in rows)
    tiles, names = [], []
    for images, captions in rows:
        missing = columns - len(captions)
        blank = torch.full(
            (missing, 1, LARGE_TILE, LARGE_TILE), 255, dtype=torch.uint8
        )  # as the sheet's paper
        tiles += [images, blank]
        names += [*captions, *[""] * missing]
    return save_sheet(path, torch.cat(tiles), names, columns=columns)


def _tile(image: UInt8[np.ndarray, "h w"], side: int) -> UInt8[np.ndarray, "s s"]:
    """Scale an image into a square, its aspect kept; a digit's pixels stay squares."""
    import numpy as np
    from PIL import Image

    height, width = image.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    sampling = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    tile = np.full((side, side), BESIDE, dtype=np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = np.asarray(
        Image.fromarray(image).resize(size, sampling)
    )
    return tile
