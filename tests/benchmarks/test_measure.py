"""The measuring tools of the benchmarks: counts, statistics and the day's file (behaviour)."""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2] / "benchmarks" / "_measure.py"


@pytest.fixture(scope="module")
def measure():
    spec = importlib.util.spec_from_file_location("benchmarks_measure", PLACE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def test_a_timing_is_what_statistics_says(measure):
    seconds = [0.3, 0.1, 0.2, 0.6]
    timing = measure.Timing.of(seconds)
    assert (timing.n, timing.min, timing.max, timing.median) == (4, 0.1, 0.6, 0.25)
    assert timing.mean == pytest.approx(statistics.mean(seconds))
    assert timing.sd == pytest.approx(statistics.stdev(seconds))
    assert measure.Timing.of([2.0]).sd == 0
    assert str(timing) == "300 ms (sd 216, 100 to 600, n=4)"


def test_each_run_is_made_as_often_as_was_asked_and_in_turn(measure):
    calls: list[str] = []
    runs = {name: (lambda name=name: calls.append(name)) for name in "ab"}
    timings = measure.interleaved(runs, n={"a": 10, "b": 2}, warm_up=1)
    assert {name: timing.n for name, timing in timings.items()} == {"a": 10, "b": 2}
    assert "".join(calls) == "ab" + "abaaaaabaaaa"


def test_the_days_file_keeps_other_benchmarks(measure, tmp_path):
    timing = measure.timed(lambda: None, n=3)
    first = measure.save("loader", {"timings": {"ours": timing}, "ratio": 2.0}, folder=tmp_path)
    second = measure.save("startup", {"holds": True}, folder=tmp_path)
    measure.save("startup", {"holds": False}, folder=tmp_path)
    assert first == second
    assert first.parent.parent == tmp_path
    written = json.loads(first.read_text())
    assert set(written) == {"loader", "startup"}
    assert written["startup"]["results"] == {"holds": False}
    assert written["loader"]["results"]["timings"]["ours"]["n"] == 3
    assert {"processor", "cores", "torch"} <= set(written["loader"]["machine"])
