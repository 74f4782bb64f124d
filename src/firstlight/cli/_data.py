"""`firstlight data`: fetch, look at, check, bring in and hand out data sets."""

from __future__ import annotations

import typer

from firstlight.cli._data_list import list_
from firstlight.cli._data_show import show

__all__ = ["app"]

app = typer.Typer(
    help="Data sets: fetch, look at, check, bring in, hand out.", rich_markup_mode=None, no_args_is_help=True
)
app.command("list")(list_)
app.command("show")(show)
