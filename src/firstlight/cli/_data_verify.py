"""`firstlight data verify`: hash the files again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.cli._held import Check, Imported, Published

__all__ = ["verify"]

DAMAGED = 3


def verify(
    name: Annotated[str | None, typer.Argument(help="A data set; without one, all that is here.")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Hash the files again, and exit 3 when one is damaged.

    A file that is missing counts only where its data set was named.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._columns import aligned
        from firstlight.cli._held import find_held

        chosen = [find_held(name)] if name else _all_held()
        with out.progress("Hashing", total=len(chosen), unit="data sets") as bar:
            checks: list[Check] = []
            for place, held in enumerate(chosen):
                bar.update(place, note=held.name)
                checks += held.check(None)
        if not name:
            checks = [check for check in checks if check.status != "missing"]
        bad = [check for check in checks if check.status != "ok"]
        rows = [(check.dataset, check.name, check.status, check.reason) for check in checks]
        out.print(aligned(rows) if rows else "There is nothing to verify: the cache is empty.")
        out.say(*(_cures(bad) if bad else ()))
        out.result({"is_ok": not bad, "files": [vars(check) for check in checks]})
        if bad:
            raise typer.Exit(DAMAGED)


def _cures(bad: list[Check]) -> list[str]:
    from firstlight.datasets import imported_names

    cures = []
    for name in dict.fromkeys(check.dataset for check in bad):
        is_damaged = any(check.status == "damaged" for check in bad if check.dataset == name)
        if name in imported_names():
            cures.append(
                f"Import it again: firstlight data rm {name} --yes && firstlight data import PATH {name}"
            )
        elif is_damaged:  # to get it is not enough: a file that looks unchanged is not read again
            cures.append(f"Get it anew: firstlight data rm {name} --yes && firstlight data get {name}")
        else:
            cures.append(f"Get it: firstlight data get {name}")
    return cures


def _all_held() -> list[Published | Imported]:
    """All data sets of which at least one file is here."""
    from firstlight.cli._held import find_held
    from firstlight.datasets import imported_names
    from firstlight.sources import cached

    published = dict.fromkeys(file.dataset for file in cached())
    return [find_held(name) for name in (*published, *imported_names())]
