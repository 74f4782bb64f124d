"""Behaviour, in processes of their own: page faults with and without, and what the user has set."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from firstlight.training._memory import _has_glibc

pytestmark = pytest.mark.skipif(not _has_glibc(), reason="only glibc has these settings")

# Blocks of 20 and 40 MB, which come and go as a network's activations do.
SCRIPT = """
import resource, sys, torch
from firstlight.training._memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        blocks = [torch.ones(megabytes << 18) for megabytes in (20, 40, 20)]
        del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults(), keep_freed_memory(), faults(), faults())
"""


def outcome(**environment: str) -> list[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=clean | environment, check=True, capture_output=True, text=True
    )
    return run.stdout.split()


def test_the_same_memory_is_cleared_once_not_each_time() -> None:
    before, done, _, after = outcome()
    assert done == "True"
    assert int(before) > 20 * int(after)


def test_the_users_own_settings_are_left_alone() -> None:
    _, done, _, after = outcome(MALLOC_TRIM_THRESHOLD_="131072")
    assert done == "False"
    assert int(after) > 100
