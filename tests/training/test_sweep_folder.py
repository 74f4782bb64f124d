"""The folder of a sweep: what is kept is found again, whole or not at all. Kind: round trip and behaviour."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from firstlight import load, train
from firstlight._errors import DataCorruptError, UsageError
from firstlight.recipes import find_recipe
from firstlight.training import Run, SweepFailure, SweepPlan, SweepTask, load_run
from firstlight.training._run_lock import run_lock
from firstlight.training._sweep_folder import SweepFolder, open_sweep_folder, packed_run, sees_sweep

PLAN = SweepPlan(find_recipe("mlp-fast"), "mnist", "0" * 64, (), range(3))
TASK = SweepTask((), 2)


@pytest.fixture(scope="module")
def run() -> Run:
    return train("mlp-fast", dataset=(load("mnist")[0][:300], load("mnist")[1][:100]), seed=2, device="cpu")


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    return open_sweep_folder(tmp_path / "sweep", PLAN)


def test_a_kept_run_is_a_run_like_any_other(folder: SweepFolder, run: Run) -> None:
    assert folder.finished(TASK) is None
    folder.keep_run(TASK, run)
    assert folder.finished(TASK) == run.record
    again = load_run(folder.run_folder(TASK))
    assert again.test_logits is not None
    assert run.test_logits is not None
    assert torch.equal(again.test_logits, run.test_logits)


def test_a_run_that_came_as_files_is_the_same(folder: SweepFolder, run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files = packed_run(run, tmp_path / "empty")
    assert list(files)[-1] == "run.json"
    folder.keep_files(TASK, files)
    assert folder.finished(TASK) == run.record
    folder.keep_run(SweepTask((), 1), run)
    here, there = (folder.path / "runs" / name for name in ("seed=2", "seed=1"))
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {
        path.name: path.read_bytes() for path in there.iterdir()
    }


def test_what_is_kept_twice_stays_as_it_was_first(folder: SweepFolder, run: Run) -> None:
    folder.keep_run(TASK, run)
    written = (folder.run_folder(TASK) / "run.json").stat().st_mtime_ns
    folder.keep_run(TASK, replace(run, record=replace(run.record, test_accuracy=0.5)))
    assert (folder.run_folder(TASK) / "run.json").stat().st_mtime_ns == written
    assert [path.name for path in (folder.path / "runs").iterdir()] == ["seed=2"]


@pytest.mark.parametrize("damage", ["remove", "cut", "other seed", "unfinished"])
def test_a_damaged_run_is_none_and_is_replaced(folder: SweepFolder, run: Run, damage: str) -> None:
    folder.keep_run(TASK, run)
    record = folder.run_folder(TASK) / "run.json"
    fields = json.loads(record.read_text())
    if damage == "remove":
        record.unlink()
    elif damage == "cut":
        record.write_bytes(record.read_bytes()[:50])
    else:
        record.write_text(
            json.dumps({**fields, **({"seed": 3} if "seed" in damage else {"status": "running"})})
        )
    assert folder.finished(TASK) is None
    folder.keep_run(TASK, run)
    assert folder.finished(TASK) == run.record


def test_a_failed_run_is_noted_until_it_is_forgotten(folder: SweepFolder) -> None:
    assert folder.failure(TASK) is None
    folder.keep_failure(SweepFailure(TASK, "ValueError: too wide"))
    assert folder.failure(TASK) == SweepFailure(TASK, "ValueError: too wide")
    folder.forget_failure(TASK)
    folder.forget_failure(TASK)
    assert folder.failure(TASK) is None


def test_the_same_plan_goes_on_and_may_grow(folder: SweepFolder) -> None:
    grown = open_sweep_folder(folder.path, replace(PLAN, seeds=range(100)))
    assert grown == folder
    assert json.loads((folder.path / "sweep.json").read_text())["asked"]["seeds"] == 100


def test_another_plan_is_refused_with_what_differs(folder: SweepFolder, tmp_path: Path) -> None:
    other = replace(PLAN, recipe=find_recipe("mlp"))
    with pytest.raises(
        UsageError, match=r"holds another sweep \(recipe: mlp-fast there, mlp asked for; .*--name"
    ):
        open_sweep_folder(folder.path, other)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("hello")
    with pytest.raises(UsageError, match="holds other files and no sweep"):
        open_sweep_folder(tmp_path / "letters", PLAN)


@pytest.mark.parametrize("text", ["{half", "[]", '{"schema": 99, "identity": {}}', '{"schema": 1}'])
def test_a_damaged_plan_is_named(folder: SweepFolder, text: str) -> None:
    (folder.path / "sweep.json").write_text(text)
    with pytest.raises(DataCorruptError, match=r"sweep\.json is (damaged|no plan)"):
        open_sweep_folder(folder.path, PLAN)


def test_two_heads_do_not_share_a_sweep(folder: SweepFolder) -> None:
    with (
        run_lock(folder.path),
        pytest.raises(UsageError, match=r"Another process is training .* Wait for it"),
        folder.locked(),
    ):
        pass
    with folder.locked():
        pass


def test_what_killed_workers_left_half_written_goes(folder: SweepFolder) -> None:
    left = folder.path / "runs" / ".part-0123-seed=2"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half")
    with folder.locked():
        assert not left.exists()


def test_a_worker_knows_the_folder_by_its_token(folder: SweepFolder, tmp_path: Path) -> None:
    assert sees_sweep(folder.path, folder.token)
    assert not sees_sweep(folder.path, "another")
    assert not sees_sweep(tmp_path / "nowhere", folder.token)
    (folder.path / "sweep.json").write_text("[]")
    assert not sees_sweep(folder.path, folder.token)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_disk_that_refuses_is_explained(folder: SweepFolder, run: Run) -> None:
    folder.path.chmod(0o500)
    with pytest.raises(OSError, match="FIRSTLIGHT_HOME"):
        folder.keep_run(TASK, run)
