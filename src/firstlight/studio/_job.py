"""`Job`: work that takes long, done in a thread of its own; pages ask how far it is."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from firstlight._errors import FirstlightError, UsageError

__all__ = ["Job", "Stopped"]

Work: TypeAlias = "Callable[[Job], Mapping[str, Any]]"
ENDING_SECONDS = 5.0  # that the process waits for a job when it ends


class Stopped(KeyboardInterrupt):
    """A person stopped the job. A KeyboardInterrupt, so that work that can be interrupted tidies up."""


class Job:
    """Does one piece of work at a time; outlives the page that asked for it.

    Parameters
    ----------
    noun
        What it is called in a message: ``"audit"``.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_stopped = threading.Event()
        self._fields: dict[str, Any] = {"number": 0, "is_running": False, "error": None, "is_stopped": False}

    def start(self, work: Work, **facts: Any) -> None:
        """Begin ``work``, which gets this job and calls `tell`.

        Parameters
        ----------
        work
            What it returns becomes part of the `state`.
        **facts
            Part of the `state` from the beginning.

        Raises
        ------
        UsageError
            Another piece of work is not done yet.
        """
        with self._lock:
            if self._fields["is_running"]:
                raise UsageError(
                    f"One {self._noun} at a time: another one runs. Stop it, or wait for its end."
                )
            self._is_stopped = threading.Event()
            number = self._fields["number"] + 1
            self._fields = {"number": number, "is_running": True, "error": None, "is_stopped": False, **facts}
            # A daemon, so that Ctrl-C ends the server at once; `_end` stops it before Python is gone.
            self._thread = threading.Thread(target=self._run, args=(work,), name=self._noun, daemon=True)
            self._thread.start()
        atexit.unregister(self._end)
        atexit.register(self._end)

    def tell(self, **progress: Any) -> None:
        """Put how far it is into the `state`; called by the work, often.

        Raises
        ------
        Stopped
            A person has stopped it. Raised once, so that what was done by then can be put together.
        """
        if self._is_stopped.is_set() and not self._fields["is_stopped"]:
            self._put(is_stopped=True)
            raise Stopped
        self._put(**progress)

    def stop(self) -> None:
        """Ask the work to end; it does at its next `tell`."""
        self._is_stopped.set()

    @property
    def stopping(self) -> threading.Event:
        """Set as soon as the work is to end: for work that waits on something else."""
        return self._is_stopped

    def state(self) -> dict[str, Any]:
        """Return how far it is: ``number`` (of the work), ``is_running``, ``error``, and what was told."""
        with self._lock:
            return dict(self._fields)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until no work is being done."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _put(self, **fields: Any) -> None:
        with self._lock:
            self._fields.update(fields)

    def _run(self, work: Work) -> None:
        done: dict[str, Any] = {}
        try:
            done = dict(work(self))
        except Stopped:
            done = {"is_stopped": True}
        except FirstlightError as error:
            done = {"error": str(error)}
        except Exception as error:
            logging.getLogger(__name__).exception("The %s broke", self._noun)
            done = {"error": f"That went wrong in Python: {type(error).__name__}: {error}"}
        finally:
            self._put(is_running=False, **done)

    def _end(self) -> None:
        self.stop()
        self.wait(ENDING_SECONDS)
