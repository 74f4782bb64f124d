"""Behaviour: which kept runs a name stands for, and what is said of names that stand for none or too many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firstlight._errors import DataMissingError, UnknownNameError, UsageError
from firstlight.evaluation import find_series
from firstlight.recipes import find_recipe


def seeds(name: str, **options: Any) -> list[int]:
    return sorted(record.seed for record in find_series(name, **options).records)


def test_a_recipe_is_all_its_unchanged_runs_wherever_they_lie(keep) -> None:
    keep("mlp", 0, 0.98)
    keep("mlp", 1, 0.98, sweep="many")
    keep("mlp", 2, 0.98, settings={"epochs": 9})
    keep("mlp", 3, None, status="interrupted")
    keep("mlp-fast", 4, 0.97)
    assert seeds("mlp") == seeds("MLP") == [0, 1]
    assert seeds("mlp-fast") == [4]
    assert find_series("mlp").name == "mlp"


def test_a_sweep_by_name_and_by_folder(keep, run_home: Path) -> None:
    for seed in range(3):
        keep("mlp", seed, 0.98, sweep="many")
    keep("mlp", 7, 0.98)
    assert seeds("many") == seeds(str(run_home / "sweeps" / "many")) == [0, 1, 2]
    assert seeds(str(run_home / "runs")) == [7]


def test_settings_narrow_a_sweep(keep) -> None:
    usual = find_recipe("mlp").settings["optimizer"]
    for seed in range(2):
        for rate in (0.001, 0.01):
            changed = {"optimizer": usual | {"learning_rate": rate}}
            keep("mlp", seed, 0.98, sweep=f"grid{rate}", settings=changed)
            keep("mlp", seed, 0.98, sweep="grid", settings=changed, started=f"2026-{rate}")
    with pytest.raises(
        UsageError, match=r"optimizer.learning_rate 0.001, 0.01. Choose: grid:learning_rate=0.001"
    ):
        find_series("grid")
    narrow = find_series("grid:learning_rate=1e-2")
    assert {record.settings["optimizer"]["learning_rate"] for record in narrow.records} == {0.01}
    assert seeds("grid:learning-rate=0.01,epochs=4") == [0, 1]
    assert len(find_series("mlp:optimizer.learning_rate=0.01").records) == 4
    with pytest.raises(DataMissingError, match=r"No finished run of grid:learning_rate=0.5 is kept"):
        find_series("grid:learning_rate=0.5")
    with pytest.raises(DataMissingError, match=r"No finished run of grid:rate=0.01 is kept"):
        find_series("grid:rate=0.01")


def test_words_are_settings_too(keep) -> None:
    keep("mlp", 0, 0.98, settings={"augment": None})
    assert seeds("mlp:augment=none,kind=adamw") == [0]


def test_one_data_set_and_one_recipe_at_a_time(keep) -> None:
    keep("mlp", 0, 0.98)
    keep("mlp", 0, 0.88, dataset="fashion-mnist")
    with pytest.raises(UsageError, match=r"2 data sets: fashion-mnist, mnist. Choose one: --dataset NAME"):
        find_series("mlp")
    assert seeds("mlp", dataset="mnist") == [0]
    with pytest.raises(DataMissingError, match=r"No finished run of mlp on cifar10 .* firstlight sweep mlp"):
        find_series("mlp", dataset="cifar10")
    keep("mlp", 0, 0.98, sweep="both")
    keep("mlp-fast", 0, 0.97, sweep="both")
    with pytest.raises(UsageError, match="of 2 recipes: mlp, mlp-fast"):
        find_series("both")


def test_a_name_that_nobody_knows(keep) -> None:
    keep("mlp", 0, 0.98, sweep="my-sweep")
    with pytest.raises(UnknownNameError, match=r"no run, recipe or sweep 'my-swep'. Did you mean 'my-sweep'"):
        find_series("my-swep")
    with pytest.raises(UnknownNameError, match="no run, recipe or sweep 'C:/nowhere'"):
        find_series("C:/nowhere")
