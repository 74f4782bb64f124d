"""Laws over the whole package: public names, sizes of files and functions, what may be imported when."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import firstlight

SOURCE = Path(firstlight.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
PACKAGES = [
    "firstlight",
    *(f"firstlight.{module.name}" for module in pkgutil.iter_modules([str(SOURCE)]) if module.ispkg),
]


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_there_once(package: str) -> None:
    module = importlib.import_module(package)
    assert len(module.__all__) == len(set(module.__all__))  # ruff keeps them sorted
    for public in module.__all__:
        assert getattr(module, public) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_public_things_are_documented(package: str) -> None:
    module = importlib.import_module(package)
    for public in module.__all__:
        thing = getattr(module, public)
        if callable(thing) and (thing.__module__ or "").startswith("firstlight"):
            assert thing.__doc__, f"{package}.{public} has no docstring"


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every library file, parsed. One test judges all of them: a test for each would take longer than its rule."""
    return {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def test_files_are_short_and_functions_shorter(trees: dict[str, ast.Module]) -> None:
    long = [name(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 500]
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
                if lines > 60:
                    long.append(f"{file}: {node.name} has {lines} lines")
    assert not long


def test_library_files_start_with_an_underscore_and_say_what_they_are(trees: dict[str, ast.Module]) -> None:
    names = [file.rpartition("/")[2] for file in trees]
    assert not [file for file in names if not file.startswith("_") or re.search(r"util|helper|misc", file)]
    assert not [file for file, tree in trees.items() if not ast.get_docstring(tree)]


def test_importing_firstlight_loads_nothing_heavy() -> None:
    program = (
        "import sys, firstlight, firstlight.cli\n"
        "heavy = {'torch', 'numpy', 'requests', 'pypi_simple', 'PIL', 'jinja2', 'safetensors'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_public_interface() -> None:
    assert set(dir(firstlight)) == {*firstlight.__all__, "__version__"}
    with pytest.raises(AttributeError, match="module 'firstlight' has no attribute 'lode'"):
        firstlight.lode  # noqa: B018
