"""Names of targets are followed, and wrong ones answered (behaviour)."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstlight._errors import TargetError, UnknownNameError
from firstlight.checks._target import load_object, object_name


def test_a_file_and_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "constants_beside.py").write_text("TWO = 2")
    (tmp_path / "own_target.py").write_text(
        "from constants_beside import TWO\nclass Outer:\n    @staticmethod\n    def inner(): return TWO\n"
    )
    assert load_object(f"{tmp_path / 'own_target.py'}:Outer.inner")() == 2


@pytest.mark.parametrize("name", ["math:sqrt", "math.sqrt"])
def test_a_module(name: str) -> None:
    assert load_object(name)(16.0) == 4.0


@pytest.mark.parametrize("name", ["sqrt", "math:", ":sqrt", ""])
def test_no_name_at_all(name: str) -> None:
    with pytest.raises(TargetError, match=r"names no object\. Write path/file.py:name"):
        load_object(name)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match=r"There is no name in math 'sqr'. Did you mean 'sqrt'"):
        load_object("math:sqr")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"There is no file .*gone.py"):
        load_object(f"{tmp_path / 'gone.py'}:f")


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(TargetError, match=r"no_such_module_here cannot be imported"):
        load_object("no_such_module_here:f")


def test_objects_have_names() -> None:
    assert object_name(Path) == "pathlib:Path"
    assert object_name(Path()) == f"pathlib:{type(Path()).__name__}"
    assert object_name("a.py:b") == "a.py:b"
