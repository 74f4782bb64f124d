"""Plans of sweeps: keys, grids, identity, workers. Kind: behaviour; the worker tables are worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from firstlight._errors import MissingExtraError, UnknownNameError, UsageError
from firstlight.recipes import adjusted, find_recipe
from firstlight.training import SweepPlan, SweepTask, check_sweep, parse_grid
from firstlight.training import _sweep_workers as workers_module
from firstlight.training._sweep_grid import adjustable, checked_grid
from firstlight.training._sweep_workers import local_workers

FAST = find_recipe("mlp-fast")


def plan(**changes: Any) -> SweepPlan:
    fields: dict[str, Any] = {
        "recipe": FAST, "dataset": "mnist", "data_sha256": "0" * 64, "grid": (), "seeds": range(3),
    }  # fmt: skip
    return SweepPlan(**{**fields, **changes})


def test_a_grid_is_read_in_the_types_that_the_recipe_takes() -> None:
    grid = parse_grid(["batch-size=128, 256", "learning_rate=0.1,1e-3"])
    assert grid == {"batch_size": [128, 256], "learning_rate": [0.1, 0.001]}
    assert all(isinstance(value, int) for value in grid["batch_size"])


def test_every_setting_that_adjusted_takes_can_be_varied() -> None:
    assert {"epochs", "batch_size", "learning_rate"} <= set(adjustable())
    for name, kind in adjustable().items():
        assert kind in {int, float, bool, str}, name


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["epochz=1"], "no setting 'epochz'. Did you mean 'epochs'"),
        (["epochs"], r"takes key=value,value,...; got 'epochs'"),
        (["epochs=1", "epochs=2"], r"'epochs' is given twice. Give all its values in one: epochs=a,b,c"),
        (["epochs=many"], "'epochs' takes numbers; got 'many'"),
        (["batch_size=1.5"], "'batch_size' takes whole numbers; got '1.5'"),
        (["batch_size="], "'batch_size' takes whole numbers; got ''"),
    ],
)
def test_a_grid_that_means_nothing_is_refused(texts: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_grid(texts)


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({"epochs": [1, -1]}, r"epochs is a number above 0; got -1"),
        ({"epochs": []}, "'epochs' needs a list of values"),
        ({"epochs": "12"}, "'epochs' needs a list of values"),
        ({"epochs": [1, 1.0]}, "'epochs' has a value twice"),
        ({"rate": [1]}, "no setting 'rate'"),
    ],
)
def test_values_are_tried_on_the_recipe(grid: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        checked_grid(FAST, grid)


def test_tasks_go_seed_by_seed_and_their_keys_are_folders() -> None:
    grid = (("epochs", (1, 2)), ("learning_rate", (0.01,)))
    tasks = plan(grid=grid, seeds=range(5, 7)).tasks
    assert [task.key for task in tasks] == [
        "epochs=1,learning_rate=0.01,seed=5",
        "epochs=2,learning_rate=0.01,seed=5",
        "epochs=1,learning_rate=0.01,seed=6",
        "epochs=2,learning_rate=0.01,seed=6",
    ]
    assert SweepTask((("model", "../a b"),), 0).key == "model=.._a_b,seed=0"
    assert [task.key for task in plan().tasks] == ["seed=0", "seed=1", "seed=2"]


def test_settings_are_compared_on_held_out_images_only() -> None:
    assert plan().measured == "test_accuracy"
    assert plan(grid=(("epochs", (1,)),)).measured == "test_accuracy"
    assert plan(grid=(("epochs", (1, 2)),)).measured == "validation_accuracy"


def test_a_plan_keeps_its_name_while_it_grows() -> None:
    assert plan().name == plan(seeds=range(100)).name
    grid = plan(grid=(("epochs", (1, 2)),))
    assert grid.name == plan(grid=(("epochs", (1, 2, 3)),)).name
    assert plan().name.startswith("mlp-fast-mnist-seeds-")
    assert grid.name.startswith("mlp-fast-mnist-grid-")


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": adjusted(FAST, epochs=3)},
        {"recipe": replace(FAST, model=partial(FAST.model, hidden=(64,)))},
        {"dataset": "kmnist"},
        {"data_sha256": "1" * 64},
        {"device": "cpu"},
        {"grid": (("epochs", (1, 2)),)},
    ],
    ids=str,
)
def test_whatever_changes_results_makes_another_plan(change: dict[str, Any]) -> None:
    assert plan(**change).name != plan().name


def test_a_models_address_in_memory_is_no_part_of_a_plan() -> None:
    def make(*_: object, **__: object) -> None: ...

    def named(activation: object) -> SweepPlan:
        return plan(recipe=replace(FAST, model=partial(make, activation=activation)))

    assert named(lambda x: x).name == named(lambda x: x).name
    assert named(max).name != named(min).name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": 0}, "1 to 100,000 seeds; got 0"),
        ({"seeds": 100_001}, "1 to 100,000 seeds; got 100001"),
        ({"seeds": True}, "seeds; got True"),
        ({"seeds": 50_001, "grid": {"epochs": [1, 2]}}, "50,001 seeds of 2 combinations are 100,002 runs"),
        ({"first_seed": -1}, "A seed is an integer"),
        ({"first_seed": 2**63 - 1}, "The last seed would be .* seeds end at"),
        ({"backend": "lokj"}, "no backend 'lokj'. Did you mean 'loky'"),
        ({"backend": "ray"}, "needs the --address of its cluster, such as 10.0.0.1:6379"),
        ({"backend": "dask"}, "needs the --address of its cluster, such as tcp://"),
        ({"address": "10.0.0.1:6379"}, "'loky' runs on this machine and takes no --address"),
        ({"backend": "sequential", "jobs": 2}, "one run after the other; got --jobs 2"),
        ({"jobs": 0}, "jobs is a whole number from 1"),
        ({"threads": 0}, "threads is a whole number from 1"),
        ({"device": "toaster"}, "names no device"),
        ({"name": "a/b"}, "name of a folder, not a path; got 'a/b'"),
        ({"name": ".."}, "name of a folder, not a path; got '..'"),
        ({"grid": {"epochs": [0, 1]}}, "epochs is a number above 0"),
    ],
    ids=str,
)
def test_nonsense_is_refused_before_any_data_is_read(changes: dict[str, Any], message: str) -> None:
    with pytest.raises((UsageError, UnknownNameError), match=message):
        check_sweep(FAST, **{"seeds": 3, **changes})


@pytest.mark.parametrize(("backend", "package"), [("ray", "ray"), ("dask", "distributed")])
def test_a_missing_library_names_its_extra(
    backend: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "find_spec", lambda name: None)
    with pytest.raises(
        MissingExtraError, match=rf"--backend {backend} needs {package}.*firstlight\[cluster\]"
    ):
        check_sweep(FAST, seeds=1, backend=backend, address="10.0.0.1:1")


@pytest.mark.parametrize(
    ("backend", "asked", "jobs", "threads"),
    [
        ("loky", {"runs": 100, "cores": 2}, 2, 1),
        ("loky", {"runs": 100, "cores": 2, "jobs": 1}, 1, 2),
        ("loky", {"runs": 100, "cores": 2, "jobs": 4}, 4, 1),
        ("loky", {"runs": 100, "cores": 9, "jobs": 4}, 4, 2),
        ("loky", {"runs": 2, "cores": 16}, 2, 8),
        ("loky", {"runs": 100, "cores": 16, "threads": 4}, 16, 4),
        ("loky", {"runs": 100, "cores": 16, "gpu": "cuda"}, 1, 16),
        ("sequential", {"runs": 100, "cores": 16}, 1, 16),
    ],
)
def test_cores_are_shared_among_workers(backend: str, asked: dict[str, Any], jobs: int, threads: int) -> None:
    chosen = local_workers(backend, **asked)
    assert (chosen.jobs, chosen.threads) == (jobs, threads)
    assert f"{asked['cores']} cores" in chosen.reason
