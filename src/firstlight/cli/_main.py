"""The console script: all commands, and what happens around them."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

from firstlight.cli import (
    _audit,
    _bands,
    _check,
    _compare,
    _data,
    _export,
    _map,
    _predict,
    _report,
    _runs,
    _studio,
    _sweep,
    _train,
)
from firstlight.cli._front_page import front_page, print_version
from firstlight.cli._output import (
    INTERRUPTED,
    SCHEMA,
    ArgumentError,
    JsonFlag,
    QuietFlag,
    discard_stdout,
    json_text,
)

__all__ = ["app", "main"]

# Without rich's markup, --help neither imports rich nor waits for it.
app = typer.Typer(
    name="firstlight",
    help="MNIST made a first-class instrument: load it, train on it, see it, check your code against it.",
    epilog="Exit codes: 0 ok, 1 failed, 2 usage, 3 data missing or corrupt, 4 inconclusive, 130 interrupted.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(_data.app, name="data")
app.command()(_train.train)
app.command()(_sweep.sweep)
app.command()(_runs.runs)
app.command()(_compare.compare)
app.command()(_report.report)
app.command()(_check.check)
app.command()(_audit.audit)
app.command()(_bands.bands)
app.command("map")(_map.draw_map)
app.command()(_predict.predict)
app.command()(_export.export)
app.add_typer(_studio.app, name="studio")


@app.callback(invoke_without_command=True)
def _without_command(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    if context.invoked_subcommand is None and version:
        print_version(json=json, quiet=quiet)
    elif context.invoked_subcommand is None:
        front_page(json=json, quiet=quiet)
    elif version or json or quiet:
        raise typer.BadParameter(
            f"Options go behind the command: firstlight {context.invoked_subcommand} ... --json"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code.

    Parameters
    ----------
    arguments
        The words behind ``firstlight``; None takes the process's own.
    """
    owns_process = arguments is None
    words = list(sys.argv[1:] if owns_process else arguments or ())
    if owns_process:
        # Importing torch makes half a million objects. Python's collector of cycles would walk over them time
        # after time, and once more at the very end: half a second in all, which finds nothing.
        gc.set_threshold(100_000, 50, 50)
        atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # a terminal that has no half blocks shows "?", not a traceback
    sys.exit(_exit_code(words))


def _exit_code(words: list[str]) -> int:
    try:
        code = _run(words)
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        discard_stdout()
        return 0
    except SystemExit as error:
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        discard_stdout()  # typer met the closed pipe first, while it printed the help
        return 0
    return code


def _run(words: list[str]) -> int:
    try:
        code = app(words, prog_name="firstlight", standalone_mode=False)
    except ArgumentError as error:
        return _report_usage(error, words)
    return code if isinstance(code, int) else 0


def _report_usage(error: Exception, words: list[str]) -> int:
    error.show()  # type: ignore[attr-defined]
    if "--json" in words:
        fields = {"type": "UsageError", "message": error.format_message()}  # type: ignore[attr-defined]
        typer.echo(json_text({"schema": SCHEMA, "error": fields}))
    return int(error.exit_code)  # type: ignore[attr-defined]
