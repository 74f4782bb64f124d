"""The exercise of docs/teaching.md is done as a student does it: red as it stands, green once it is mended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "teaching.md"
FILE = re.compile(r"^```py\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WRONG, RIGHT = "v = self.momentum * v + g", "v[:] = self.momentum * v + g"
PROGRAM = """
import sys, pytest
from pathlib import Path
for name, text in {files!r}.items():
    Path(name).write_text(text)
sys.path.insert(0, "")
sys.exit(pytest.main(["-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", "."]))
"""


@pytest.mark.parametrize(
    "is_right",
    [pytest.param(False, id="as it stands"), pytest.param(True, id="mended", marks=pytest.mark.slow)],
)
def test_the_exercise_marks_itself(is_right: bool, tmp_path: Path, warm_python: Any) -> None:
    files = dict(FILE.findall(PAGE.read_text(encoding="utf-8")))
    assert set(files) == {"momentum.py", "test_momentum.py"}
    assert files["momentum.py"].count(WRONG) == 1
    if is_right:
        files["momentum.py"] = files["momentum.py"].replace(WRONG, RIGHT)
    code, stdout, stderr = warm_python(PROGRAM.format(files=files), "exercise", tmp_path)
    assert code == (0 if is_right else 1), stdout + stderr
    assert re.search(r"test_momentum\[O1\] PASSED|passed" if is_right else r"test_momentum\[O1\]", stdout), (
        stdout
    )
    if not is_right:
        assert "raw gradient" in stdout
