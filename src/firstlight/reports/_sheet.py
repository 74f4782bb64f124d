"""A contact sheet: images in a grid with a caption under each, as one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight._atomic import write_file
from firstlight._errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import UInt8
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont
    from torch import Tensor

__all__ = ["contact_sheet", "save_sheet"]

PAPER = (255, 255, 255)
INK = (32, 32, 32)
GAP = 12
CAPTION_SIZE = 16
TILE = 112  # pixels that an image is blown up to at least, so that single pixels can be seen


def contact_sheet(
    images: UInt8[Tensor, "n c h w"], captions: Sequence[str] = (), *, columns: int = 5
) -> Image.Image:
    """Lay images out in a grid, each blown up by a whole factor, with its caption below.

    Does not smooth: each pixel of an image becomes a square.

    Parameters
    ----------
    images
        Grey (c = 1) or red, green, blue (c = 3).
    captions
        One for each image, or none at all. Cut where they are wider than the image.
    columns
        Images in each row.

    Raises
    ------
    UsageError
        No image, images that are neither grey nor coloured, no column, or captions that do not match.

    Examples
    --------
    >>> import torch
    >>> contact_sheet(torch.zeros(3, 1, 28, 28, dtype=torch.uint8), columns=3).size
    (384, 136)
    """
    from PIL import Image, ImageDraw, ImageFont

    _check(images, captions, columns)
    scale = max(1, -(-TILE // max(images.shape[2:])))
    wide, high = images.shape[3] * scale, images.shape[2] * scale
    line = CAPTION_SIZE + 6 if captions else 0
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    size = (GAP + columns * (wide + GAP), GAP + rows * (high + line + GAP))
    sheet = Image.new("RGB", size, PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(CAPTION_SIZE)
    for place, image in enumerate(images):
        left = GAP + place % columns * (wide + GAP)
        top = GAP + place // columns * (high + line + GAP)
        sheet.paste(_picture(image).resize((wide, high), Image.Resampling.NEAREST), (left, top))
        if captions:
            text = _fitting(captions[place], font, wide)
            pen.text((left + wide / 2, top + high + 4), text, fill=INK, font=font, anchor="ma")
    return sheet


def save_sheet(
    path: str | Path, images: UInt8[Tensor, "n c h w"], captions: Sequence[str] = (), *, columns: int = 5
) -> Path:
    """Write a contact sheet as a PNG file; an older file of that name is replaced at one stroke.

    Parameters
    ----------
    path
        Where to; the name ends with ``.png``, the folder exists.
    images, captions, columns
        As for `contact_sheet`.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    UsageError
        The name does not end with ``.png``, or its folder does not exist.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise UsageError(f"A picture is saved as PNG; give a name that ends with .png, got {target.name!r}.")
    if not target.absolute().parent.is_dir():
        raise UsageError(
            f"There is no folder {target.absolute().parent} to save {target.name} in. Make it first."
        )
    sheet = contact_sheet(images, captions, columns=columns)
    png = io.BytesIO()
    sheet.save(png, format="PNG")
    return write_file(target, png.getvalue())


def _check(images: Tensor, captions: Sequence[str], columns: int) -> None:
    if images.ndim != 4 or images.shape[1] not in (1, 3) or not len(images):
        raise UsageError(f"A sheet takes uint8 images [n, 1 or 3, height, width]; got {list(images.shape)}.")
    if captions and len(captions) != len(images):
        raise UsageError(f"Give one caption for each of the {len(images)} images; got {len(captions)}.")
    if columns < 1:
        raise UsageError(f"A sheet has at least one column; got {columns}.")


def _picture(image: Tensor) -> Image.Image:
    from PIL import Image

    pixels = image.permute(1, 2, 0).contiguous().cpu().numpy()
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def _fitting(text: str, font: FreeTypeFont | ImageFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
