"""`firstlight data`: fetch, look at, check, bring in and hand out data sets."""

from __future__ import annotations

import typer

__all__ = ["app"]

app = typer.Typer(
    help="Data sets: fetch, look at, check, bring in, hand out.", rich_markup_mode=None, no_args_is_help=True
)


@app.command("list")
def list_() -> None:
    """List."""
