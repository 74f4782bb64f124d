"""Laws for every command: help, --json, --quiet, a place in the documentation. Kind: behaviour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from firstlight.cli import app

ROOT = Path(__file__).parents[2]


def commands(group: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))
every_command = pytest.mark.parametrize("name", COMMANDS, ids=" ".join)


def pages() -> list[Path]:
    return [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))) if page.is_file()]


def test_the_commands_are_found() -> None:
    assert ("train",) in COMMANDS
    assert ("data", "show") in COMMANDS
    assert len(COMMANDS) >= 11


@every_command
def test_it_has_help_that_fits_on_a_line(name: tuple[str, ...]) -> None:
    first = (COMMANDS[name].help or "").split("\n\n")[0]
    assert first.endswith(".")
    assert 10 <= len(first) <= 65, "else the list of commands cuts it"


@every_command
def test_each_of_its_options_has_help(name: tuple[str, ...]) -> None:
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", None), f"{' '.join(name)}: {parameter.name}"


@every_command
def test_it_takes_json_and_quiet(name: tuple[str, ...]) -> None:
    flags = {flag for parameter in COMMANDS[name].params for flag in parameter.opts}
    assert {"--json", "--quiet", "-q"} <= flags


@every_command
def test_it_is_in_the_documentation(name: tuple[str, ...]) -> None:
    call = f"firstlight {' '.join(name)}"
    assert any(call in page.read_text(encoding="utf-8") for page in pages()), f"`{call}` is in no page"


@every_command
def test_its_help_answers(name: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*name, "--help"])
    assert shown.exit_code == 0
    assert "Usage:" in shown.stdout
    assert "--json" in shown.stdout
