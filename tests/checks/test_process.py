"""An implementation may do what it likes to its process: the report comes all the same (behaviour)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from firstlight import check
from firstlight._errors import TargetError
from firstlight.checks import Limits

TARGETS = """
import os, sys, time
import torch

def right(x):
    return x.clamp(min=0)

def hangs(x):
    while True:
        time.sleep(1)

def leaves(x):
    os._exit(3)

def exits(x):
    sys.exit("enough")

def forks(x):
    os.fork()
    return x.clamp(min=0)

def prints(x):
    sys.stdout.buffer.write(b"\\xff\\x00\\xfe")
    print("a word from inside", flush=True)
    return x.abs()

def wipes(x):
    try:
        os.rmdir(os.getcwd())
    except OSError:
        pass
    return x.clamp(min=0)

def closes(x):
    os.closerange(0, 200)
    return x.clamp(min=0)

def grows(x):
    return torch.zeros(10**11)

def raises(x):
    return x @ torch.zeros(3, 7)
"""


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("targets") / "targets.py"
    path.write_text(TARGETS)
    return path


@pytest.mark.parametrize("name", ["right", "forks", "wipes", "closes"])
def test_a_right_function_passes_whatever_else_it_does(targets: Path, name: str) -> None:
    report = check(f"{targets}:{name}", kind="activation", like="relu", quick=True)
    assert report.verdict == "PASS"
    numbers = [result.id for result in report.checks]
    assert len(set(numbers)) == len(numbers) > 0
    assert targets.exists()


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("leaves", "exit code 3"),
        ("exits", "exit('enough')"),
        ("grows", "memory"),
        ("raises", "RuntimeError"),
    ],
)
def test_what_breaks_there_is_its_failure(targets: Path, name: str, seen: str) -> None:
    report = check(f"{targets}:{name}", kind="activation", like="relu", quick=True)
    assert report.verdict == "FAIL"
    assert any(seen in result.seen for result in report.failures), report


def test_a_hang_is_ended(targets: Path) -> None:
    limits = Limits(seconds=1.0)
    report = check(f"{targets}:hangs", kind="activation", like="relu", limits=limits)
    assert report.verdict in ("FAIL", "INCONCLUSIVE")
    assert any("no answer within" in result.seen for result in report.checks)


def test_what_it_printed_is_told_with_a_failure(targets: Path) -> None:
    report = check(f"{targets}:prints", kind="activation", like="relu", quick=True)
    assert report.verdict == "FAIL"
    assert "a word from inside" in report.printed
    assert "a word from inside" in str(report)


def test_an_object_of_this_process_is_sent_there() -> None:
    slope = 0.0

    def relu(x):
        return x.clamp(min=slope)

    own = os.getpid()
    report = check(relu, kind="activation", like="relu", quick=True)
    assert report.verdict == "PASS"
    assert os.getpid() == own


def test_an_object_of_a_module_that_cannot_be_imported_again(tmp_path: Path) -> None:
    path = tmp_path / "seen_once.py"
    path.write_text("SLOPE = 0.0\ndef relu(x):\n    return x.clamp(min=SLOPE)\n")
    spec = importlib.util.spec_from_file_location("seen_once", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["seen_once"] = module
    spec.loader.exec_module(module)
    try:
        report = check(module.relu, kind="activation", like="relu", quick=True)
    finally:
        del sys.modules["seen_once"]
    assert report.verdict == "PASS"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("raise RuntimeError('not today')", "cannot be imported: RuntimeError: not today"),
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("import sys; sys.exit(0)", r"it calls exit\(0\)"),
        ("import os; os._exit(7)", "ended with exit code 7 while it was imported"),
        ("f = ]", "SyntaxError"),
    ],
)
def test_a_file_that_does_not_import(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "broken.py").write_text(content)
    with pytest.raises(TargetError, match=message):
        check(f"{tmp_path / 'broken.py'}:f", kind="activation")


def test_a_file_that_never_ends(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("import time\nwhile True: time.sleep(1)")
    with pytest.raises(TargetError, match="not imported and made within 2 s"):
        check(f"{tmp_path / 'endless.py'}:f", kind="activation", limits=Limits(import_seconds=2.0))
