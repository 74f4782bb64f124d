"""`firstlight train` and `firstlight runs` as real processes: streams, exit codes, files, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from firstlight import load


def firstlight(*words: str, home: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables, **({"FIRSTLIGHT_HOME": str(home)} if home else {})}
    return subprocess.run(
        [sys.executable, "-m", "firstlight", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """A home with two short runs, the JSON of the first and what it said."""
    load("mnist")  # once for all tests
    parent = tmp_path_factory.mktemp("runs-home") / "runs"
    words = ("--epochs", "0.3", "--json", "--out", str(parent))
    first = firstlight("train", "mlp-fast", "--seed", "3", *words)
    second = firstlight("train", "mlp-fast", "--seed", "4", *words, "--quiet")
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert second.stderr == ""
    return parent, json.loads(first.stdout), first.stderr


def test_json_is_the_only_thing_on_stdout(trained: tuple[Path, dict[str, Any], str]) -> None:
    parent, result, said = trained
    assert next(iter(result)) == "schema"
    keys = {"recipe", "dataset", "seed", "test_accuracy", "train_seconds", "epochs", "device", "run_dir"}
    assert keys <= set(result)
    assert (result["recipe"], result["dataset"], result["seed"]) == ("mlp-fast", "mnist", 3)
    assert 0.85 < result["test_accuracy"] < 1
    assert "epoch 0.3 of 0.3" in said
    folder = Path(result["run_dir"])
    assert folder.parent == parent
    assert {path.name for path in folder.iterdir()} == {
        "run.json", "model.safetensors", "predictions.safetensors", "report.html",
    }  # fmt: skip
    assert json.loads((folder / "run.json").read_text())["test_accuracy"] == result["test_accuracy"]


def test_runs_lists_shows_and_compares(trained: tuple[Path, dict[str, Any], str]) -> None:
    parent, result, _ = trained
    home = parent.parent
    listed = json.loads(firstlight("runs", "--json", home=home).stdout)
    assert [run["seed"] for run in listed["runs"]] == [4, 3]
    names = [Path(run["run_dir"]).name for run in listed["runs"]]
    table = firstlight("runs", home=home).stdout
    assert all(name in table for name in names)

    data = {"FIRSTLIGHT_HOME": os.environ["FIRSTLIGHT_HOME"]}
    folders = [str(parent / name) for name in names]
    shown = firstlight("runs", folders[1], **data)
    assert f"{100 * result['test_accuracy']:.2f} %" in shown.stdout
    compared = firstlight("runs", *folders, "--json", **data)
    fields = json.loads(compared.stdout)
    assert fields["both"] + fields["only_first"] + fields["only_second"] + fields["neither"] == 10000
    assert 0 <= fields["p_value"] <= 1
    assert "exact McNemar" in firstlight("runs", *folders, **data).stdout


def test_text_shows_data_confusion_and_pairs(tmp_path: Path) -> None:
    done = firstlight("train", "mlp-fast", "--epochs", "0.3", "--out", str(tmp_path), NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert "60,000 training and 10,000 test images" in done.stdout
    assert "Test accuracy" in done.stdout
    assert "Confusion: rows are labels" in done.stdout
    assert done.stdout.count(" taken for ") == 3
    assert "report.html" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "epoch 0.3 of 0.3" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mpl",), "Did you mean 'mlp'"),
        (("mlp", "--dataset", "fashion-mnits"), "Did you mean 'fashion-mnist'"),
        (("mlp", "--seed", "-1"), "A seed is an integer"),
        (("mlp", "--epochs", "0"), "epochs is a number above 0"),
        (("mlp", "--device", "toaster"), "names no device"),
        (("mlp", "--seed", "three"), "--seed"),
    ],
)
def test_usage_errors_exit_with_2_and_leave_no_run(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    done = firstlight("train", *words, "--json", "--out", str(tmp_path / "runs"))
    assert done.returncode == 2
    assert message in json.loads(done.stdout)["error"]["message"]
    assert message in done.stderr
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


def test_the_list_of_recipes() -> None:
    assert "mlp-fast" in firstlight("train", "list").stdout
    recipes = json.loads(firstlight("train", "list", "--json").stdout)["recipes"]
    assert {"mlp", "mlp-fast"} <= {recipe["name"] for recipe in recipes}


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C the POSIX way")
def test_ctrl_c_keeps_the_best_and_exits_with_130(tmp_path: Path) -> None:
    words = ["train", "mlp-fast", "--epochs", "500", "--json", "--out", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "firstlight", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("epoch 1 of"):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    result = json.loads(stdout)
    assert result["status"] == "interrupted"
    assert result["test_accuracy"] is None
    folder = Path(result["run_dir"])
    assert {path.name for path in folder.iterdir()} == {"run.json", "model.safetensors", "report.html"}
    assert "The best weights so far are kept" in stderr
    shown = json.loads(firstlight("runs", str(folder), "--json").stdout)
    assert shown["status"] == "interrupted"
    assert shown["history"]
