"""`firstlight data export`: write a data set for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["export"]


class Format(StrEnum):
    """What can be written."""

    idx = "idx"
    png = "png"
    npz = "npz"
    parquet = "parquet"


def export(
    name: Annotated[str, typer.Argument(help="A data set, or the path of your own.")],
    path: Annotated[Path, typer.Argument(help="The file or folder to write.")],
    format: Annotated[Format | None, typer.Option(help="Without it, the ending of PATH says.")] = None,
    split: Annotated[str | None, typer.Option(help="Only this part: train or test.")] = None,
    corrections: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Apply a file of corrections, or `verified`; may be repeated."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write a data set as IDX, PNG pictures by class, NPZ or Parquet."""
    with command(json=json, quiet=quiet) as out:
        from firstlight._errors import UnknownNameError
        from firstlight.cli._source_progress import drawn_events
        from firstlight.datasets import export as export_data
        from firstlight.datasets import load

        with drawn_events(out) as on_event:
            splits = {part.split: part for part in load(name, corrections=corrections, on_event=on_event)}
        if split is not None and split not in splits:
            raise UnknownNameError("split", split, splits)
        chosen = list(splits.values()) if split is None else [splits[split]]
        with out.progress("Writing", total=sum(map(len, chosen)), unit="images") as bar:
            written = export_data(
                chosen,
                path,
                format=None if format is None else format.value,
                overwrite=overwrite,
                on_progress=lambda done, total: bar.update(done, total=total),
            )
        counts = {part.split: len(part) for part in chosen}
        told = " and ".join(f"{count:,} {which}" for which, count in counts.items())
        out.print(f"{written}: {told} images of {chosen[0].name}")
        out.result({"dataset": chosen[0].name, "path": written, "images": counts})
