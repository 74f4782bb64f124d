"""`firstlight` alone. Kind: behaviour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firstlight import __version__
from firstlight.cli import app
from firstlight.cli._front_page import latest_runs


def write_run(home: Path, name: str, when: int, **record: object) -> None:
    folder = home / "runs" / name
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(record))
    os.utime(folder / "run.json", (when, when))


def test_a_new_machine_is_told_where_to_begin(data_home: Path) -> None:
    page = CliRunner().invoke(app, [])
    assert page.exit_code == 0
    lines = page.stdout.splitlines()
    assert lines[0] == f"firstlight {__version__}: MNIST made a first-class instrument"
    assert f"Data sets in {data_home / 'datasets'}" in lines
    assert "  mnist          not here" in lines
    assert "No runs yet" in lines
    assert "firstlight data get mnist" in page.stdout.partition("\nNext\n")[2]
    assert len(lines) <= 24, "it fits on one screen"
    assert not data_home.exists(), "looking creates nothing"


def test_what_is_here_is_shown(data_home: Path) -> None:
    folder = data_home / "datasets" / "kmnist"
    folder.mkdir(parents=True)
    (folder / "train-labels-idx1-ubyte").write_bytes(b"x" * 1200)
    write_run(
        data_home,
        "old",
        1_000,
        recipe="mlp",
        dataset="mnist",
        test_accuracy=0.98321,
        finished="2026-11-22T10:11:12",
    )
    write_run(data_home, "new", 2_000, recipe="lenet", dataset="kmnist", test_accuracy=None, finished=None)
    page = CliRunner().invoke(app, [])
    assert "kmnist         1 of 4 files  1.2 kB" in page.stdout
    _, _, runs = page.stdout.partition("Latest runs\n")
    assert [line.split() for line in runs.splitlines()[:2]] == [
        ["lenet", "on", "kmnist", "unfinished"],
        ["mlp", "on", "mnist", "98.32%", "2026-11-22", "10:11"],
    ]
    assert "firstlight runs" in runs
    told = json.loads(CliRunner().invoke(app, ["--json"]).stdout)
    assert [run["test_accuracy"] for run in told["runs"]] == [None, 0.98321]
    assert told["runs"][1]["run_dir"] == str(data_home / "runs" / "old")
    assert {line["dataset"]: line["cached_files"] for line in told["datasets"]}["kmnist"] == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"test_accuracy": "high"}', "\xff"])
def test_a_broken_run_is_left_out(data_home: Path, text: str) -> None:
    write_run(data_home, "good", 1_000, recipe="mlp", dataset="mnist", test_accuracy=0.9, finished="2026")
    write_run(data_home, "bad", 2_000)
    (data_home / "runs" / "bad" / "run.json").write_text(text, encoding="latin-1")
    assert [run.run_dir.name for run in latest_runs(data_home / "runs")] == ["good"]
    assert CliRunner().invoke(app, []).exit_code == 0


def test_only_the_latest_runs_are_shown(tmp_path: Path) -> None:
    for number in range(8):
        write_run(
            tmp_path,
            f"run{number}",
            1_000 + number,
            recipe="mlp",
            dataset="mnist",
            test_accuracy=0.9,
            finished="x",
        )
    names = [run.run_dir.name for run in latest_runs(tmp_path / "runs", count=3)]
    assert names == ["run7", "run6", "run5"]


def test_version() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"firstlight {__version__}\n"
    assert json.loads(CliRunner().invoke(app, ["--version", "--json"]).stdout) == {
        "schema": 1,
        "version": __version__,
    }


def test_it_does_not_wait_for_torch(data_home: Path) -> None:
    program = (
        "import sys\nfrom firstlight.cli import main\ntry:\n main([])\nexcept SystemExit: pass\n"
        "print(sorted({'torch', 'requests', 'rich.console', 'PIL', 'pyarrow'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == "[]\n"
