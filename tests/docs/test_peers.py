"""The README's table of other tools holds what was measured, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def peers(docs_script: Callable[[str], ModuleType]) -> ModuleType:
    return docs_script("make_peers")


def test_the_readme_tells_what_was_measured(peers: ModuleType) -> None:
    shown = peers.PAGE.read_text(encoding="utf-8")
    for row in peers.table().splitlines():
        assert row in shown, "Run: python docs/make_peers.py"
    assert "| torchvision |" in shown
    assert "| torchtest2 |" in shown


def test_what_was_not_measured_has_no_row(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "RESULTS", tmp_path)
    assert list(peers.rows()) == []
    kept = tmp_path / peers.MACHINE
    kept.mkdir()
    for day, seconds in (("2026-01-02", 90.0), ("2026-01-01", 50.0)):
        times = {"firstlight train": {"mean": 4.0}, "article": {"mean": seconds}}
        (kept / f"{day}.json").write_text(json.dumps({"whole_process": {"results": times}}))
    told = [row[:4] for row in peers.rows()]
    assert [(ours, theirs) for _, _, ours, theirs in told] == [("4.0 s", "90.0 s for the article's program")]
    wrong = [
        {"name": name, "is_wrong": True, "says": {"torchtest2": verdict}}
        for name, verdict in (("a", "FAIL"), ("b", "PASS"), ("c", "-"))
    ]
    seen = [{"name": name, "is_wrong": True, "verdict": "FAIL"} for name in "ac"]
    for file, lines in (("litmus-peers.jsonl", wrong), ("litmus.jsonl", seen)):
        (tmp_path / file).write_text("\n".join(map(json.dumps, lines)))
    assert list(peers.rows())[1:] == [
        (
            "torchtest2",
            "2 wrong implementations that it has a place for",
            "1 found",
            "1 found",
            "litmus --peers",
        )
    ]
