"""Invariance: `firstlight train`, killed with SIGKILL at random moments and resumed, is the run that nobody killed.

Each is a process of its own, made by fork from one that has torch already, so that it begins in no time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from firstlight import load
from firstlight.datasets import export

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks to be quick, and kills the POSIX way")

PROGRAM = """
import json, os, random, signal, sys, time
from pathlib import Path

import torch
import firstlight.evaluation, firstlight.reports, firstlight.training
from firstlight.cli import main
from firstlight.training._folder import read_record

data, parent, recipe, wanted, seed, *options = sys.argv[1:]
parent, wanted, draw = Path(parent), int(wanted), random.Random(int(seed))

def start(*words):
    pid = os.fork()
    if pid:
        return pid
    say = os.open(parent / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(say, 1), os.dup2(say, 2)
    try:
        main(["train", *words, "--dataset", data, "--checkpoint-seconds", "0"])
    except SystemExit as end:
        os._exit(end.code or 0)
    finally:
        os._exit(99)

def end_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def words_for(folder):
    begun = list(folder.glob("*/run.json"))
    return ["--resume", str(begun[0].parent)] if begun else [recipe, *options, "--out", str(folder)]

began = time.monotonic()
assert end_of(start(*words_for(parent / "whole"))) == 0, (parent / "said").read_text()
length = time.monotonic() - began

kills = []
for number in range(10 * wanted):
    folder = parent / f"cut-{number}"
    for _ in range(1 + number % 3):  # some are killed several times
        pid = start(*words_for(folder))
        delay = draw.uniform(0, length)
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        if end_of(pid) != -signal.SIGKILL:
            break  # it was quicker
        held = [path.parent for path in folder.glob("*/run.json")]
        state = "before it began"
        if held:
            state = f"step {read_record(held[0]).step}" if (held[0] / "checkpoint.safetensors").exists() else "no checkpoint"
        kills.append({"run": folder.name, "at": state})
    is_done = any(read_record(path.parent).status == "finished" for path in folder.glob("*/run.json"))
    assert is_done or end_of(start(*words_for(folder))) == 0, (parent / "said").read_text()
    if len(kills) >= wanted:
        break
print(json.dumps(kills))
"""


def killed(folder: Path, recipe: str, count: int, seed: int, *options: str) -> list[dict[str, str]]:
    images, test = load("mnist")
    data = folder / "some.npz"
    export((images[:2000], test[:300]), data)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(data), str(folder), recipe, str(count), str(seed), *options],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    kills: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return kills


def kept(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    (place,) = (path.parent for path in folder.glob("*/run.json"))
    # Whoever is killed when all is done may leave its checkpoint, its lock, and a report unwritten or half-written.
    files = {path.name for path in place.iterdir()} - {
        path.name for path in place.glob(".part-*-report.html")
    }
    needed = {"run.json", "model.safetensors", "predictions.safetensors"}
    assert needed <= files <= needed | {"report.html", "checkpoint.safetensors", ".lock"}
    tensors = load_file(place / "model.safetensors") | load_file(place / "predictions.safetensors")
    record = json.loads((place / "run.json").read_text())
    history = [{**epoch, "seconds": None} for epoch in record["history"]]
    parts = {
        key: record[key] for key in ("status", "test_accuracy", "loss_curve", "step", "steps", "settings")
    }
    return tensors, parts | {"history": history}


def assert_all_the_same(folder: Path, kills: list[dict[str, str]]) -> None:
    tensors, parts = kept(folder / "whole")
    for name in sorted({kill["run"] for kill in kills}):
        again, same = kept(folder / name)
        assert same == parts, name
        assert again.keys() == tensors.keys()
        assert all(torch.equal(again[key], value) for key, value in tensors.items()), name


def test_killed_at_three_random_moments(tmp_path: Path) -> None:
    kills = killed(tmp_path, "mlp-fast", 3, 1, "--epochs", "3")
    assert len(kills) >= 3
    assert_all_the_same(tmp_path, kills)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "options"),
    [
        ("mlp", ["--validate", "--epochs", "6"]),
        ("cnn", ["--validate", "--epochs", "4", "--batch-size", "200"]),
    ],
)
def test_killed_at_twenty_random_moments(recipe: str, options: list[str], tmp_path: Path) -> None:
    kills = killed(tmp_path, recipe, 20, 2, *options)
    assert len(kills) >= 20
    steps = {kill["at"] for kill in kills if kill["at"].startswith("step")}
    assert len(steps) >= 4, "they were not killed here and there"
    assert_all_the_same(tmp_path, kills)
