"""`firstlight data get`: obtain the files of data sets, verified."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["get"]


def get(
    names: Annotated[list[str], typer.Argument(help="Data sets, such as mnist or emnist-letters.")],
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Fetch data sets, verified by their hashes.

    Looks in the cache, in FIRSTLIGHT_DATA, at copies that other programs left, then on the network.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._columns import aligned
        from firstlight.cli._held import find_held
        from firstlight.cli._sizes import seconds_text, size_text
        from firstlight.cli._source_progress import drawn_events

        done: list[dict[str, Any]] = []
        for held in [find_held(name) for name in names]:
            began = perf_counter()
            with drawn_events(out, tell_found=False) as on_event:
                files = held.get(on_event)
            seconds = perf_counter() - began
            size = size_text(sum(file.size_bytes for file in files))
            out.print(f"{held.name}: {len(files)} files, {size}, in {held.folder} ({seconds_text(seconds)})")
            rows = [(file.name, size_text(file.size_bytes), f"from {file.origin}") for file in files]
            out.print(aligned(rows, numbers=[1], indent=2))
            done.append({"dataset": held.name, "files": [vars(file) for file in files], "seconds": seconds})
        out.result(done[0] if len(done) == 1 else {"datasets": done})
