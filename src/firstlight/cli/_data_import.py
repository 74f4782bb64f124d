"""`firstlight data import`: give your own data a name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["import_"]


def import_(
    path: Annotated[Path, typer.Argument(help="A folder of images by class, IDX files, .npz or .parquet.")],
    name: Annotated[str | None, typer.Argument(help="What to call it; else made from the path.")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Copy your own data into the cache under a name, so that every command and load() know it."""
    with command(json=json, quiet=quiet) as out:
        from firstlight.datasets import import_dataset, imported_folder

        chosen = name or name_from(path)
        train, test = import_dataset(path, chosen)
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


def name_from(path: Path) -> str:
    """Make a name for imported data out of its path.

    Examples
    --------
    >>> name_from(Path("scans/My Digits.npz"))
    'my-digits'
    """
    return re.sub(r"[^a-z0-9]+", "-", path.absolute().stem.lower()).strip("-")[:64] or "imported"
