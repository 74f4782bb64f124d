"""Runs on a Dask cluster: the scheduler starts a run again elsewhere if its worker is lost."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from importlib import import_module
from typing import Any
from uuid import uuid4

from firstlight._errors import FirstlightError, UsageError
from firstlight.training._sweep_address import ANSWER_SECONDS, host_and_port
from firstlight.training._sweep_backend import Batch, SweepBackend, lost
from firstlight.training._sweep_job import SweepOutcome
from firstlight.training._sweep_plan import SweepTask

__all__ = ["DaskBackend"]

CURE = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`."


class DaskBackend(SweepBackend):
    """Tasks on a Dask cluster that is already there; made to be used once.

    Not joblib's own Dask backend: that one waits for ever for a run that the scheduler has given up.

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
        self.processors = sum(self._client.ncores().values())
        super().__init__(jobs or self.processors)
        self._stopped = False

    def start(self, batch: Batch, task: SweepTask) -> Future[list[SweepOutcome]]:
        """Hand a run to the scheduler; the key is what its pages show."""
        future: Future[list[SweepOutcome]] = Future()
        remote = self._client.submit(batch, key=f"{task.key}-{uuid4().hex}", pure=False)
        # The reference holds the run on the cluster; when the last one goes, so does the run.
        remote.add_done_callback(partial(self._settle, future, task))
        return future

    def stop(self) -> None:
        """Leave the cluster, which then drops what still runs."""
        if not self._stopped:
            self._stopped = True
            self._client.close()

    def _settle(self, future: Future[list[SweepOutcome]], task: SweepTask, remote: Any) -> None:
        try:
            future.set_result(remote.result())
        except self._killed as error:
            future.set_result(lost(task, str(error).splitlines()[0]))
        except BaseException as error:  # a cancelled future raises one; nobody above would see it here
            future.set_exception(
                FirstlightError(
                    f"The Dask cluster was lost ({type(error).__name__}: {error}). What is finished is kept; "
                    "give the same command again when the cluster is back."
                )
            )
