"""`firstlight data`: fetch, look at, check, bring in and hand out data sets."""

from __future__ import annotations

import typer

from firstlight.cli._data_adopt import adopt
from firstlight.cli._data_export import export
from firstlight.cli._data_get import get
from firstlight.cli._data_import import import_
from firstlight.cli._data_list import list_
from firstlight.cli._data_rm import rm
from firstlight.cli._data_show import show
from firstlight.cli._data_verify import verify
from firstlight.cli._data_where import where

__all__ = ["app"]

app = typer.Typer(
    help="Data sets: fetch, look at, check, bring in, hand out.", rich_markup_mode=None, no_args_is_help=True
)
app.command("list")(list_)
app.command("get")(get)
app.command("show")(show)
app.command("verify")(verify)
app.command("adopt")(adopt)
app.command("import")(import_)
app.command("export")(export)
app.command("where")(where)
app.command("rm")(rm)
