"""Sweeps with real workers: equal to single runs, kept at once, and going on whatever dies.

Kind: oracle (`train` itself) and behaviour.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from firstlight import load, train
from firstlight._errors import CacheError
from firstlight._seeds import derived_seed
from firstlight.models import MLP
from firstlight.recipes import Recipe, find_recipe
from firstlight.training import (
    SweepEvent,
    SweepFailure,
    SweepInterrupted,
    SweepLoss,
    SweepRun,
    SweepStarted,
    SweepTask,
    load_run,
    sweep,
)
from firstlight.training._sweep_data import SplitPair

FAST = find_recipe("mlp-fast")


@pytest.fixture(scope="module")
def pair() -> SplitPair:
    train_images, test_images = load("mnist")
    return train_images[:600], test_images[:200]


def seeds(found: Any) -> list[int]:
    return [one.task.seed for one in found]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_run(folder).model.state_dict()


def with_model(make: Any) -> Recipe:
    return replace(FAST, name="troubled", model=make)


def test_a_run_of_a_sweep_is_the_single_run_bit_for_bit(pair: SplitPair, tmp_path: Path) -> None:
    events: list[SweepEvent] = []
    result = sweep(FAST, seeds=3, dataset=pair, jobs=2, threads=1, out=tmp_path, on_event=events.append)
    assert seeds(result.runs) == [0, 1, 2]
    assert isinstance(events[0], SweepStarted)
    assert (events[0].workers.jobs, events[0].workers.threads) == (2, 1)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        single = train(FAST, dataset=pair, seed=1)
    finally:
        torch.set_num_threads(before)
    kept = load_run(result.runs[1].folder)
    assert all(map(torch.equal, kept.model.state_dict().values(), single.model.state_dict().values()))
    assert kept.test_logits is not None
    assert single.test_logits is not None
    assert torch.equal(kept.test_logits, single.test_logits)
    assert result.runs[1].accuracy == single.test_accuracy
    assert kept.record.threads == 1
    # More seeds: only they are made, by whatever backend.
    more = sweep(FAST, seeds=5, dataset=pair, backend="sequential", out=tmp_path, on_event=events.append)
    assert seeds(events[-2:]) == [3, 4]
    assert len(more.runs) == 5
    assert more.folder == result.folder
    assert torch.get_num_threads() == before


def test_ctrl_c_keeps_what_is_finished_and_the_same_call_goes_on(pair: SplitPair, tmp_path: Path) -> None:
    def interrupt(event: SweepEvent) -> None:
        if isinstance(event, SweepRun) and event.task.seed == 1:
            raise KeyboardInterrupt

    call = partial(sweep, FAST, seeds=4, dataset=pair, backend="sequential", out=tmp_path)
    with pytest.raises(SweepInterrupted, match="2 runs to go") as stopped:
        call(on_event=interrupt)
    assert seeds(stopped.value.result.runs) == [0, 1]
    assert stopped.value.result.missing == 2
    events: list[SweepEvent] = []
    result = call(on_event=events.append)
    started, *made = events
    assert isinstance(started, SweepStarted)
    assert seeds(started.runs) == [0, 1]
    assert seeds(made) == [2, 3]
    assert seeds(result.runs) == [0, 1, 2, 3]
    # With nothing missing no worker is asked.
    events.clear()
    assert call(on_event=events.append).groups == result.groups
    assert [type(event) for event in events] == [SweepStarted]


def test_one_run_may_fail_or_kill_its_worker_without_harm_to_the_others(
    pair: SplitPair, tmp_path: Path
) -> None:
    once = tmp_path / "killed once"
    starts = {seed: derived_seed(seed, "weights") for seed in range(5)}

    # A closure is sent by value, so that the workers need not find this module.
    def make(shape: Any, classes: int, *, generator: torch.Generator) -> MLP:
        if generator.initial_seed() == starts[1]:
            raise ValueError("this net cannot be built")
        if generator.initial_seed() == starts[2]:
            os.kill(os.getpid(), 9)
        if generator.initial_seed() == starts[3] and not once.exists():
            once.touch()
            os.kill(os.getpid(), 9)
        return MLP(shape, classes, hidden=(16,), generator=generator)

    events: list[SweepEvent] = []
    call = partial(sweep, with_model(make), seeds=5, dataset=pair, jobs=2, name="a", out=tmp_path)
    result = call(on_event=events.append)
    assert seeds(result.runs) == [0, 3, 4]
    assert seeds(result.failures) == [1, 2]
    raised, killed = (failure.message for failure in result.failures)
    assert raised == "ValueError: this net cannot be built"
    assert killed.startswith("Its worker died: 3 times")
    assert "SIGKILL" in killed
    assert sorted(seeds(event for event in events if isinstance(event, SweepLoss))) == [2, 2, 3]
    assert (result.groups[0].n, result.groups[0].failed) == (3, 2)
    # What failed is not made again, unless asked for.
    events.clear()
    assert seeds(call(on_event=events.append).failures) == [1, 2]
    assert [type(event) for event in events] == [SweepStarted]


def test_failed_runs_are_made_again_when_asked_for(pair: SplitPair, tmp_path: Path) -> None:
    cure = tmp_path / "cure"

    def make(shape: Any, classes: int, *, generator: torch.Generator) -> MLP:
        if not cure.exists():
            raise ValueError("not yet")
        return MLP(shape, classes, hidden=(16,), generator=generator)

    call = partial(sweep, with_model(make), seeds=2, dataset=pair, backend="sequential", out=tmp_path)
    assert seeds(call().failures) == [0, 1]
    cure.touch()
    assert seeds(call().failures) == [0, 1]
    assert seeds(call(retry_failed=True).runs) == [0, 1]


def children() -> list[int]:
    """Worker processes of this one; its other children have other programs."""
    words = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())]
    lines = subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if "popen_loky" in line]


@pytest.mark.skipif(os.name != "posix", reason="kills the POSIX way")
@pytest.mark.slow
def test_workers_that_are_killed_from_outside_cost_nothing_but_time(pair: SplitPair, tmp_path: Path) -> None:
    events: list[SweepEvent] = []
    killed: list[int] = []

    def kill(event: SweepEvent) -> None:
        events.append(event)
        if isinstance(event, SweepRun) and not killed:
            killed.extend(children())  # some at work, some perhaps between two runs
            for process in killed:
                os.kill(process, signal.SIGKILL)

    result = sweep(FAST, seeds=6, dataset=pair, jobs=2, out=tmp_path, on_event=kill)
    assert len(killed) == 2
    assert seeds(result.runs) == list(range(6))
    assert not result.failures
    assert not set(children()) & set(killed)
    again = sweep(FAST, seeds=6, dataset=pair, backend="sequential", threads=1, name="again", out=tmp_path)
    for one, other in zip(result.runs, again.runs, strict=True):
        assert all(map(torch.equal, weights(one.folder).values(), weights(other.folder).values()))


def test_settings_are_ranked_on_held_out_images_and_the_test_images_are_not_looked_at(
    pair: SplitPair, tmp_path: Path
) -> None:
    grid = {"epochs": [0.5, 8.0]}
    result = sweep(FAST, seeds=2, dataset=pair, grid=grid, backend="sequential", out=tmp_path)
    assert [dict(group.settings)["epochs"] for group in result.groups] == [8.0, 0.5]
    fields = result.to_json()
    assert fields["measured"] == "validation_accuracy"
    assert all("test_accuracy" not in run for run in fields["runs"])
    for run in result.runs:
        kept = load_run(run.folder)
        assert kept.test_logits is None
        assert kept.record.test_accuracy is None
        assert (kept.record.train_count, kept.record.validation_count) == (540, 60)
        assert run.accuracy == kept.history[-1].validation_accuracy
    text = "".join(path.read_text() for path in tmp_path.glob("**/*.json"))
    assert text.count('"test_accuracy": null') == 4


def test_one_value_changes_the_recipe_and_is_tested(pair: SplitPair, tmp_path: Path) -> None:
    result = sweep(FAST, seeds=1, dataset=pair, grid={"epochs": [2]}, backend="sequential", out=tmp_path)
    assert result.plan.measured == "test_accuracy"
    assert result.runs[0].accuracy == train(FAST, dataset=pair, seed=0, epochs=2).test_accuracy
    assert result.groups[0].n == 1
    fields = result.to_json()["groups"][0]
    assert fields["interval"] == [None, None]
    assert fields["sd"] is None
    assert fields["settings"] == {"epochs": 2}


def test_a_full_disk_stops_the_sweep_and_keeps_what_is_there(pair: SplitPair, tmp_path: Path) -> None:
    import resource

    call = partial(sweep, FAST, dataset=pair, backend="sequential", name="a", out=tmp_path)
    call(seeds=1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(CacheError, match="ulimit -f"):
            call(seeds=3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in (tmp_path / "a" / "runs").iterdir()] == ["seed=0"]
    assert seeds(call(seeds=2).runs) == [0, 1]


# A thread of loky's may look for work that was just taken back.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_the_caller_ends_the_workers(pair: SplitPair, tmp_path: Path) -> None:
    class StopHereError(Exception):
        pass

    def stop(event: SweepEvent) -> None:
        if isinstance(event, SweepRun):
            raise StopHereError

    with pytest.raises(StopHereError):
        sweep(FAST, seeds=6, dataset=pair, jobs=2, out=tmp_path, on_event=stop)
    deadline = time.monotonic() + 20
    while children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not children()
    assert not [thread for thread in threading.enumerate() if "Executor" in thread.name]


def test_failures_are_events_and_results(pair: SplitPair, tmp_path: Path) -> None:
    def make(shape: Any, classes: int, *, generator: torch.Generator) -> MLP:
        raise ValueError("never")

    events: list[SweepEvent] = []
    result = sweep(
        with_model(make), seeds=1, dataset=pair, backend="sequential", out=tmp_path, on_event=events.append
    )
    assert events[-1] == SweepFailure(SweepTask((), 0), "ValueError: never")
    assert result.to_json()["failures"] == [{"seed": 0, "settings": {}, "message": "ValueError: never"}]
    assert result.to_json()["groups"][0]["mean"] is None
    assert "1 failed" in repr(result)
