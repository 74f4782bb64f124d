"""Behaviour: every error has a standard parent, an exit code and a message that cures."""

from __future__ import annotations

import inspect

import pytest

from firstlight import _errors
from firstlight._errors import DataCorruptError, FirstlightError, MissingExtraError, UnknownNameError

TREE = [kind for _, kind in inspect.getmembers(_errors, inspect.isclass) if issubclass(kind, FirstlightError)]


@pytest.mark.parametrize("kind", [kind for kind in TREE if kind is not FirstlightError])
def test_each_error_has_a_standard_parent_and_stands_in_the_drawing(kind: type[FirstlightError]) -> None:
    assert issubclass(kind, ValueError | OSError | ImportError | ArithmeticError | AssertionError)
    line = next(line for line in str(_errors.__doc__).splitlines() if f" {kind.__name__} " in line)
    assert str(kind.exit_code) in line


def test_unknown_name_says_the_nearest_and_all() -> None:
    error = UnknownNameError("data set", "fasion-mnist", ["mnist", "fashion-mnist"])
    assert "Did you mean 'fashion-mnist'?" in str(error)
    assert "Known: fashion-mnist, mnist." in str(error)
    assert "Did you mean" not in str(UnknownNameError("data set", "zzz", ["mnist"]))


def test_missing_extra_says_how_to_install_it() -> None:
    with pytest.raises(ImportError, match=r"pip install 'firstlight\[parquet\]'"):
        raise MissingExtraError("Reading Parquet", package="pyarrow", extra="parquet")


def test_a_corrupt_file_is_both_a_value_error_and_an_os_error() -> None:
    assert issubclass(DataCorruptError, ValueError)
    assert issubclass(DataCorruptError, OSError)
