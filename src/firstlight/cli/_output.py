"""What every command says, and where: answers on stdout, messages on stderr, one JSON object on request.

A command is parse -> call -> print, and looks like this::

    def get(name: str, json: JsonFlag = False, quiet: QuietFlag = False) -> None:
        \"\"\"Fetch a data set.\"\"\"
        with command(json=json, quiet=quiet) as out:
            out.say("Looking for the files")               # stderr; silent under --quiet
            with out.progress("Fetching", total=4) as bar: # stderr; drawn on a terminal only
                bar.update(done=1, note="train-images")
            out.print(table)                 # stdout, text or any rich drawing; silent under --json
            out.result({"dataset": name})    # under --json: the one object, with "schema": 1 first

`command` writes the object when its block is left, so that stdout holds exactly one: the result or the error.
Whatever else is printed to ``sys.stdout`` inside the block under ``--json`` is sent to stderr.

How a block may end:

================================  ====================================================  =========
what happens                      what is said                                          exit code
================================  ====================================================  =========
nothing                           the result                                            0
``raise typer.Exit(code)``        the result                                            ``code``
wrong words (`BadParameter`)      how to use it, an error object under --json           2
a `FirstlightError`               its message on stderr, an error object under --json   its own
Ctrl-C                            "Interrupted." and an error object under --json       130
a closed pipe (``| head``)        nothing                                               0
any other exception: a bug        the traceback, an error object under --json           1
================================  ====================================================  =========
"""

from __future__ import annotations

import json as json_format
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from firstlight._errors import FirstlightError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from firstlight.cli._progress import Bar

__all__ = ["ArgumentError", "JsonFlag", "Output", "QuietFlag", "command", "discard_stdout", "json_text"]

JsonFlag = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages on stderr.")]

# typer hands out one leaf of its tree of usage errors; this is the root that all of them share.
ArgumentError: type[Exception] = typer.BadParameter.__mro__[2]
SCHEMA = 1
INTERRUPTED = 130
PLAIN_WIDTH = 120


@contextmanager
def command(*, json: bool = False, quiet: bool = False) -> Iterator[Output]:
    """Run the body of one command: say what it says in the right places, and end with the right exit code.

    Parameters
    ----------
    json
        Print one JSON object on stdout and nothing else there.
    quiet
        Print neither progress nor messages on stderr. Errors are still printed.

    Raises
    ------
    typer.Exit
        With the exit code of the error that left the block; see the table above.
    """
    out = Output(json=json, quiet=quiet)
    stdout = sys.stdout
    try:
        with redirect_stdout(sys.stderr if json else stdout):
            yield out
    except typer.Exit:
        out._write_result(stdout)
        raise
    except ArgumentError:
        raise  # `main` tells it, together with how the command is used
    except BrokenPipeError as error:
        discard_stdout()
        raise typer.Exit(0) from error
    except FirstlightError as error:
        raise typer.Exit(_report(error, exit_code=error.exit_code, json=json, stdout=stdout)) from error
    except (KeyboardInterrupt, typer.Abort) as error:
        interrupted = KeyboardInterrupt("Interrupted.")
        raise typer.Exit(_report(interrupted, exit_code=INTERRUPTED, json=json, stdout=stdout)) from error
    except Exception as error:
        if json:
            typer.echo(json_text(_error_fields(error)), file=stdout)
        raise
    out._write_result(stdout)


class Output:
    """The two streams of one command. Made by `command`; does not decide what is worth saying.

    Parameters
    ----------
    json
        Whether stdout is kept for one JSON object.
    quiet
        Whether stderr is kept for errors.
    """

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json = json
        self.quiet = quiet
        self._result: dict[str, Any] | None = None

    def print(self, *drawings: RenderableType) -> None:
        """Print text or rich drawings as the answer on stdout; nothing under ``--json``."""
        if not self.json:
            for drawing in drawings:
                if isinstance(drawing, str):
                    sys.stdout.write(f"{drawing}\n")
                else:
                    self.stdout.print(drawing)

    def say(self, *drawings: RenderableType) -> None:
        """Print a message on stderr; nothing under ``--quiet``."""
        if not self.quiet:
            for drawing in drawings:
                if isinstance(drawing, str):
                    # Not typer.echo, which would write past the bar that rich may be drawing at the moment.
                    sys.stderr.write(f"{drawing}\n")
                else:
                    self.stderr.print(drawing)

    def result(self, fields: Mapping[str, Any]) -> None:
        """Keep the fields of the JSON object; the last call wins, ``schema`` is added."""
        self._result = {"schema": SCHEMA, **fields}

    def confirm(self, question: str, *, cure: str) -> None:
        """Ask on the terminal whether to go on.

        Parameters
        ----------
        question
            A yes-or-no question.
        cure
            The option that answers it beforehand, such as ``"--yes"``, for when nobody is there to be asked.

        Raises
        ------
        UsageError
            Stdin or stderr is no terminal, so that there is nobody to ask.
        typer.Exit
            The answer was no.
        """
        from firstlight._errors import UsageError

        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(f"{question} There is no terminal to ask on. Add {cure} to go ahead.")
        if not typer.confirm(question, err=True):
            self.result({"cancelled": True})
            self.say("Nothing was changed.")
            raise typer.Exit(0)

    @contextmanager
    def progress(self, title: str, *, total: float | None = None, unit: str = "") -> Iterator[Bar]:
        """Draw one progress bar on stderr while the block runs; nothing where stderr is no terminal.

        Parameters
        ----------
        title
            What is being done, a word or two.
        total
            How many units make the whole; None when it is not known.
        unit
            ``"bytes"`` draws megabytes, rate and time left; any other word is put after the count.
        """
        from firstlight.cli._progress import Bar

        with Bar(self.stderr if self.is_live else None, title, total=total, unit=unit) as bar:
            yield bar

    @property
    def is_live(self) -> bool:
        """Whether stderr is a terminal on which lines may be redrawn, and nobody asked for quiet."""
        return (
            not self.quiet and sys.stderr.isatty() and os.environ.get("TERM", "") not in {"dumb", "unknown"}
        )

    @property
    def has_colour(self) -> bool:
        """Whether colours may be used on stdout: it is a terminal that has them, and NO_COLOR is not set."""
        return self.stdout.color_system is not None

    @property
    def has_blocks(self) -> bool:
        """Whether stdout's encoding has block characters such as "▀"."""
        try:
            "▀░".encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return False
        return True

    @cached_property
    def stdout(self) -> Console:
        """The console of rich on stdout; swallows everything under ``--json``."""
        return _console(sys.stdout, quiet=self.json)

    @cached_property
    def stderr(self) -> Console:
        """The console of rich on stderr; swallows everything under ``--quiet``."""
        return _console(sys.stderr, quiet=self.quiet)

    def _write_result(self, stdout: TextIO) -> None:
        if self.json:
            assert self._result is not None, "every command calls out.result()"
            typer.echo(json_text(self._result), file=stdout)


def discard_stdout() -> None:
    """Send the rest of stdout nowhere: its reader has gone, and Python's last flush would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json_text(fields: Mapping[str, Any]) -> str:
    """Return one line of JSON. Not a number and infinity raise ValueError: JSON has no such values.

    Examples
    --------
    >>> json_text({"schema": 1, "path": Path("a")})
    '{"schema": 1, "path": "a"}'
    """
    return json_format.dumps(fields, default=_plain, allow_nan=False)


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"A result holds numbers, text, lists, mappings and paths; got {type(value).__name__}.")


def _error_fields(error: BaseException) -> dict[str, Any]:
    return {"schema": SCHEMA, "error": {"type": type(error).__name__, "message": str(error)}}


def _report(error: BaseException, *, exit_code: int, json: bool, stdout: TextIO) -> int:
    typer.echo(f"Error: {error}" if isinstance(error, FirstlightError) else f"\n{error}", err=True)
    if json:
        typer.echo(json_text(_error_fields(error)), file=stdout)
    return exit_code


def _console(file: TextIO, *, quiet: bool) -> Console:
    from rich.console import Console

    plain = bool(os.environ.get("NO_COLOR")) or not file.isatty()
    width = None if file.isatty() else int(os.environ.get("COLUMNS") or PLAIN_WIDTH)
    # No colour system: rich then writes no escape code at all, where no_color would still write bold and dim.
    return Console(
        file=file,
        quiet=quiet,
        width=width,
        color_system=None if plain else "auto",
        highlight=False,
        markup=False,
    )
