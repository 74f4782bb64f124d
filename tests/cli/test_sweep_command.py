"""`firstlight sweep` as real processes: JSON, tables, kill -9 and Ctrl-C of the head. Kind: behaviour."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest

from firstlight import load
from firstlight.cli import main

Capture = pytest.CaptureFixture[str]
SHORT = ("sweep", "mlp-fast", "--set", "epochs=0.05")
KEYS = [
    "schema", "recipe", "dataset", "measured", "backend", "jobs", "threads", "workers_reason", "folder", "groups",
    "runs", "failures", "missing", "seconds",
]  # fmt: skip


def called(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Run the command line in this process, which has torch already: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(words)
    code = stopped.value.code
    said = capsys.readouterr()
    return (code if isinstance(code, int) else 0), said.out, said.err


def test_json_is_one_object_with_groups_and_runs(tmp_path: Path, capsys: Capture) -> None:
    words = (*SHORT, "--seeds", "2", "--backend", "sequential", "--out", str(tmp_path), "--json")
    code, stdout, stderr = called(capsys, *words)
    assert code == 0
    result = json.loads(stdout)
    assert list(result) == KEYS
    assert (result["recipe"], result["dataset"], result["measured"]) == ("mlp-fast", "mnist", "test_accuracy")
    assert (result["backend"], result["jobs"]) == ("sequential", 1)
    (group,) = result["groups"]
    assert list(group) == [
        "settings", "n", "mean", "sd", "interval", "min", "max", "train_seconds_mean", "failed",
    ]  # fmt: skip
    assert (group["n"], group["failed"], group["settings"]) == (2, 0, {"epochs": 0.05})
    scores = [run["test_accuracy"] for run in result["runs"]]
    assert group["mean"] == pytest.approx(sum(scores) / 2)
    assert group["interval"][0] < group["mean"] < group["interval"][1]
    for run in result["runs"]:
        kept = json.loads((Path(run["run_dir"]) / "run.json").read_text())
        assert kept["test_accuracy"] == run["test_accuracy"]
        assert kept["seed"] == run["seed"]
    assert "2 of 2  epochs=0.05,seed=1" in stderr
    # Quiet, and everything from before: the same object but for its time.
    code, stdout, stderr = called(capsys, *words, "--quiet")
    assert (code, stderr) == (0, "")
    assert json.loads(stdout)["groups"] == result["groups"]
    shown = json.loads(called(capsys, "runs", result["runs"][0]["run_dir"], "--json")[1])
    assert shown["recipe"] == "mlp-fast"


def test_a_grid_is_ranked_in_a_table_without_test_accuracy(tmp_path: Path, capsys: Capture) -> None:
    words = ("sweep", "mlp-fast", "--set", "epochs=0.02,0.2", "--set", "batch-size=512", "--seeds", "2")
    code, stdout, _ = called(capsys, *words, "--backend", "sequential", "--out", str(tmp_path))
    assert code == 0
    head, first, second = stdout.splitlines()[:3]
    assert head.split()[:4] == ["epochs", "batch_size", "runs", "mean"]
    assert first.split()[:3] == ["0.2", "512", "2/2"]
    assert second.split()[:3] == ["0.02", "512", "2/2"]
    assert "nobody looked at the test images" in stdout
    assert "--set epochs=0.2 --set batch_size=512 --first-seed 2" in stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--seeds", "0"), "1 to 100,000 seeds; got 0"),
        (("--seeds", "100001"), "1 to 100,000 seeds; got 100001"),
        (("--backend", "lokj"), "Did you mean 'loky'"),
        (("--backend", "ray"), "needs the --address"),
        (("--address", "10.0.0.1:1"), "takes no --address"),
        (("--set", "epochz=1"), "Did you mean 'epochs'"),
        (("--set", "epochs=1,0"), "epochs is a number above 0"),
        (("--jobs", "0"), "jobs is a whole number"),
        (("--name", "../x"), "name of a folder"),
        (("--dataset", "mnits"), "Did you mean 'mnist'"),
    ],
)
def test_usage_errors_exit_with_2_and_leave_nothing(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: Capture
) -> None:
    code, stdout, stderr = called(capsys, "sweep", "mlp-fast", *words, "--json", "--out", str(tmp_path / "s"))
    assert code == 2
    assert message in json.loads(stdout)["error"]["message"]
    assert message in stderr
    assert not (tmp_path / "s").exists()


def test_another_plan_under_the_same_name_is_refused(tmp_path: Path, capsys: Capture) -> None:
    words = ("--seeds", "1", "--backend", "sequential", "--out", str(tmp_path), "--name", "mine", "--json")
    assert called(capsys, *SHORT, *words)[0] == 0
    code, stdout, _ = called(capsys, "sweep", "mlp", *words)
    assert code == 2
    assert "recipe: mlp-fast there, mlp asked for" in json.loads(stdout)["error"]["message"]


class Head:
    """A sweep in a process of its own, in a process group as a terminal would have it."""

    def __init__(self, parent: Path, *words: str) -> None:
        self.runs = parent / "s" / "runs"
        command = [sys.executable, "-m", "firstlight", "sweep", "mlp-fast", "--seeds", "6", "--jobs", "2"]
        command += ["--out", str(parent), "--name", "s", "--json", *words]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def done(self) -> dict[str, int]:
        """The finished runs, with when each was written."""
        return {path.parent.name: path.stat().st_mtime_ns for path in self.runs.glob("seed=*/run.json")}

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 240
        while len(self.done()) < count:
            assert self.process.poll() is None, "it ended too soon"
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def send(self, sign: int) -> None:
        """Send a signal to the head and, as a terminal does with Ctrl-C, to its whole group."""
        if sign == signal.SIGINT:
            os.killpg(self.process.pid, sign)
        else:
            self.process.send_signal(sign)

    def end(self) -> tuple[int, dict[str, Any] | None, str]:
        stdout, stderr = self.process.communicate(timeout=240)
        return self.process.returncode, json.loads(stdout) if stdout else None, stderr


def group_is_gone(group: int) -> bool:
    """Whether no process of the group is left; waits a little for those that are about to go."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills the POSIX way")
def test_a_killed_head_takes_its_workers_along_and_goes_on_where_it_was(tmp_path: Path) -> None:
    load("mnist")
    first = Head(tmp_path)
    first.wait_for(2)
    first.send(signal.SIGKILL)
    first.end()
    assert group_is_gone(first.process.pid)
    before = first.done()
    assert 2 <= len(before) < 6
    again = Head(tmp_path)
    code, result, stderr = again.end()
    assert code == 0, stderr
    assert result is not None
    assert [run["seed"] for run in result["runs"]] == list(range(6))
    assert result["missing"] == 0
    assert before.items() <= again.done().items()
    assert f"{len(before)} of them from before" in stderr
    assert not list(again.runs.glob(".part-*"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C the POSIX way")
def test_ctrl_c_exits_130_with_what_is_finished_and_no_traceback(tmp_path: Path) -> None:
    load("mnist")
    head = Head(tmp_path)
    head.wait_for(2)
    head.send(signal.SIGINT)
    code, result, stderr = head.end()
    assert code == 130, stderr
    assert result is not None
    assert result["missing"] == 6 - len(result["runs"])
    assert len(result["runs"]) >= 2
    assert "Traceback" not in stderr
    assert group_is_gone(head.process.pid)


@pytest.mark.slow
def test_a_terminal_gets_a_table_that_grows(tmp_path: Path) -> None:
    load("mnist")
    words = ["-m", "firstlight", "sweep", "mlp-fast", "--seeds", "3", "--jobs", "2", "--out", str(tmp_path)]
    child = pexpect.spawn(
        sys.executable, words, env={**os.environ, "TERM": "xterm-256color"}, timeout=240, encoding="utf-8",
        dimensions=(40, 120),
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    seen = str(child.before)
    assert child.exitstatus == 0
    assert "0 of 3 runs, starting; accuracy on test images" in seen
    assert "1/3" in seen or "2/3" in seen
    assert "3/3" in seen
    assert "1 of 3  seed" not in seen
