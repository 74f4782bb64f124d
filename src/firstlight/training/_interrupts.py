"""Ctrl-C between two steps, never within one."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["held_interrupts"]


@contextlib.contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back for the time of a ``with`` block; the function that it gives lets it through.

    A second Ctrl-C, or the end of the block, lets it through too. Only in the main thread, and only where
    Ctrl-C means what it always means in Python; elsewhere nothing is held.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_ours or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came:
            signal.default_int_handler(number, frame)
        came = True

    def let_through() -> None:
        nonlocal came
        if came:
            came = False
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield let_through
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    let_through()
