"""Kept runs that nobody trained: a record is all that a comparison over seeds reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firstlight.recipes import find_recipe
from firstlight.training import EpochDone, RunRecord

Keep = Callable[..., RunRecord]


@pytest.fixture
def run_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the test's own."""
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def keep(run_home: Path) -> Keep:
    """Keep the record of a run below ``runs``, or in a sweep."""

    def kept(
        recipe: str, seed: int, accuracy: float | None, *, sweep: str | None = None,
        validation: float | None = None, settings: dict[str, Any] | None = None, **changes: Any,
    ) -> RunRecord:  # fmt: skip
        started = changes.pop("started", "2026-11-22T10:00:00+00:00")
        history = (EpochDone(1.0, 1, 0.1, 0.9, validation, 1.0),) if validation is not None else ()
        record = RunRecord(
            recipe=recipe, dataset="mnist", seed=seed,
            settings=find_recipe(recipe).settings | (settings or {}), status="finished", started=started,
            train_count=55_000 if history else 60_000, validation_count=5_000 if history else 0,
            validation_accuracy=validation, test_accuracy=accuracy,
            test_count=None if accuracy is None else 10_000, history=history,
        )  # fmt: skip
        record = replace(record, **changes)
        parent = run_home / "sweeps" / sweep / "runs" if sweep else run_home / "runs"
        words = ",".join(f"{key}={value}" for key, value in (settings or {}).items())
        name = f"{started}-{record.dataset}-{record.train_count}-{recipe}-{words}-{seed}".replace(":", "")
        (parent / name).mkdir(parents=True)
        (parent / name / "run.json").write_text(json.dumps(record.to_json()))
        return record

    return kept
