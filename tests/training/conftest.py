"""Fixtures for training: a disk that takes no large file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

LIMIT_BYTES = 200_000


@pytest.fixture
def full_disk() -> Callable[[], AbstractContextManager[None]]:
    """Return a ``with`` block in which this process can write no file of more than 200,000 bytes."""
    resource = pytest.importorskip("resource", reason="limits files the POSIX way")

    @contextmanager
    def limited() -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited
