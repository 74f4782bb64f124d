"""`firstlight data rm`: take a data set out of the cache."""

from __future__ import annotations

from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

__all__ = ["rm"]


def rm(
    name: Annotated[str, typer.Argument(help="A data set that was fetched or imported.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Remove a data set from the cache.

    Files outside of the cache are never touched.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._held import find_held
        from firstlight.cli._sizes import size_text

        held = find_held(name)
        held.check_removable()
        if not yes:
            out.confirm(f"Remove {held.name} from {held.folder}?", cure="--yes")
        freed_bytes = held.remove()
        out.print(
            f"{held.name}: {size_text(freed_bytes)} freed" if freed_bytes else f"{held.name} was not here"
        )
        out.result({"dataset": held.name, "freed_bytes": freed_bytes})
