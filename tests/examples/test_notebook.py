"""The notebook runs from top to bottom in one process, and what its cells end with can be shown."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "first_hour.ipynb"
# What a notebook does with the last expression of a cell, as far as text goes.
DISPLAY = """
def display(value):
    if value is not None:
        print(value._repr_html_() if hasattr(value, "_repr_html_") else repr(value))
"""


@pytest.fixture(scope="module")
def cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return found


def test_it_is_kept_without_outputs(cells: list[dict[str, Any]]) -> None:
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), "Clear all outputs, and save"


def test_it_runs_from_top_to_bottom(cells: list[dict[str, Any]], tmp_path: Path, warm_python: Any) -> None:
    code = [displaying("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    program = "\n".join([DISPLAY, *code])
    exit_code, stdout, stderr = warm_python(program, NOTEBOOK.name, tmp_path)
    assert exit_code == 0, stderr
    assert "<strong>The MNIST database" in stdout
    assert re.search(r"Run\(mlp-fast on mnist, seed 0: 9[78]\.", stdout)
    assert "was taken for a" in stdout
    assert "FAIL - A softmax is at the end of the network" in stdout


def displaying(source: str) -> str:
    """Return a cell's code, which shows its last expression."""
    tree = ast.parse(source)
    if isinstance(tree.body[-1], ast.Expr):
        shown = ast.Call(ast.Name("display", ast.Load()), [tree.body[-1].value], [])
        tree.body[-1] = ast.Expr(shown)
    return ast.unparse(ast.fix_missing_locations(tree))
