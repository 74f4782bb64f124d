"""`sweep`: many runs of a recipe, in many processes or on many machines, each kept as soon as it is there."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from firstlight._machine import software_versions
from firstlight.datasets import load
from firstlight.recipes import AnyRecipe, find_recipe
from firstlight.training._run import RunRecord
from firstlight.training._sweep_check import check_sweep
from firstlight.training._sweep_data import DatasetSource, data_digest, portable_source
from firstlight.training._sweep_engine import outcomes
from firstlight.training._sweep_folder import SweepFailure, SweepFolder, open_sweep_folder, sweeps_folder
from firstlight.training._sweep_grid import Setting, checked_grid
from firstlight.training._sweep_job import SweepJob, SweepLoss, SweepOutcome
from firstlight.training._sweep_plan import SweepPlan, SweepTask
from firstlight.training._sweep_result import SweepResult, SweepRun, swept
from firstlight.training._sweep_workers import SweepWorkers, plan_workers

__all__ = ["SweepEvent", "SweepInterrupted", "SweepStarted", "sweep"]


@dataclass(frozen=True)
class SweepStarted:
    """A sweep is about to begin, or to go on: everything is decided.

    Attributes
    ----------
    plan, folder, workers
        What is done, where it is kept, and where it is computed.
    runs, failures
        What is there from before.
    """

    plan: SweepPlan
    folder: Path
    workers: SweepWorkers
    runs: tuple[SweepRun, ...]
    failures: tuple[SweepFailure, ...]


SweepEvent = SweepStarted | SweepRun | SweepFailure | SweepLoss


class SweepInterrupted(KeyboardInterrupt):
    """Ctrl-C during a sweep. ``result`` holds what is finished, which is kept.

    A KeyboardInterrupt, so that a script that makes many sweeps ends as its user wishes.
    """

    def __init__(self, result: SweepResult) -> None:
        super().__init__(f"The sweep was interrupted with {result.missing} runs to go.")
        self.result = result


def sweep(
    recipe: str | AnyRecipe = "mlp",
    *,
    seeds: int = 10,
    first_seed: int = 0,
    dataset: DatasetSource = "mnist",
    grid: Mapping[str, Sequence[Setting]] | None = None,
    backend: str = "loky",
    address: str | None = None,
    jobs: int | None = None,
    threads: int | None = None,
    device: str | None = None,
    name: str | None = None,
    out: Path | None = None,
    retry_failed: bool = False,
    on_event: Callable[[SweepEvent], None] | None = None,
) -> SweepResult:
    """Train a recipe from many seeds, and with many settings, and keep each run as soon as it is finished.

    Called again with the same arguments it makes only what is missing: after Ctrl-C, a crash or a power cut,
    or with more seeds or values. A worker that dies costs the run that it was in, which starts again, three
    times at most. Each run is what `train` gives for its seed, bit for bit where threads are equal. Chooses
    nothing: with a ``grid``, 5,000 training images are held out and judged, and the test set is left alone.

    Parameters
    ----------
    recipe
        A name or a recipe of your own.
    seeds, first_seed
        How many seeds, from which one on; each makes a run of each combination of settings.
    dataset
        What `load` takes, or the pair that it gives. A pair travels with every run; a name does not.
    grid
        Values to try for settings that `recipes.adjusted` takes, such as ``{"epochs": [1, 2]}``.
    backend
        ``"loky"``: processes of this machine. ``"ray"``, ``"dask"``: the machines of a cluster.
        ``"sequential"``: one run after the other in this process.
    address
        Of the cluster.
    jobs
        Runs under way at once; ``None`` takes a worker for each core, or what the cluster has.
    threads
        Of torch in each run; ``None`` shares the cores among the workers, and takes 1 on a cluster.
    device
        ``None`` takes a GPU if the worker has one.
    name, out
        The sweep's folder is ``out / name``; the default is below the home, named after the plan.
    retry_failed
        Make runs again that failed before.
    on_event
        Called with each `SweepEvent`, to draw progress.

    Returns
    -------
    SweepResult
        ``.groups`` with mean, spread and interval, ``.runs``, ``.failures``, ``.folder``.

    Raises
    ------
    UnknownNameError
        No such recipe, data set, setting or backend.
    UsageError
        An argument that cannot mean anything, a folder that holds another sweep, or no answer at the address.
    MissingExtraError
        The cluster's library is not installed.
    DataError
        The data cannot be had, here or on a worker, or the disk is full. What is finished is kept.
    SweepInterrupted
        Ctrl-C; its ``result`` holds what is finished.

    Examples
    --------
    >>> import firstlight as fl
    >>> from firstlight.training import sweep
    >>> train, test = fl.load("mnist")
    >>> result = sweep("mlp-fast", seeds=2, dataset=(train[:500], test[:500]), backend="sequential", name="s")
    >>> [run.task.seed for run in result.runs]
    [0, 1]
    """
    began = perf_counter()
    chosen = find_recipe(recipe) if isinstance(recipe, str) else recipe
    check_sweep(
        chosen, seeds=seeds, first_seed=first_seed, grid=grid, backend=backend, address=address, jobs=jobs,
        threads=threads, device=device, name=name,
    )  # fmt: skip
    pair = dataset if isinstance(dataset, tuple) else load(dataset)
    source = portable_source(dataset, pair)
    plan = SweepPlan(
        recipe=chosen,
        dataset=pair[0].name,
        data_sha256=data_digest(pair),
        grid=checked_grid(chosen, grid or {}),
        seeds=range(first_seed, first_seed + seeds),
        device=device,
    )
    folder = open_sweep_folder((out or sweeps_folder()).absolute() / (name or plan.name), plan)
    workers = plan_workers(backend, runs=len(plan.tasks), jobs=jobs, threads=threads, device=device)
    with folder.locked():
        state = _State(plan, folder, workers, on_event or _nobody)
        missing = state.read(retry_failed=retry_failed)
        work = (_job(task, plan, source, folder, workers) for task in missing)
        try:
            if not missing:
                state.begin(workers)
            else:
                engine = outcomes(work, workers, address=address, most=jobs, device=device)
                with closing(engine) as events:
                    for event in events:
                        state.take(event)
        except KeyboardInterrupt as error:
            state.read(retry_failed=False)  # a run may be kept of which nobody has been told yet
            raise SweepInterrupted(state.result(seconds=perf_counter() - began)) from error
        return state.result(seconds=perf_counter() - began)


def _nobody(event: SweepEvent) -> None:
    """Hear of an event and do nothing."""


def _job(
    task: SweepTask, plan: SweepPlan, source: DatasetSource, folder: SweepFolder, workers: SweepWorkers
) -> SweepJob:
    return SweepJob(
        task=task,
        recipe=plan.recipe,
        source=source,
        data_sha256=plan.data_sha256,
        folder=folder.path,
        token=folder.token,
        validates=plan.validates,
        threads=workers.threads,
        device=plan.device,
        firstlight=software_versions().get("firstlight", ""),
        host=socket.gethostname(),
    )


class _State:
    """What is known of each task while a sweep runs."""

    def __init__(
        self,
        plan: SweepPlan,
        folder: SweepFolder,
        workers: SweepWorkers,
        on_event: Callable[[SweepEvent], None],
    ) -> None:
        self._plan, self._folder, self._workers = plan, folder, workers
        self._on_event = on_event
        self._runs: dict[SweepTask, SweepRun] = {}
        self._failures: dict[SweepTask, SweepFailure] = {}

    def read(self, *, retry_failed: bool) -> list[SweepTask]:
        """Look up what is there from before and return what is missing."""
        for task in self._plan.tasks:
            if (record := self._folder.finished(task)) is not None:
                self._runs[task] = self._swept(task, record)
            elif retry_failed:
                self._folder.forget_failure(task)
            elif (failure := self._folder.failure(task)) is not None:
                self._failures[task] = failure
        return [task for task in self._plan.tasks if task not in self._runs and task not in self._failures]

    def begin(self, workers: SweepWorkers) -> None:
        """Tell that the workers are there."""
        self._workers = workers
        known = self.result(seconds=0.0)
        self._on_event(SweepStarted(known.plan, known.folder, workers, known.runs, known.failures))

    def take(self, event: SweepWorkers | SweepOutcome | SweepLoss) -> None:
        """Do what an event of the engine asks for."""
        if isinstance(event, SweepWorkers):
            self.begin(event)
        elif isinstance(event, SweepLoss):
            self._on_event(event)
        else:
            self.keep(event)

    def keep(self, outcome: SweepOutcome) -> None:
        """Keep what became of one job, and tell it."""
        task = outcome.task
        if outcome.stop is not None:
            raise outcome.stop
        if outcome.record is None:
            self._failures[task] = SweepFailure(task, outcome.failure or "")
            self._folder.keep_failure(self._failures[task])
            self._on_event(self._failures[task])
            return
        if outcome.files is not None:
            self._folder.keep_files(task, outcome.files)
        self._runs[task] = self._swept(task, outcome.record)
        self._on_event(self._runs[task])

    def result(self, *, seconds: float) -> SweepResult:
        """Return what is known by now, in the plan's order."""
        tasks = self._plan.tasks
        return SweepResult(
            plan=self._plan,
            folder=self._folder.path,
            workers=self._workers,
            runs=tuple(self._runs[task] for task in tasks if task in self._runs),
            failures=tuple(self._failures[task] for task in tasks if task in self._failures),
            seconds=seconds,
        )

    def _swept(self, task: SweepTask, record: RunRecord) -> SweepRun:
        return swept(task, self._folder.run_folder(task), record, validates=self._plan.validates)
