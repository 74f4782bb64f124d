"""Laws over the documentation: every Python block runs, every link and every file that is named exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_python_block_of_a_page_runs(page: Path, tmp_path: Path, warm_python: Any) -> None:
    program = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    if not program:
        return
    code, _, stderr = warm_python(program, name(page), tmp_path)
    assert code == 0, stderr


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{name(page)} links to {target}, which does not exist"


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    check = (ROOT / "docs/check.md").read_text(encoding="utf-8")
    for page in PAGES[1:]:
        assert name(page) in readme or f"]({page.relative_to(ROOT / 'docs').as_posix()})" in check
