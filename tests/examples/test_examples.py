"""Every example runs, as a process of its own, and says what it promises (behaviour)."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PRINTED = {
    "01_load_and_look.py": "60,000",
    "02_batches.py": "64",
    "03_train.py": r"A single layer of your own: 9[01]\.\d\d %",
    "04_your_own_digit.py": "Read: 70",
    "05_grade_a_class.py": r"ada +PASS[^$]+ben +FAIL +(momentum|state): [^$]+cleo +- .*EOF",
    "06_map.py": r"10-NN accuracy 0\.[89]\d+[^$]+[89]\d\.\d % of 500 new digits land among their own kind",
    "07_audit.py": r"of the 30 are among[^$]+98\.0 % of the labels were MNIST's own, 9[89]\.\d % are now",
}


def test_every_numbered_example_is_tested() -> None:
    elsewhere = {"08_gradio_space.py"}  # test_gradio_space.py
    assert {path.name for path in EXAMPLES.glob("[0-9]*.py")} == set(PRINTED) | elsewhere


@pytest.mark.parametrize("name", PRINTED)
def test_example(name: str, tmp_path: Path, warm_python: Any) -> None:
    path = EXAMPLES / name
    code, stdout, stderr = warm_python(path.read_text(encoding="utf-8"), str(path), tmp_path)
    assert code == 0, stderr
    assert re.search(PRINTED[name], stdout), stdout


@pytest.mark.slow
def test_a_project_that_asks_in_its_own_tests(tmp_path: Path) -> None:
    words = [
        "-m",
        "pytest",
        str(EXAMPLES / "project"),
        "-v",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-c",
        os.devnull,
    ]
    done = subprocess.run(
        [sys.executable, *words], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
    assert "test_rmsnorm[L2] PASSED" in done.stdout
    assert "test_swish PASSED" in done.stdout


def test_the_articles_program_with_one_import_line_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = importlib.util.spec_from_file_location("article", EXAMPLES / "article.py")
    assert spec is not None
    assert spec.loader is not None
    article = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(article)
    accuracy = article.main(epochs=1, root=str(tmp_path))
    assert 0.94 < accuracy < 0.98
    assert f"test accuracy: {100 * accuracy:.2f} %" in capsys.readouterr().out
    text = (EXAMPLES / "article.py").read_text(encoding="utf-8")
    assert text.count("was: from torchvision.datasets import MNIST") == 1
