"""The article's picture: the surest wrong labels, and the images that can be read in two ways."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from jaxtyping import UInt8
from torch import Tensor

from firstlight._atomic import write_file
from firstlight._errors import UsageError
from firstlight.audits._report import AmbiguousImage, AuditReport, Suspect
from firstlight.datasets import ImageDataset
from firstlight.reports import contact_sheet

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["audit_picture", "save_audit_picture"]

PAPER, INK, SOFT = (255, 255, 255), (32, 32, 32), (96, 104, 116)
MARGIN = 12
TITLE_SIZE, NOTE_SIZE = 24, 16
Splits = Mapping[str, ImageDataset]


def audit_picture(report: AuditReport, splits: Splits, *, count: int = 20, columns: int = 10) -> Image.Image:
    """Draw the surest wrong labels above the most ambiguous images, each with what is said of it.

    Parameters
    ----------
    report
        Of `audit`.
    splits
        The images that were audited, by split.
    count
        Of images in each of the two parts; fewer where there are not so many.
    columns
        Images in each row.

    Raises
    ------
    UsageError
        The report has nothing to draw.
    """
    suspects, ambiguous = report.suspects[:count], report.ambiguous[:count]
    drawn = []
    if suspects:
        captions = [_suspect_caption(one, report.classes) for one in suspects]
        sheet = contact_sheet(pictures_of(suspects, splits), captions, columns=columns)
        title = f"{report.dataset}, {report.split}: the surest wrong labels"
        drawn.append((title, "label > what the networks say, and the place", sheet))
    if ambiguous:
        captions = [_ambiguous_caption(one, report.classes) for one in ambiguous]
        sheet = contact_sheet(pictures_of(ambiguous, splits), captions, columns=columns)
        drawn.append(("The most ambiguous images", "the two readings, likelier first, and the label", sheet))
    if not drawn:
        raise UsageError(f"The audit of {report.dataset} {report.split} found nothing to draw.")
    return _stacked(drawn)


def save_audit_picture(
    path: str | Path, report: AuditReport, splits: Splits, *, count: int = 20, columns: int = 10
) -> Path:
    """Write `audit_picture` as a PNG file, whole or not at all.

    Raises
    ------
    UsageError
        The name does not end with ``.png``, or there is nothing to draw.
    CacheError
        The file cannot be written.
    """
    target = Path(path).expanduser()
    check_picture_name(target)
    png = io.BytesIO()
    audit_picture(report, splits, count=count, columns=columns).save(png, format="PNG", optimize=True)
    return write_file(target, png.getvalue())


def check_picture_name(path: Path) -> None:
    """Raise `UsageError` unless a picture can be saved under this name."""
    if path.suffix.lower() != ".png":
        raise UsageError(f"A picture is saved as PNG; give a name that ends with .png, got {path.name!r}.")


def pictures_of(
    found: Sequence[Suspect] | Sequence[AmbiguousImage], splits: Splits
) -> UInt8[Tensor, "n c h w"]:
    """Return the images that are spoken of."""
    return torch.stack([splits[one.split].images[one.index] for one in found])


def _suspect_caption(suspect: Suspect, classes: Sequence[str]) -> str:
    return f"{classes[suspect.given]} > {classes[suspect.suggested]}  {suspect.index}"


def _ambiguous_caption(image: AmbiguousImage, classes: Sequence[str]) -> str:
    first, second = image.readings
    return f"{classes[first]} or {classes[second]}: {classes[image.given]}"


def _stacked(drawn: Sequence[tuple[str, str, Image.Image]]) -> Image.Image:
    """Put titled sheets below each other."""
    from PIL import Image, ImageDraw, ImageFont

    large, small = ImageFont.load_default(TITLE_SIZE), ImageFont.load_default(NOTE_SIZE)
    head = MARGIN + TITLE_SIZE + NOTE_SIZE + 14
    texts = [(title, large) for title, _, _ in drawn] + [(note, small) for _, note, _ in drawn]
    least = max(font.getlength(text) for text, font in texts) + 2 * MARGIN
    width = max(int(least), *(sheet.width for _, _, sheet in drawn))
    picture = Image.new("RGB", (width, sum(head + sheet.height for _, _, sheet in drawn)), PAPER)
    pen, top = ImageDraw.Draw(picture), 0
    for title, note, sheet in drawn:
        pen.text((MARGIN, top + MARGIN), title, fill=INK, font=large)
        pen.text((MARGIN, top + MARGIN + TITLE_SIZE + 6), note, fill=SOFT, font=small)
        picture.paste(sheet, (0, top + head))
        top += head + sheet.height
    return picture
