"""What a sweep found: its runs, and the mean of each combination of settings with its spread."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firstlight._metrics import Interval, t_interval
from firstlight.training._run import RunRecord
from firstlight.training._sweep_folder import SweepFailure
from firstlight.training._sweep_grid import Settings
from firstlight.training._sweep_plan import SweepPlan, SweepTask
from firstlight.training._sweep_workers import SweepWorkers

__all__ = ["SweepGroup", "SweepResult", "SweepRun", "sweep_groups", "swept"]


@dataclass(frozen=True)
class SweepRun:
    """A finished run of a sweep.

    Attributes
    ----------
    task
        Settings and seed.
    folder
        Where the whole run is; `load_run` reads it.
    accuracy
        On the test images, or on the validation images where settings are compared; a fraction.
    train_seconds
        Of this run alone.
    """

    task: SweepTask
    folder: Path
    accuracy: float
    train_seconds: float


@dataclass(frozen=True)
class SweepGroup:
    """The runs of one combination of settings; only the seed varies among them.

    Attributes
    ----------
    settings
        What differs from the recipe.
    n, failed
        Finished and failed runs.
    mean, sd, min, max
        Of the accuracy, fractions; ``sd`` is the sample's (divided by n - 1). Not a number where too few runs
        are there.
    interval
        Student's t, 95 %: where the mean over all seeds lies.
    train_seconds_mean
        Of a run.
    """

    settings: Settings
    n: int
    failed: int
    mean: float
    sd: float
    interval: Interval
    min: float
    max: float
    train_seconds_mean: float


@dataclass(frozen=True)
class SweepResult:
    """A sweep, as far as it got.

    Attributes
    ----------
    plan
        What was asked for.
    folder
        Where everything is kept; the same plan goes on there.
    workers
        Where the runs were computed.
    runs, failures
        What became of the plan's tasks, in the plan's order.
    seconds
        Of this call; runs that were there before took none.
    """

    plan: SweepPlan
    folder: Path
    workers: SweepWorkers
    runs: tuple[SweepRun, ...]
    failures: tuple[SweepFailure, ...]
    seconds: float

    @property
    def missing(self) -> int:
        """How many runs are neither finished nor failed."""
        return len(self.plan.tasks) - len(self.runs) - len(self.failures)

    @property
    def groups(self) -> tuple[SweepGroup, ...]:
        """One for each combination of settings; where there are several, the best mean first."""
        return sweep_groups(self.plan, self.runs, self.failures)

    def __repr__(self) -> str:
        group = self.groups[0]
        return (
            f"SweepResult({self.plan.recipe.name} on {self.plan.dataset}: {len(self.runs)} runs, "
            f"{len(self.failures)} failed, {self.missing} missing; "
            f"{self.plan.measured} {100 * group.mean:.2f} % (sd {100 * group.sd:.2f}))"
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values for JSON; what is not a number becomes ``None``."""
        measured = self.plan.measured
        return {
            "recipe": self.plan.recipe.name,
            "dataset": self.plan.dataset,
            "measured": measured,
            "backend": self.workers.backend,
            "jobs": self.workers.jobs,
            "threads": self.workers.threads,
            "workers_reason": self.workers.reason,
            "folder": str(self.folder),
            "groups": [_plain(group) for group in self.groups],
            "runs": [
                {
                    "seed": run.task.seed,
                    "settings": dict(run.task.settings),
                    measured: run.accuracy,
                    "train_seconds": run.train_seconds,
                    "run_dir": str(run.folder),
                }
                for run in self.runs
            ],
            "failures": [
                {
                    "seed": failure.task.seed,
                    "settings": dict(failure.task.settings),
                    "message": failure.message,
                }
                for failure in self.failures
            ],
            "missing": self.missing,
            "seconds": self.seconds,
        }


def swept(task: SweepTask, folder: Path, record: RunRecord, *, validates: bool) -> SweepRun:
    """Return what a sweep wants to know of a run: how it did on the validation images, or on the test's."""
    score = record.validation_accuracy if validates else record.test_accuracy
    return SweepRun(task, folder, math.nan if score is None else score, record.train_seconds)


def sweep_groups(
    plan: SweepPlan, runs: Iterable[SweepRun], failures: Iterable[SweepFailure]
) -> tuple[SweepGroup, ...]:
    """Summarise each combination of settings; the best mean comes first, those without runs last."""
    finished: dict[Settings, list[SweepRun]] = defaultdict(list)
    failed: dict[Settings, int] = defaultdict(int)
    for run in runs:
        finished[run.task.settings].append(run)
    for failure in failures:
        failed[failure.task.settings] += 1
    groups = [_group(settings, finished[settings], failed[settings]) for settings in plan.combinations]
    return tuple(sorted(groups, key=lambda group: (group.n == 0, -group.mean if group.n else 0.0)))


def _group(settings: Settings, runs: list[SweepRun], failed: int) -> SweepGroup:
    values = [run.accuracy for run in runs]
    nan = math.nan
    return SweepGroup(
        settings=settings,
        n=len(values),
        failed=failed,
        mean=_mean(values),
        sd=_sd(values),
        interval=t_interval(values) if values else Interval(nan, nan),
        min=min(values, default=nan),
        max=max(values, default=nan),
        train_seconds_mean=_mean([run.train_seconds for run in runs]),
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def _sd(values: Sequence[float]) -> float:
    if len(values) < 2:
        return math.nan
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _plain(group: SweepGroup) -> dict[str, Any]:
    numbers = {
        name: _number(getattr(group, name)) for name in ("mean", "sd", "min", "max", "train_seconds_mean")
    }
    low, high = map(_number, group.interval)
    return {
        "settings": dict(group.settings),
        "n": group.n,
        "mean": numbers["mean"],
        "sd": numbers["sd"],
        "interval": [low, high],
        "min": numbers["min"],
        "max": numbers["max"],
        "train_seconds_mean": numbers["train_seconds_mean"],
        "failed": group.failed,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
