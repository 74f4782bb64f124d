"""`audit`: load, let networks judge what they never saw, learn how labels went wrong, tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from firstlight._errors import UnknownNameError, UsageError
from firstlight._seeds import check_seed
from firstlight.audits._events import AuditEvent, AuditStarted, JudgeStarted
from firstlight.audits._findings import found_report
from firstlight.audits._folds import FOLDS, check_auditable, fold_tasks, whole_tasks
from firstlight.audits._probabilities import Opinions, Task, judge
from firstlight.audits._recipe import judging_panel, judging_recipe
from firstlight.audits._report import AuditInterrupted, AuditReport
from firstlight.audits._subject import Subject
from firstlight.datasets import ImageDataset, load
from firstlight.recipes import Recipe

__all__ = ["audit"]

SPLITS = ("train", "test", "all")
REPETITIONS = {"train": 4, "all": 4, "test": 5}
MOST_REPETITIONS = 20

Pair = tuple[ImageDataset, ImageDataset]


def audit(
    dataset: str | Path | Pair = "mnist",
    *,
    split: str = "train",
    top: int | None = None,
    seed: int = 0,
    seconds: float | None = None,
    on_event: Callable[[AuditEvent], None] | None = None,
) -> AuditReport:
    """Find the labels of a data set that are probably wrong, and say how many there are.

    Networks are trained on the labels as they are, and each image is judged only by networks that never saw
    it. From what they say of all images it is learnt how labels went wrong; a label is flagged if another
    class is more probable, given all that. Changes nothing, and knows no corrections.

    Parameters
    ----------
    dataset
        What `load` takes, or the pair (train, test) that it gives.
    split
        ``"train"``: by five stratified folds. ``"test"``: by networks trained on the train split. ``"all"``:
        both splits together, by five folds.
    top
        How many suspects to list; ``None`` lists as many as are flagged or believed wrong, whichever is more.
    seed
        Decides folds, first weights and orders.
    seconds
        About how long networks may be trained; at least one judges each image. ``None``: four for each
        image, or five where the test split is audited.
    on_event
        Told what happens: `AuditStarted`, `JudgeStarted`, `JudgeStep`, `JudgeDone`, `Looking`.

    Returns
    -------
    AuditReport

    Raises
    ------
    UsageError
        An argument that cannot mean anything; too few images of a class for the folds, one class only, or
        images that are all equal.
    AuditInterrupted
        Ctrl-C; its ``report`` is what was found by then.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> report = fl.audit((train[:600], test[:100]), seconds=1)
    >>> report.images, report.judged, report.repetitions
    (600, 600, 1)
    """
    _check_arguments(split, top, seconds)
    started = time.perf_counter()
    subject = Subject(*_pair(dataset), split=split)
    plan = _planned(subject, check_seed(seed), seconds)
    tell = on_event or _nobody
    opinions = Opinions(len(subject.pool), len(subject.pool.classes))
    judges = 0
    stop: KeyboardInterrupt | None = None
    try:
        tell(AuditStarted(len(subject), plan.judges, plan.named))
        for judges in _judged(subject, plan, opinions, tell):  # noqa: B007
            pass
    except KeyboardInterrupt as error:
        stop = error
    if stop is not None and not judges:
        raise AuditInterrupted(None) from stop
    report = found_report(
        subject,
        opinions,
        top=top,
        seed=seed,
        recipe=plan.named,
        judges=judges,
        started=started,
        is_complete=stop is None,
        tell=tell,
    )
    if stop is not None:
        raise AuditInterrupted(report) from stop
    return report


@dataclass(frozen=True)
class _Plan:
    recipes: tuple[Recipe, ...]  # which take turns, repetition after repetition
    tasks: Callable[[int], Iterator[Task]]
    a_round: int
    repetitions: int
    seconds: float | None
    seed: int

    @property
    def judges(self) -> int:
        return self.a_round * self.repetitions

    @property
    def named(self) -> str:
        return ", ".join(dict.fromkeys(recipe.name for recipe in self.recipes[: self.repetitions]))


def _planned(subject: Subject, seed: int, seconds: float | None) -> _Plan:
    """Decide who judges whom, before anything is trained."""
    repetitions = REPETITIONS[subject.split] if seconds is None else MOST_REPETITIONS
    if subject.split == "test":
        check_auditable(subject.train, least=1)
        subject.check_known_classes()
        learns, judges = len(subject.train), len(subject.test)
        panel = judging_panel(subject.pool, learns)
        return _Plan(panel, partial(_whole, learns, judges), 1, repetitions, seconds, seed)
    check_auditable(subject.pool)
    recipe = judging_recipe(subject.pool, len(subject.pool) * (FOLDS - 1) // FOLDS)
    return _Plan((recipe,), partial(_folds, subject.pool, seed), FOLDS, repetitions, seconds, seed)


def _folds(pool: ImageDataset, seed: int, repetitions: int) -> Iterator[Task]:
    return fold_tasks(pool, repetitions=repetitions, seed=seed)


def _whole(learns: int, judges: int, repetitions: int) -> Iterator[Task]:
    return whole_tasks(learns, judges, repetitions=repetitions)


def _judged(
    subject: Subject, plan: _Plan, opinions: Opinions, tell: Callable[[AuditEvent], None]
) -> Iterator[int]:
    """Train network after network, while there is time for a whole round; yield how many are done."""
    started = time.perf_counter()
    for number, task in enumerate(plan.tasks(plan.repetitions), start=1):
        if plan.seconds is not None and task.fold == 0 and task.repetition:
            spent = time.perf_counter() - started
            if spent * (task.repetition + 1) / task.repetition > plan.seconds:
                return
        tell(JudgeStarted(number, plan.judges))
        recipe = plan.recipes[task.repetition % len(plan.recipes)]
        for event in judge(subject.pool, task, recipe, opinions, seed=plan.seed):
            tell(event)
        yield number


def _nobody(_: AuditEvent) -> None:
    """Be told."""


def _pair(dataset: str | Path | Pair) -> Pair:
    if not isinstance(dataset, tuple):
        return load(dataset)
    if len(dataset) != 2 or not all(isinstance(part, ImageDataset) for part in dataset):
        raise UsageError(
            "audit() takes the name of a data set, a path, or the pair (train, test) that load() gives; "
            f"got {dataset!r}."
        )
    return dataset


def _check_arguments(split: str, top: int | None, seconds: float | None) -> None:
    if split not in SPLITS:
        raise UnknownNameError("split to audit", str(split), SPLITS)
    if top is not None and (isinstance(top, bool) or not isinstance(top, int) or top < 1):
        raise UsageError(f"top is a whole number of suspects, at least 1, or None; got {top!r}.")
    if seconds is not None and (isinstance(seconds, bool) or not 0 < seconds < float("inf")):
        raise UsageError(f"seconds is a number above 0, or None; got {seconds!r}.")
