"""The jobs of a sweep, handed to workers through joblib; outcomes come back in the order they are ready."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from firstlight.training._sweep_job import SweepJob, SweepLoss, SweepOutcome
from firstlight.training._sweep_worker import run_job
from firstlight.training._sweep_workers import SweepWorkers, open_workers

if TYPE_CHECKING:
    from firstlight.training._sweep_backend import SweepBackend

__all__ = ["outcomes"]


def outcomes(
    jobs: Iterable[SweepJob],
    workers: SweepWorkers,
    *,
    address: str | None,
    most: int | None,
    device: str | None,
) -> Generator[SweepOutcome | SweepLoss | SweepWorkers, None, None]:
    """Do the jobs, yielding first who does them, then what became of each.

    Parameters
    ----------
    jobs
        Taken one by one, as workers become free.
    workers
        As planned; on a cluster the number of workers is known only when it answers.
    address
        Of the cluster.
    most
        How many runs may be under way at once; ``None`` as many as there are workers.
    device
        Where each run computes, as asked for.

    Yields
    ------
    SweepWorkers
        Once, first.
    SweepOutcome
        For each job, in the order they are ready.
    SweepLoss
        For each worker that died, before the next outcome.
    """
    backend, found = open_workers(workers, address=address, jobs=most, device=device)
    yield found
    if backend is None:
        with _threads_restored():
            yield from map(run_job, jobs)
    else:
        yield from _through_joblib(backend, jobs, ahead=1 if most or found.backend == "loky" else 2)


def _through_joblib(
    backend: SweepBackend, jobs: Iterable[SweepJob], *, ahead: int
) -> Iterator[SweepOutcome | SweepLoss]:
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=max(2, backend.slots),
        backend=backend,
        return_as="generator_unordered",
        batch_size=1,
        # A cluster gets a second helping, so that no worker waits for the head, and one that joins has work.
        pre_dispatch=ahead * backend.slots,
    )
    try:
        results = parallel(delayed(run_job)(job) for job in jobs)
        try:
            for outcome in results:
                while not backend.losses.empty():
                    yield backend.losses.get()
                yield outcome
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # joblib tells us that we left early; we know
                results.close()
    finally:
        backend.stop()


@contextmanager
def _threads_restored() -> Iterator[None]:
    """Give this process its number of threads back; a run in it sets its own."""
    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)
