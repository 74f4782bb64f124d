"""Runs on a Dask cluster: the scheduler starts a run again elsewhere if its worker is lost."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple
from uuid import uuid4

from firstlight._errors import FirstlightError, UsageError
from firstlight.training._sweep_address import ANSWER_SECONDS, host_and_port
from firstlight.training._sweep_backend import Batch, SweepBackend, lost
from firstlight.training._sweep_job import SweepOutcome
from firstlight.training._sweep_plan import SweepTask

__all__ = ["DaskBackend"]

CLIENT_LOG = logging.getLogger("distributed.client")
CURE = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`."


class _Errand(NamedTuple):
    """A run that is with the scheduler, and who waits for it."""

    batch: Batch
    task: SweepTask
    future: Future[list[SweepOutcome]]


class DaskBackend(SweepBackend):
    """Tasks on a Dask cluster that is already there; made to be used once.

    Not joblib's own Dask backend: that one waits for ever for a run that the scheduler has given up.

    The scheduler gives a run up when four workers have died with it, and blames each run that lay on such a
    worker, even if its turn had not come. So what it gives up is tried once more, one such run at a time, and
    has failed only if it is given up again.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://host:8786``.
    jobs
        How many runs are under way at once; ``None`` fills the workers' threads.
    seconds
        How long the scheduler, and its first worker, may let us wait.

    Raises
    ------
    UsageError
        No scheduler answers at the address, or it has no worker.
    """

    def __init__(self, address: str, *, jobs: int | None, seconds: float = ANSWER_SECONDS) -> None:
        host_and_port(address)
        distributed = import_module("distributed")
        self._killed = distributed.scheduler.KilledWorker
        try:
            self._client = distributed.Client(address, timeout=seconds, set_as_default=False)
        except OSError as error:
            raise UsageError(f"No Dask scheduler answers at {address} ({error}). {CURE}") from error
        try:
            self._client.wait_for_workers(1, timeout=seconds)
        except TimeoutError as error:
            self._client.close()
            raise UsageError(f"The Dask scheduler at {address} has no worker. {CURE}") from error
        self._log_level = CLIENT_LOG.level
        CLIENT_LOG.setLevel(logging.CRITICAL)  # it shows a traceback for what we tell in a sentence
        self.processors = sum(self._client.ncores().values())
        super().__init__(jobs or self.processors)
        self._stopped = False
        self._suspects: deque[_Errand] = deque()
        self._on_trial: _Errand | None = None

    def start(self, batch: Batch, task: SweepTask) -> Future[list[SweepOutcome]]:
        """Hand a run to the scheduler."""
        errand = _Errand(batch, task, Future())
        self._submit(errand)
        return errand.future

    def stop(self) -> None:
        """Leave the cluster, which then drops what still runs."""
        if not self._stopped:
            self._stopped = True
            self._client.close()
            CLIENT_LOG.setLevel(self._log_level)

    def _submit(self, errand: _Errand) -> None:
        # The key is what the scheduler's pages show.
        remote = self._client.submit(errand.batch, key=f"{errand.task.key}-{uuid4().hex}", pure=False)
        remote.add_done_callback(partial(self._settle, errand))

    def _settle(self, errand: _Errand, remote: Any) -> None:
        """Pass on what became of a run; all of Dask's callbacks come one after the other, on one thread."""
        future = errand.future
        try:
            answer = remote.result()
        except self._killed as error:
            if errand is not self._on_trial:
                self._suspects.append(errand)
            else:
                future.set_result(lost(errand.task, str(error).splitlines()[0]))
        except BaseException as error:  # a cancelled future raises one; nobody above would see it here
            future.set_exception(
                FirstlightError(
                    f"The Dask cluster was lost ({type(error).__name__}: {error}). What is finished is kept; "
                    "give the same command again when the cluster is back."
                )
            )
        else:
            future.set_result(answer)
        if errand is self._on_trial:
            self._on_trial = None
        if self._suspects and self._on_trial is None and not self._stopped:
            self._on_trial = self._suspects.popleft()
            self._submit(self._on_trial)
