"""How many workers a sweep has and how many threads each, and why; then the workers themselves."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from firstlight._device import choose_device
from firstlight._errors import MissingExtraError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from firstlight.training._sweep_backend import SweepBackend

__all__ = [
    "BACKENDS",
    "LOCAL",
    "SweepWorkers",
    "check_workers",
    "local_workers",
    "open_workers",
    "plan_workers",
]

BACKENDS = ("dask", "loky", "ray", "sequential")
LOCAL = ("loky", "sequential")
PACKAGES = {"dask": "distributed", "ray": "ray"}
MOST_JOBS = 10_000


@dataclass(frozen=True)
class SweepWorkers:
    """Where the runs of a sweep are computed.

    Attributes
    ----------
    backend
        ``"loky"``, ``"ray"``, ``"dask"`` or ``"sequential"``.
    jobs
        How many runs are under way at once.
    threads
        Threads of torch in each run. Runs of equal seed and threads are equal bit for bit.
    reason
        Why so many.
    """

    backend: str
    jobs: int
    threads: int
    reason: str

    def __str__(self) -> str:
        workers, threads = _counted(self.jobs, "worker"), _counted(self.threads, "thread")
        return f"{workers} x {threads}: {self.reason}"


def check_workers(backend: str, *, address: str | None, jobs: int | None, threads: int | None) -> None:
    """Refuse what cannot mean anything.

    Raises
    ------
    UnknownNameError
        No such backend.
    UsageError
        An address where there is nothing to address, none where one is needed, or counts out of range.
    MissingExtraError
        The backend's library is not installed.
    """
    if backend not in BACKENDS:
        raise UnknownNameError("backend", backend, BACKENDS)
    for name, count in (("jobs", jobs), ("threads", threads)):
        whole = isinstance(count, int) and not isinstance(count, bool)
        if count is not None and not (whole and 1 <= count <= MOST_JOBS):
            raise UsageError(f"{name} is a whole number from 1 to {MOST_JOBS:,}; got {count!r}.")
    if backend in LOCAL and address is not None:
        raise UsageError(f"Backend {backend!r} runs on this machine and takes no --address; got {address!r}.")
    if backend not in LOCAL and not address:
        example = {"ray": "10.0.0.1:6379 or auto", "dask": "tcp://10.0.0.1:8786"}[backend]
        raise UsageError(f"--backend {backend} needs the --address of its cluster, such as {example}.")
    package = PACKAGES.get(backend)
    if package and find_spec(package) is None:
        raise MissingExtraError(f"--backend {backend}", package=package, extra="cluster")
    if backend == "sequential" and jobs not in {None, 1}:
        raise UsageError(f"Backend 'sequential' does one run after the other; got --jobs {jobs}.")


def local_workers(
    backend: str, *, runs: int, cores: int, jobs: int | None = None, threads: int | None = None, gpu: str = ""
) -> SweepWorkers:
    """Share the cores of this machine among workers.

    Parameters
    ----------
    backend
        ``"loky"`` or ``"sequential"``.
    runs
        How many the sweep has in all; there are never more workers.
    cores
        Of this machine.
    jobs, threads
        As asked for; ``None`` chooses.
    gpu
        The GPU that the runs would share; empty where they compute on the processor.

    Examples
    --------
    >>> print(local_workers("loky", runs=20, cores=2))
    2 workers x 1 thread: 2 cores
    >>> print(local_workers("loky", runs=3, cores=8))
    3 workers x 2 threads: 8 cores, 3 runs
    >>> print(local_workers("sequential", runs=20, cores=2))
    1 worker x 2 threads: 2 cores, one run after the other
    """
    facts = [_counted(cores, "core")]
    if backend == "sequential":
        chosen = 1
        facts.append("one run after the other")
    elif jobs is not None:
        chosen = jobs
        facts.append(f"--jobs {jobs}")
    elif gpu:
        chosen = 1
        facts.append(f"the runs take turns on {gpu}")
    else:
        chosen = min(cores, runs)
        if chosen < cores:
            facts.append(_counted(runs, "run"))
    if threads is not None:
        facts.append(f"--threads {threads}")
    return SweepWorkers(backend, chosen, threads or max(1, cores // chosen), ", ".join(facts))


def plan_workers(
    backend: str, *, runs: int, jobs: int | None, threads: int | None, device: str | None
) -> SweepWorkers:
    """Decide on this machine's workers; how many a cluster has is told when it answers."""
    if backend not in LOCAL:
        return SweepWorkers(backend, 0, threads or 1, "no run is missing")
    from joblib import cpu_count  # here: it takes longer to import than a whole plan to make

    place = choose_device(device).device
    gpu = "" if place.type == "cpu" else str(place)
    return local_workers(backend, runs=runs, cores=cpu_count(), jobs=jobs, threads=threads, gpu=gpu)


def open_workers(
    chosen: SweepWorkers, *, address: str | None, jobs: int | None, device: str | None
) -> tuple[SweepBackend | None, SweepWorkers]:
    """Start or join the workers; ``None`` stands for this process itself.

    Raises
    ------
    UsageError
        Nothing answers at the address.
    """
    if chosen.backend == "sequential":
        return None, chosen
    if chosen.backend == "loky":
        from firstlight.training._sweep_loky import LokyBackend

        return LokyBackend(chosen.jobs, threads=chosen.threads), chosen
    backend = _cluster(chosen, str(address), jobs, device)
    reason = f"the {_counted(backend.processors, 'processor')} of the cluster at {address}"
    return backend, SweepWorkers(chosen.backend, backend.slots, chosen.threads, reason)


def _cluster(chosen: SweepWorkers, address: str, jobs: int | None, device: str | None) -> Any:
    if chosen.backend == "ray":
        from firstlight.training._sweep_ray import RayBackend

        return RayBackend(
            address, jobs=jobs, threads=chosen.threads, needs_gpu=(device or "").startswith("cuda")
        )
    from firstlight.training._sweep_dask import DaskBackend

    return DaskBackend(address, jobs=jobs)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
