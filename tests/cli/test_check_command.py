"""`firstlight check` as a process: exit codes, one JSON object, the page (behaviour)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from firstlight._errors import UsageError
from firstlight.cli import main
from firstlight.cli._check import named_values, parsed_args

RIGHT = "import torch\n\ndef relu(x):\n    return torch.clamp(x, min=0)\n"
WRONG = "import torch\n\ndef relu(x):\n    return torch.clamp(x, min=0.1)\n"


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "firstlight", "check", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    return tmp_path


def test_a_right_one(folder: Path) -> None:
    done = run("right.py:relu", "--like", "relu", "--quick", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert list(report)[:5] == ["schema", "target", "kind", "like", "verdict"]
    assert (report["schema"], report["kind"], report["verdict"]) == (1, "activation", "PASS")


def test_a_wrong_one_and_its_page(folder: Path) -> None:
    done = run("wrong.py:relu", "--like", "relu", "--quick", "--html", "report.html", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("FAIL  wrong.py:relu")
    assert "expected" in done.stdout
    assert "Saved report.html" in done.stderr
    assert "FAIL" in (folder / "report.html").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gone.py:relu"], "There is no file gone.py"),
        (["right.py:selu"], "Did you mean 'relu'?"),
        (["right.py"], "names no object"),
    ],
)
def test_usage_faults(
    folder: Path,
    words: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as stopped:
        main(("check", *words, "--json"))
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert message in json.loads(said.out)["error"]["message"]
    assert "Traceback" not in said.err


def test_arguments_are_an_object() -> None:
    assert parsed_args(None) == {}
    assert parsed_args('{"a": [1, 2]}') == {"a": [1, 2]}
    with pytest.raises(UsageError, match=r"--args is no JSON: .* Write an object"):
        parsed_args("{a: 1}")
    with pytest.raises(UsageError, match=r"--args is \[1\]\. Write an object"):
        parsed_args("[1]")


@pytest.mark.parametrize("pairs", [["O1"], ["=x"], ["O1="], ["O1=a", "O1=b"]])
def test_pairs_have_a_name_and_a_value(pairs: list[str]) -> None:
    with pytest.raises(UsageError, match="--expect-fail is name=value, each name once"):
        named_values("--expect-fail", pairs)
