"""The vocabulary and its table in the documentation are one (oracle: the page)."""

from __future__ import annotations

import re
from pathlib import Path

from firstlight.checks import FAMILIES

PAGE = Path(__file__).parents[2] / "docs" / "check.md"


def test_the_page_has_each_family_with_its_meaning() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| family | what is wrong |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| ([\w-]+) \| (.+) \|$", table, re.MULTILINE))
    del rows["---"]  # the line below the heading
    assert rows == FAMILIES
