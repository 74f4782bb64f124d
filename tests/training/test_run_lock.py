"""By behaviour, with real locks: one holder at a time, freed by its death, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from firstlight._errors import CacheError, UsageError
from firstlight.training import is_locked
from firstlight.training._run_lock import run_lock

HOLD = """
import sys
from pathlib import Path
from firstlight.training._run_lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_told(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    with run_lock(tmp_path):
        assert is_locked(tmp_path)
        with pytest.raises(UsageError, match="Another process is training"), run_lock(tmp_path):
            pytest.fail("held twice")
        assert is_locked(tmp_path)
    assert not is_locked(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="kills the POSIX way")
def test_a_killed_holder_frees_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_locked(tmp_path)
        holder.kill()
    assert not is_locked(tmp_path)
    with run_lock(tmp_path):
        pass


def test_a_lock_whose_file_was_taken_away_is_not_mistaken_for_ours(tmp_path: Path) -> None:
    # As if the holder before us removed the file between our opening it and our locking it.
    with run_lock(tmp_path):
        (tmp_path / ".lock").unlink()
        with run_lock(tmp_path):
            assert is_locked(tmp_path)


def test_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(CacheError, match=r"Cannot write .*\.lock"), run_lock(tmp_path / "nowhere"):
        pytest.fail("locked")
