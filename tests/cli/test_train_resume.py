"""By behaviour, through the command line: interrupted, resumed, refused, diverged, listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from firstlight import load
from firstlight.cli import _training_progress as progress_module
from firstlight.cli import main
from firstlight.datasets import export
from firstlight.training import Event, StepDone, list_runs
from firstlight.training._run_lock import run_lock

Capture = pytest.CaptureFixture[str]
Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def called(capsys: Capture, data_home: Path) -> Called:
    """Run the command line in this process, with an empty home: exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(words)
        code = stopped.value.code
        said = capsys.readouterr()
        return (code if isinstance(code, int) else 0), said.out, said.err

    return run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    images, test = load("mnist")
    path = tmp_path_factory.mktemp("data") / "some.npz"
    export((images[:2000], test[:300]), path)
    return str(path)


def press_at(
    step: int, monkeypatch: pytest.MonkeyPatch, what: type[BaseException] = KeyboardInterrupt
) -> None:
    draw = progress_module.TrainingProgress.__call__

    def watch(self: progress_module.TrainingProgress, event: Event) -> None:
        draw(self, event)
        if isinstance(event, StepDone) and event.step == step:
            raise what

    monkeypatch.setattr(progress_module.TrainingProgress, "__call__", watch)


def only_run(home: Path) -> Path:
    ((folder, _),) = list_runs()
    return folder


def test_ctrl_c_and_on(called: Called, data: str, data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("train", "mlp-fast", "--dataset", data, "--epochs", "2", "--seed", "4", "--validate")
    assert called(*words, "--out", str(data_home / "whole"))[0] == 0
    (whole,) = (data_home / "whole").iterdir()
    with monkeypatch.context() as patch:
        press_at(9, patch)
        code, out, err = called(*words)
    assert code == 130
    folder = only_run(data_home)
    assert f"firstlight train --resume {folder.name}" in out
    assert "the test set was not looked at" in err
    assert {path.name for path in folder.iterdir()} == {
        "run.json", "model.safetensors", "checkpoint.safetensors", "report.html",
    }  # fmt: skip

    steps = json.loads((folder / "run.json").read_text())["steps"]
    _, listed, _ = called("runs")
    assert f"interrupted at {100 * 9 / steps:.0f} %" in listed
    assert f"Go on with one that was cut off: firstlight train --resume {folder.name}" in listed

    code, out, err = called("train", "--resume", "last", "--dataset", data, "--json")
    assert code == 0, err
    assert f"Going on after step 9 of {steps}" in err
    assert json.loads(out)["status"] == "finished"
    mine, other = (load_file(place / "model.safetensors") for place in (folder, whole))
    assert all(torch.equal(mine[name], value) for name, value in other.items())
    assert not (folder / "checkpoint.safetensors").exists()


def test_what_cannot_be_resumed_says_so(
    called: Called, data: str, data_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no run yet" in called("train", "--resume", "last")[2]
    with monkeypatch.context() as patch:
        press_at(5, patch)
        assert called("train", "mlp-fast", "-d", data, "--quiet")[0] == 130
    folder = only_run(data_home)
    name = folder.name

    code, out, err = called("train", "knn", "--resume", name, "--seed", "3", "--epochs", "2")
    assert code == 2
    assert "--resume takes no --epochs, RECIPE, --seed" in err.replace("\n", " ").replace("│", "")
    assert called("train", "--resume", "nonsense")[0] == 2
    code, _, err = called("train", "--resume", name)
    assert code == 2
    assert "data of your own, 'some'. Say where they lie: --dataset PATH" in err
    with run_lock(folder):
        code, _, err = called("train", "--resume", name, "-d", data)
        assert (code, "Another process is training" in err) == (2, True)
        assert "in training" not in called("runs")[1]  # it was interrupted, whoever holds it

    path = folder / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    code, out, _ = called("train", "--resume", name, "-d", data, "--json")
    assert code == 3
    assert json.loads(out)["error"]["type"] == "DataCorruptError"
    path.unlink()
    assert called("train", "--resume", str(folder), "-d", data, "-q")[0] == 0
    code, _, err = called("train", "--resume", "last", "-d", data)
    assert (code, "is finished: there is nothing to resume" in err) == (2, True)


def test_a_run_that_crashed_is_listed_as_stopped(
    called: Called, data: str, data_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        press_at(6, patch, MemoryError)
        with pytest.raises(MemoryError):
            main(["train", "mlp-fast", "-d", data, "--checkpoint-seconds", "0", "--json"])
    folder = only_run(data_home)
    fields = json.loads(called("runs", "--json")[1].splitlines()[-1])["runs"][0]
    assert (fields["status"], fields["step"]) == ("running", 6)
    assert fields["resume"] == f"firstlight train --resume {folder.name}"
    assert "stopped at 60 %" in called("runs")[1]
    with run_lock(folder):
        assert "in training, 60 %" in called("runs")[1]
    code, _, err = called("runs", "last")
    assert (code, "no model yet" in err) == (3, True)


def test_a_training_that_diverges_ends_with_1_and_a_cure(called: Called, data: str, data_home: Path) -> None:
    code, out, err = called("train", "mlp-fast", "-d", data, "--learning-rate", "1e30", "--json")
    assert code == 1
    error: dict[str, Any] = json.loads(out)["error"]
    assert error["type"] == "TrainingDivergedError"
    for part in ("Training diverged at step", "first ones", "--learning-rate"):
        assert part in error["message"]
        assert part in err
    assert "diverged" in called("runs")[1]
    assert (only_run(data_home) / "model.safetensors").exists()


def test_settings_on_the_command_line_reach_the_recipe(called: Called, data: str) -> None:
    code, out, _ = called(
        "train", "mlp-fast", "-d", data, "--epochs", "0.5", "--weight-decay", "0.25", "--label-smoothing", "0.125",
        "--batch-size", "100", "--learning-rate", "0.001", "--json",
    )  # fmt: skip
    settings = json.loads(out)["settings"]
    assert code == 0
    assert settings["optimizer"]["weight_decay"] == 0.25
    assert settings["optimizer"]["learning_rate"] == 0.001
    assert (settings["label_smoothing"], settings["batch_size"], settings["epochs"]) == (0.125, 100, 0.5)
    code, _, err = called("train", "knn", "-d", data, "--epochs", "2")
    assert (code, "it has no epochs" in err) == (2, True)
