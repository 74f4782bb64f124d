"""`firstlight check`: is my implementation right?"""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.checks import CheckReport, CheckResult

__all__ = ["check", "named_values", "parsed_args"]


def check(
    target: Annotated[str, typer.Argument(help="path/file.py:name or package.module:name")],
    kind: Annotated[
        str | None,
        typer.Option(help="optimizer, loss, layer, model ...; found out where it is not given."),
    ] = None,
    like: Annotated[
        str | None, typer.Option(help="What it should be like: adam, cross-entropy, torch.optim.Adam ...")
    ] = None,
    args: Annotated[
        str | None, typer.Option(metavar="JSON", help='Its arguments, such as {"hidden": 64}.')
    ] = None,
    declares: Annotated[
        list[str] | None, typer.Option(metavar="K=V,...", help="What it says of itself.")
    ] = None,
    expect_fail: Annotated[
        list[str] | None, typer.Option(metavar="ID=REASON", help="A check that is known to fail, and why.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what takes long.")] = False,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 0,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write the report as a page.")
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Tell whether your optimizer, loss, layer or model is right.

    TARGET is one of: optimizer, schedule, loss, activation, layer, init, model, data, augment, train,
    evaluate, estimator, embedding.

    It runs in a process of its own, in an empty folder, with limits. Ends with 0 for PASS, 1 for FAIL, 4 for
    INCONCLUSIVE.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.checks import check as checked

        with out.progress("Checking") as bar:
            report = checked(
                target,
                like=like,
                kind=kind,
                args=parsed_args(args),
                declares=named_values("--declares", _split(declares or [])),
                expect_fail=named_values("--expect-fail", expect_fail or []),
                quick=quick,
                seed=seed,
                on_result=lambda result: bar.update(note=_note(result)),
            )
        page = _written(html, report)
        _tell(out, report)
        if page:
            out.say(f"Saved {page}")
        out.result({**report.fields(), **({"html": page} if page else {})})
        raise typer.Exit(report.exit_code)


def parsed_args(text: str | None) -> dict[str, Any]:
    """Return the keyword arguments that somebody typed as JSON.

    Raises
    ------
    UsageError
        It is no JSON, or no object.

    Examples
    --------
    >>> parsed_args('{"hidden": 64}')
    {'hidden': 64}
    """
    from firstlight._errors import UsageError

    cure = """Write an object of names and values, such as --args '{"hidden": 64}'."""
    try:
        value = json_format.loads(text or "{}")
    except ValueError as error:
        raise UsageError(f"--args is no JSON: {error}. {cure}") from error
    if not isinstance(value, dict):
        raise UsageError(f"--args is {value!r}. {cure}")
    return value


def named_values(option: str, pairs: list[str]) -> dict[str, str]:
    """Return what somebody typed as ``name=value``.

    Raises
    ------
    UsageError
        There is no "=", or a name is empty or given twice.

    Examples
    --------
    >>> named_values("--expect-fail", ["O13=no state_dict yet"])
    {'O13': 'no state_dict yet'}
    """
    from firstlight._errors import UsageError

    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value) or name in values:
            raise UsageError(f"{option} is name=value, each name once; got {pair!r}.")
        values[name] = value
    return values


def _split(texts: list[str]) -> list[str]:
    return [pair for text in texts for pair in text.split(",") if pair.strip()]


def _note(result: CheckResult) -> str:
    return f"{result.id} {result.name}: {result.status}"


def _written(path: Path | None, report: CheckReport) -> str | None:
    if path is None:
        return None
    from firstlight.checks import write_page

    return str(write_page(report, path))


def _tell(out: Output, report: CheckReport) -> None:
    from rich.text import Text

    from firstlight.checks import report_text

    colours = {
        "PASS": "bold bright_green",
        "FAIL": "bold bright_red",
        "INCONCLUSIVE": "bold bright_yellow",
        "FAILED": "bright_red",
    }
    text = Text(report_text(report, width=out.stdout.width))
    for word, style in colours.items():
        text.highlight_regex(rf"(?m)^{word}\b", style)
    text.highlight_regex(
        r"(?m)^ *(expected|seen|where|cause|fix|likely|checked|unseen|left out|caught|note)\b", "dim"
    )
    out.print(text)
