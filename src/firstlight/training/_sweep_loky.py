"""Runs in processes of this machine, through loky: one executor for each worker."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

from joblib.externals.loky import BrokenProcessPool, ProcessPoolExecutor

from firstlight._errors import FirstlightError
from firstlight.training._sweep_backend import ATTEMPTS, Batch, SweepBackend, lost
from firstlight.training._sweep_job import SweepLoss, SweepOutcome
from firstlight.training._sweep_plan import SweepTask

__all__ = ["LokyBackend"]

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
LOOK_SECONDS = 0.5


class LokyBackend(SweepBackend):
    """Worker processes of this machine, each in an executor of its own.

    loky ends all workers of an executor when one of them dies. Here a death ends one run, which starts again
    in a new process.

    Parameters
    ----------
    slots
        How many worker processes there are.
    threads
        How many threads the libraries below torch may use in each.
    """

    def __init__(self, slots: int, *, threads: int) -> None:
        super().__init__(slots)
        self._threads = threads
        self._executors: dict[int, Any] = {}
        self._idle: SimpleQueue[int] = SimpleQueue()
        self._stopped = False
        for slot in range(slots):
            self._idle.put(slot)

    def start(self, batch: Batch, task: SweepTask) -> Future[list[SweepOutcome]]:
        """Begin a run on an idle worker; joblib never hands out more runs than there are workers."""
        future: Future[list[SweepOutcome]] = Future()
        self._try(future, batch, task, self._idle.get_nowait(), attempt=1)
        return future

    def stop(self) -> None:
        """Kill the workers."""
        self._stopped = True
        for executor in list(self._executors.values()):
            executor.shutdown(wait=True, kill_workers=True)
        self._executors.clear()

    def _try(
        self, future: Future[list[SweepOutcome]], batch: Batch, task: SweepTask, slot: int, *, attempt: int
    ) -> None:
        try:
            with _interrupts_held():
                running = self._submitted(slot, batch)
        except Exception as error:  # no process could be started; joblib waits for the future alone
            future.set_exception(error)
            return
        running.add_done_callback(partial(self._settle, future, batch, task, slot, attempt))

    def _submitted(self, slot: int, batch: Batch) -> Future[list[SweepOutcome]]:
        for _ in range(ATTEMPTS):
            with suppress(BrokenProcessPool):  # the worker died while it had nothing to do
                running: Future[list[SweepOutcome]] = self._executor(slot).submit(batch)
                return running
            self._executors.pop(slot).shutdown(wait=False, kill_workers=True)
        raise FirstlightError(
            "Worker processes die as soon as they are started. See what the system says about them, "
            "or try --backend sequential."
        )

    def _executor(self, slot: int) -> Any:
        if slot not in self._executors:
            environment = dict.fromkeys(THREADS, str(self._threads))
            self._executors[slot] = ProcessPoolExecutor(
                1, env=environment, initializer=_end_with, initargs=(os.getpid(),)
            )
        return self._executors[slot]

    def _settle(
        self,
        future: Future[list[SweepOutcome]],
        batch: Batch,
        task: SweepTask,
        slot: int,
        attempt: int,
        running: Future[list[SweepOutcome]],
    ) -> None:
        """Pass on what became of a run, or start it again if its worker died."""
        error = running.exception()
        if isinstance(error, BrokenProcessPool) and not self._stopped:
            self._executors.pop(slot).shutdown(wait=False, kill_workers=True)
            if attempt < ATTEMPTS:
                self.losses.put(SweepLoss(task, _how(error)))
                self._try(future, batch, task, slot, attempt=attempt + 1)
                return
        self._idle.put(slot)
        if isinstance(error, BrokenProcessPool):
            future.set_result(lost(task, f"{attempt} times, {_how(error)}"))
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(running.result())


def _how(error: BaseException) -> str:
    code = re.search(r"\{(.*)\}", str(error))
    return code[1] if code else str(error)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it goes to all of a terminal's, and the head decides."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(head: int) -> None:
    """End this worker as soon as the head is gone, even if it was killed and could say nothing."""
    if os.name == "posix":
        threading.Thread(target=_watch, args=(head,), daemon=True).start()


def _watch(head: int) -> None:
    while os.getppid() == head:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
