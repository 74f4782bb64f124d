"""What can be audited, and which network judges which images."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from firstlight._errors import UsageError
from firstlight._seeds import derived_seed
from firstlight.audits._probabilities import Task
from firstlight.datasets import ImageDataset, fold_indices

__all__ = ["FOLDS", "check_auditable", "fold_tasks", "whole_tasks"]

FOLDS = 5


def check_auditable(data: ImageDataset, *, least: int = FOLDS) -> None:
    """Refuse images of which no network could learn anything.

    Parameters
    ----------
    data
        What is learnt from.
    least
        Images that each class needs.

    Raises
    ------
    UsageError
        One class only, too few images of a class, or images that are all equal; says what cures it.
    """
    counts = data.class_counts().tolist()
    present = [label for label, count in enumerate(counts) if count]
    if len(present) < 2:
        raise UsageError(
            f"All {len(data)} images of {data.name} ({data.split}) carry the label "
            f"{data.classes[present[0]]!r}. An audit needs at least two classes to choose between."
        )
    rarest = min(present, key=counts.__getitem__)
    if counts[rarest] < least:
        raise UsageError(
            f"Class {data.classes[rarest]!r} of {data.name} ({data.split}) has {counts[rarest]} image(s); "
            f"an audit by {least} folds needs at least {least} of each class. Add images of it, or leave "
            "the class out."
        )
    if bool((data.images == data.images[:1]).all()):
        raise UsageError(
            f"All {len(data)} images of {data.name} ({data.split}) are equal, so nothing tells their labels "
            "apart. Look at how they were read."
        )


def fold_tasks(data: ImageDataset, *, repetitions: int, seed: int) -> Iterator[Task]:
    """Yield networks that judge one fold each and learn from the others; new folds in each repetition."""
    for repetition in range(repetitions):
        folds = fold_indices(data.labels, FOLDS, seed=derived_seed(seed, "audit folds", repetition))
        for number, fold in enumerate(folds):
            rest = torch.ones(len(data), dtype=torch.bool).index_fill_(0, fold, False)
            yield Task(repetition, number, rest.nonzero().flatten(), fold)


def whole_tasks(learns: int, judges: int, *, repetitions: int) -> Iterator[Task]:
    """Yield networks that learn from the first images of a pool and judge all that come after them."""
    first, last = torch.arange(learns), torch.arange(learns, learns + judges)
    for repetition in range(repetitions):
        yield Task(repetition, 0, first, last)
