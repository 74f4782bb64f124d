"""The seconds of a training: what counts, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

__all__ = ["Clock"]


class Clock:
    """Counts seconds from its start; stands still while it is paused.

    Parameters
    ----------
    started
        What `time.perf_counter` said when the counting began; ``None`` is now.
    """

    def __init__(self, started: float | None = None) -> None:
        self._started = perf_counter() if started is None else started
        self._stopped: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds so far, without pauses."""
        now = perf_counter() if self._stopped is None else self._stopped
        return now - self._started

    def add(self, seconds: float) -> None:
        """Count seconds that an earlier process spent."""
        self._started -= seconds

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stand still for the time of a ``with`` block, which may lie in another."""
        if self._stopped is not None:
            yield
            return
        self._stopped = perf_counter()
        try:
            yield
        finally:
            self._started += perf_counter() - self._stopped
            self._stopped = None
