"""`firstlight data adopt`: take copies that are here already into the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["adopt"]


def adopt(
    path: Annotated[Path, typer.Argument(help="A file, or a folder to search.")],
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Take copies that you have already into the cache.

    They are known by their hashes, whatever they are called, and left as they are.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._columns import aligned
        from firstlight.cli._source_progress import drawn_events
        from firstlight.sources import adopt as adopt_path

        with drawn_events(out, tell_found=False) as on_event:
            adopted = adopt_path(path, on_event=on_event)
        out.print(aligned([(one.dataset, one.member, f"from {one.path}") for one in adopted]))
        out.result(
            {"files": [{"dataset": one.dataset, "name": one.member, "from": one.path} for one in adopted]}
        )
