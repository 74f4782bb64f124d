"""Where runs are computed: a backend of joblib that keeps going when a worker dies.

joblib's own backends lose more than one task with a worker: loky ends the other workers too, Ray's hands out
no result before all are there, and Dask's waits for ever for a task that the scheduler has given up. A sweep
may take days, so ours start a lost run again on another worker, up to `ATTEMPTS` times in all, and then
answer for the dead worker with a failure; the other runs never notice.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from joblib.parallel import ParallelBackendBase, ThreadingBackend

from firstlight.training._sweep_job import SweepLoss, SweepOutcome
from firstlight.training._sweep_plan import SweepTask

__all__ = ["ATTEMPTS", "SweepBackend", "lost"]

ATTEMPTS = 3
Batch = Callable[[], list[SweepOutcome]]  # what joblib hands out: a batch of one job


class SweepBackend(ParallelBackendBase):  # type: ignore[misc]
    """What the backends of a sweep have in common.

    Parameters
    ----------
    slots
        How many runs are under way at once.

    Attributes
    ----------
    losses
        Workers that died and whose run started again, for whoever wants to tell. Clusters do so by themselves
        and tell nobody.
    """

    supports_retrieve_callback = True

    def __init__(self, slots: int) -> None:
        super().__init__()
        self.slots = slots
        self.losses: SimpleQueue[SweepLoss] = SimpleQueue()

    @abstractmethod
    def start(self, batch: Batch, task: SweepTask) -> Future[list[SweepOutcome]]:
        """Begin a run. The future gets its outcome, also if its workers die; an error ends the sweep."""

    @abstractmethod
    def stop(self) -> None:
        """End whatever still runs, now, and let go of the workers. May be called twice."""

    # What joblib calls.

    def effective_n_jobs(self, n_jobs: int) -> int:  # noqa: ARG002
        """Return how many runs are under way at once, for joblib, which does a single one in the head."""
        return max(2, self.slots)

    def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Future[list[SweepOutcome]]:
        """Begin a batch, which holds one job."""
        ((_, (job,), _),) = func.items
        future = self.start(func, job.task)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    apply_async = submit  # its name before joblib 1.5

    def retrieve_result_callback(self, out: Future[list[SweepOutcome]]) -> list[SweepOutcome]:
        """Return the outcome of a finished batch."""
        return out.result()

    def get_nested_backend(self) -> tuple[Any, None]:
        """Let what a run parallelises itself, such as a forest, use threads of its own worker."""
        return ThreadingBackend(nesting_level=1), None

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002
        """End whatever still runs."""
        self.stop()

    def terminate(self) -> None:
        """Let go of the workers."""
        self.stop()


def lost(task: SweepTask, reason: str) -> list[SweepOutcome]:
    """Answer for a run whose workers died."""
    return [SweepOutcome(task, failure=f"Its worker died: {reason}")]
