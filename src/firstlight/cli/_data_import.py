"""`firstlight data import`: give your own data a name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from firstlight._errors import UsageError
from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["import_"]


def import_(
    path: Annotated[Path, typer.Argument(help="A folder of images by class, IDX files, .npz or .parquet.")],
    name: Annotated[str | None, typer.Argument(help="What to call it; else made from the path.")] = None,
    size: Annotated[
        str | None, typer.Option(help="Bring pictures to this size: 28, or 28x32 (height x width).")
    ] = None,
    channels: Annotated[int | None, typer.Option(help="Make pictures grey (1) or coloured (3).")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Copy your own data into the cache under a name.

    From then on every command, and load() in Python, knows it by that name.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.datasets import import_dataset, imported_folder

        chosen = name or name_from(path)
        box = None if size is None else height_and_width(size)
        with out.progress("Reading", unit="pictures") as bar:
            train, test = import_dataset(
                path,
                chosen,
                size=box,
                channels=channels,
                on_progress=lambda done, total: bar.update(done, total=total),
            )
        out.print(
            f"{chosen}: {len(train):,} train and {len(test):,} test images, {len(train.classes)} classes"
        )
        out.say(*train.card.oddities, f"Look at it: firstlight data show {chosen}")
        out.result(
            {
                "dataset": chosen,
                "path": imported_folder(chosen),
                "images": {"train": len(train), "test": len(test)},
                "image_shape": list(train.image_shape),
                "classes": list(train.classes),
            }
        )


def height_and_width(size: str) -> tuple[int, int]:
    """Read a size as it is typed.

    Raises
    ------
    UsageError
        It is neither a number nor two numbers with an x between them.

    Examples
    --------
    >>> height_and_width("28"), height_and_width("28x32")
    ((28, 28), (28, 32))
    """
    if not re.fullmatch(r"[1-9]\d{0,4}(x[1-9]\d{0,4})?", size):
        raise UsageError(
            f"--size is a number of pixels such as 28, or height x width such as 28x32; got {size!r}."
        )
    height, _, width = size.partition("x")
    return int(height), int(width or height)


def name_from(path: Path) -> str:
    """Make a name for imported data out of its path.

    Examples
    --------
    >>> name_from(Path("scans/My Digits.npz"))
    'my-digits'
    """
    return re.sub(r"[^a-z0-9]+", "-", path.absolute().stem.lower()).strip("-")[:64] or "imported"
