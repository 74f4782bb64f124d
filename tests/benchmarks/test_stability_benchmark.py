"""What the measurements of verdicts make of their lines. Kind: behaviour, on made-up lines."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # from where `python -m benchmarks.stability` is called
stability = importlib.import_module("benchmarks.stability")
verdict_time = importlib.import_module("benchmarks.verdict_time")


def lines(name: str, *verdicts: str, is_wrong: bool = True) -> list[dict[str, Any]]:
    return [
        {"name": name, "kind": "loss", "is_wrong": is_wrong, "seed": seed, "verdict": verdict}
        for seed, verdict in enumerate(verdicts)
    ]


def test_the_sample_is_always_the_same_and_has_both_halves() -> None:
    drawn = stability.sample(["loss"], 3)
    assert drawn == stability.sample(["loss"], 3)
    assert [entry.is_wrong for entry in drawn] == [True] * 3 + [False] * 3


def test_a_longer_sample_begins_with_the_shorter_one() -> None:
    assert stability.sample(["loss"], 5)[:3] == stability.sample(["loss"], 3)[:3]


def test_each_entry_is_measured_against_its_own_most_frequent_verdict() -> None:
    rows = stability.table([*lines("a", "FAIL", "FAIL", "PASS"), *lines("b", "PASS", "PASS", is_wrong=False)])
    assert (rows["wrong ones"]["same"], rows["wrong ones"]["runs"]) == (2, 3)
    assert rows["right ones"]["share"] == 1.0
    assert rows["all"]["unsteady"] == ["a: 2 FAIL, 1 PASS"]


@pytest.mark.parametrize(("odd", "verdict"), [(2, True), (3, False)])
def test_the_claim_wants_99_percent_of_either_half(odd: int, verdict: bool) -> None:
    wrong = lines("a", *["FAIL"] * (200 - odd), *["PASS"] * odd)
    right = lines("b", *["PASS"] * 200, is_wrong=False)
    assert stability.holds(stability.table([*wrong, *right])) is verdict


def test_few_runs_are_no_claim() -> None:
    assert stability.holds(stability.table(lines("a", "FAIL"))) is None


def test_slow_verdicts_break_the_claim_of_their_kind() -> None:
    line = {"name": "a", "whole": 20.0, "checks": 1.0, "first": 4.0}
    rows = verdict_time.table([{**line, "kind": "loss"}, {**line, "kind": "model", "first": None}])
    assert verdict_time.broken_claims(rows) == [
        "loss, whole: p95 20.0 s, at most 15 s",
        "loss, first: p95 4.0 s, at most 3 s",
        "all, first: p95 4.0 s, at most 3 s",
    ]
