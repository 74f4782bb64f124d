"""`firstlight data where`: the folders."""

from __future__ import annotations

from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["where"]


def where(
    name: Annotated[str | None, typer.Argument(help="A data set; without one, all folders.")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Print the folder of a data set, or all folders.

    A folder is printed whether or not it exists.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight._settings import data_folders, home
        from firstlight.cli._columns import aligned
        from firstlight.cli._held import find_held

        if name:
            held = find_held(name)
            out.print(str(held.folder))
            out.result({"dataset": held.name, "path": held.folder, "exists": held.folder.is_dir()})
            return
        own = {"home": home(), **{part: home() / part for part in ("datasets", "imported", "runs")}}
        rows = [(part, str(folder)) for part, folder in own.items()]
        out.print(aligned([*rows, *(("FIRSTLIGHT_DATA", str(folder)) for folder in data_folders())]))
        out.result({**own, "data_folders": [str(folder) for folder in data_folders()]})
