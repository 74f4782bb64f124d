"""Fixtures for training: a disk that takes no large file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

LIMIT_BYTES = 200_000


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let this process write no file of more than 200,000 bytes, as if the disk were full."""
    resource = pytest.importorskip("resource", reason="limits files the POSIX way")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
