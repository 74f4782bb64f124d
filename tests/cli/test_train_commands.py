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
from firstlight.cli import main


def firstlight(*words: str, home: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables, **({"FIRSTLIGHT_HOME": str(home)} if home else {})}
    return subprocess.run(
        [sys.executable, "-m", "firstlight", *words],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


Capture = pytest.CaptureFixture[str]


def called(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Run the command line in this process, which has torch already: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(words)
    code = stopped.value.code
    said = capsys.readouterr()
    return (code if isinstance(code, int) else 0), said.out, said.err


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


def test_runs_lists_shows_and_compares(
    trained: tuple[Path, dict[str, Any], str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, result, _ = trained
    with monkeypatch.context() as patch:
        patch.setenv("FIRSTLIGHT_HOME", str(parent.parent))
        listed = json.loads(called(capsys, "runs", "--json")[1])
        table = called(capsys, "runs")[1]
    assert [run["seed"] for run in listed["runs"]] == [4, 3]
    folders = [run["run_dir"] for run in listed["runs"]]
    assert all(Path(folder).name in table for folder in folders)

    assert f"{100 * result['test_accuracy']:.2f} %" in called(capsys, "runs", folders[1])[1]
    fields = json.loads(called(capsys, "runs", *folders, "--json")[1])
    assert fields["both"] + fields["only_first"] + fields["only_second"] + fields["neither"] == 10000
    assert 0 <= fields["p_value"] <= 1
    assert "exact McNemar" in called(capsys, "runs", *folders)[1]
    assert called(capsys, "runs", *folders, "a-third")[0] == 2


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
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: Capture
) -> None:
    code, stdout, stderr = called(capsys, "train", *words, "--json", "--out", str(tmp_path / "runs"))
    assert code == 2
    assert message in json.loads(stdout)["error"]["message"]
    assert message in stderr
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


def test_the_list_of_recipes(capsys: Capture) -> None:
    lines = called(capsys, "train", "list")[1].splitlines()
    recipes = json.loads(called(capsys, "train", "list", "--json")[1])["recipes"]
    assert {"mlp", "mlp-fast"} <= {recipe["name"] for recipe in recipes}
    for recipe in recipes:  # one line each, in their order, and one more for each further claim
        (line,) = [line for line in lines if line.startswith(f"{recipe['name']} ")]
        assert line.endswith(recipe["summary"])
        for claim in recipe["claims"][:1]:
            assert f"{claim['accuracy_percent']:.2f} ± {claim['sd_percent']:.2f} %" in line


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C the POSIX way")
def test_ctrl_c_keeps_the_best_and_exits_with_130(tmp_path: Path, capsys: Capture) -> None:
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
    assert {path.name for path in folder.iterdir()} == {
        "run.json", "model.safetensors", "checkpoint.safetensors", "report.html",
    }  # fmt: skip
    assert "The best weights so far are kept" in stderr
    shown = json.loads(called(capsys, "runs", str(folder), "--json")[1])
    assert shown["status"] == "interrupted"
    assert shown["history"]
