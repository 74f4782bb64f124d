"""`firstlight data show`: the first images with their labels, and what to know about the data set."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset

__all__ = ["show"]

MANY_CLASSES = 30


def show(
    name: Annotated[str, typer.Argument(help="A data set, or the path of your own.")],
    split: Annotated[str, typer.Option(help="Which part: train or test.")] = "train",
    count: Annotated[int, typer.Option(min=1, help="How many images.")] = 10,
    start: Annotated[int, typer.Option(min=0, help="Place of the first image, from 0.")] = 0,
    save: Annotated[Path | None, typer.Option(help="Save the picture as a PNG file too.")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Print the first images with labels, class counts and licence.

    Colours need a terminal that has them; elsewhere, and under NO_COLOR, images are drawn in shades.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._source_progress import drawn_events
        from firstlight.datasets import load

        with drawn_events(out) as on_event:
            splits = {part.split: part for part in load(name, on_event=on_event)}
        shown = _piece(splits, split, start, count)
        captions = [shown.classes[label] for label in shown.labels.tolist()]
        picture = _saved(save, shown, captions)
        out.print(_drawing(out, shown, captions), "", _facts(splits, out.stdout.width))
        if picture:
            out.say(f"Saved {picture}")
        out.result(
            {
                **_fields(splits),
                "split": split,
                "start": start,
                "labels": shown.labels.tolist(),
                "picture": picture,
            }
        )


def _piece(splits: dict[str, ImageDataset], split: str, start: int, count: int) -> ImageDataset:
    from firstlight._errors import UnknownNameError, UsageError

    if split not in splits:
        raise UnknownNameError("split", split, splits)
    whole = splits[split]
    if start >= len(whole):
        raise UsageError(
            f"--start {start} lies behind the last image: {split} has images 0 to {len(whole) - 1}."
        )
    return whole[start : start + count]


def _saved(path: Path | None, shown: ImageDataset, captions: list[str]) -> Path | None:
    if path is None:
        return None
    from firstlight.reports import save_sheet

    return save_sheet(path, shown.images, captions)


def _drawing(out: Output, shown: ImageDataset, captions: list[str]) -> Any:
    if out.json:
        return ""
    from firstlight.reports import half_blocks

    colour = out.has_blocks and out.has_colour
    return half_blocks(
        shown.images, captions, width=out.stdout.width, colour=colour, ascii_only=not out.has_blocks
    )


def _facts(splits: dict[str, ImageDataset], width: int) -> str:
    first = next(iter(splits.values()))
    channels, height, wide = first.image_shape
    kind = "grey" if channels == 1 else "colour" if channels == 3 else f"{channels} channels"
    head = f"{first.card.title or first.name}: images of {wide} x {height} pixels, {kind}"
    card = [("Licence", first.card.licence), ("Home", first.card.homepage)]
    told = [textwrap.fill(f"{what}: {text}", width, subsequent_indent="  ") for what, text in card if text]
    return "\n".join([head, "", _counts(splits, width), "", *told])


def _counts(splits: dict[str, ImageDataset], width: int) -> str:
    """Write how many images each class has: side by side where that fits, else below each other."""
    from firstlight.cli._columns import aligned

    rows = [_count_row(split, part) for split, part in splits.items()]
    if len(rows[0]) > MANY_CLASSES:
        return "\n".join(f"  {split}: {_count_range(part)}" for split, part in splits.items())
    table = [["", *next(iter(splits.values())).classes, "all"], *rows]
    text = aligned(table, numbers=range(1, len(table[0])), indent=2)
    if max(map(len, text.splitlines())) <= width:
        return text
    turned = list(zip(*table, strict=True))
    return aligned(turned, numbers=range(1, len(table)), indent=2)


def _count_row(split: str, part: ImageDataset) -> list[str]:
    return [split, *(f"{count:,}" for count in [*part.class_counts().tolist(), len(part)])]


def _count_range(part: ImageDataset) -> str:
    counts = part.class_counts().tolist()
    each = f"{min(counts):,}" if min(counts) == max(counts) else f"{min(counts):,} to {max(counts):,}"
    return f"{len(part):,} images, {len(counts)} classes of {each}"


def _fields(splits: dict[str, ImageDataset]) -> dict[str, Any]:
    first = next(iter(splits.values()))
    return {
        "dataset": first.name,
        "title": first.card.title,
        "image_shape": list(first.image_shape),
        "classes": list(first.classes),
        "images": {split: len(part) for split, part in splits.items()},
        "class_counts": {split: part.class_counts().tolist() for split, part in splits.items()},
        "licence": first.card.licence,
        "homepage": first.card.homepage,
        "citation": first.card.citation,
    }
