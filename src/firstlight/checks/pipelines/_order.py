"""D10: the order of the images."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["order_changes"]

ENOUGH = 1_000
NEAR = 0.02  # of the epoch: a mean distance from the published place that is no shuffle


@check_of("D10", "order of the train images", families=("order",), seconds=60)
@reads
def order_changes(subject: PipelineSubject) -> Outcome:
    """Look at the order of the train images, within an epoch and from one to the next."""
    train = subject.train
    if train is None or not len(train) or len(train.sizes) < 2:
        return skipped("the train split is one batch")
    by_class = _by_class(subject, train)
    if by_class is not None:
        return by_class
    declared, is_again = subject.declared.shuffle, _comes_again(subject, train)
    published = _distance(subject)
    if declared == "yes":
        return _as_declared(is_again, published)
    if published is not None and published == 0:
        return (
            warned("the train images come in their published order, in each epoch")
            if declared != "no"
            else passed()
        )
    if is_again:
        return warned(
            "the order is the same in the next epoch"
            if subject.is_same_source("train")
            else "asked anew, it gives the same order: ask for another one in each epoch"
        )
    if published is not None and published < NEAR:
        return warned(
            f"images stay near their published place: {100 * published:.2g} % of the epoch away on average"
        )
    return passed("another order in the next epoch" if is_again is not None else "")


def _as_declared(is_again: bool | None, published: float | None) -> Outcome:
    if published == 0:
        return failed(
            "order",
            expected="an order of its own in each epoch, as declared",
            seen="the published order",
            where="train batch 0, row 0",
            cause="Shuffling was declared and does not happen.",
            certainty=0.9,
        )
    if is_again:
        return failed(
            "order",
            expected="an order of its own in each epoch, as declared",
            seen="the same order in two epochs",
            where="second epoch, train batch 0",
            cause="The generator is seeded anew for each epoch, or images are shuffled once.",
            certainty=0.9,
        )
    return passed("another order in the next epoch")


def _by_class(subject: PipelineSubject, train: Epoch) -> Outcome | None:
    """Tell of images that come one class after the other."""
    labels = train.labels
    if len(labels) < ENOUGH or (labels < 0).any() or len(torch.unique(labels)) < 3:
        return None
    changes = int((labels.diff() != 0).sum())
    expected = len(labels) * (1 - float((torch.bincount(labels) / len(labels)).square().sum()))
    if changes >= 0.02 * expected:
        return None
    if subject.atlas is None or _distance(subject) == 0:
        return warned(
            f"train images come class by class: the label changes {changes} times in {len(labels):,} images"
        )
    return failed(
        "order",
        expected="classes mixed",
        seen=f"the label changes {changes} times in {len(labels):,} images",
        where=f"train batch 0 to "
        f"{train.batch_of(int((labels.diff() != 0).nonzero()[0, 0]))[0]}: class {int(labels[0])}",
        cause="Images are sorted by class, so that a network forgets each class while it sees the next.",
        hint="Shuffle the train images.",
        certainty=0.9,
    )


def _comes_again(subject: PipelineSubject, train: Epoch) -> bool | None:
    """Return whether the next epoch has the same order; ``None`` where that cannot be seen."""
    again = subject.train_again
    if again is None or not len(again):
        return None
    n = min(len(again), len(train))
    return torch.equal(again.labels[:n], train.labels[:n]) and len(torch.unique(train.labels[:n])) > 1


def _distance(subject: PipelineSubject) -> float | None:
    """Return how far images are from their published place, as a share of the epoch; 0 where in order."""
    found = subject.found_train
    if found is None or found.sure_share < 0.9:
        return None
    index = found.index[found.is_sure]
    if bool((index.diff() >= 0).float().mean() > 0.999):
        return 0.0
    ranks = index.argsort().argsort().float()
    return float((ranks - torch.arange(len(ranks))).abs().mean()) / len(ranks)
