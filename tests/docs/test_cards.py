"""Oracle: the package's own table of data sets and registry of files, which docs/cards.md must not drift from."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from firstlight.datasets import list_datasets
from firstlight.sources import REGISTRY


@pytest.fixture
def cards(docs_script: Callable[[str], ModuleType]) -> ModuleType:
    return docs_script("make_cards")


def test_the_page_is_what_the_package_knows_now(cards: ModuleType) -> None:
    assert cards.PAGE.read_text(encoding="utf-8") == cards.page(), "Run: python docs/make_cards.py"


def test_every_data_set_and_every_hash_is_told(cards: ModuleType) -> None:
    page = cards.page()
    for info in list_datasets():
        assert f"| `{info.name}` |" in page
        assert f'`fl.load("{info.name}")`' in page
    for files in REGISTRY.values():
        for file in files:
            assert (file.sha256 or file.md5) in page
