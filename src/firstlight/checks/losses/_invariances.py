"""S2, S16, S17: what must not change a loss: order, copies, other rows, a constant added to all logits."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.losses._batches import Batch, picked
from firstlight.checks.losses._subject import LossSubject

__all__ = ["copies_change_nothing", "order_changes_nothing", "rows_do_not_mix"]


@check_of("S2", "order and shift change nothing", families=("order", "labels", "softmax"))
def order_changes_nothing(subject: LossSubject) -> Outcome:
    """Permute rows, permute classes, add a constant to the logits."""
    base = subject.batch(n=12, seed=7)
    value = subject.value(base)
    if value.size != 1:
        return skipped("it gives one loss a row")
    rows = np.random.default_rng(8).permutation(len(base.outputs))
    if not subject.is_close(subject.value(picked(base, rows)), value):
        return _changed(subject, "rows in another order", "order", "Rows are not treated alike.")
    if base.outputs.ndim == 1:
        return passed("rows")
    if _may_tell_classes_apart(subject):
        return passed("rows; its classes have weights of their own")
    classes = np.roll(np.arange(base.outputs.shape[1]), 3)
    moved = Batch(
        base.outputs[:, classes],
        base.targets[:, classes],
        None if base.labels is None else np.argsort(classes)[base.labels].astype(np.int64),
        base.form,
    )
    if not subject.is_close(subject.value(moved), value):
        return _changed(subject, "classes in another order", "labels", "Classes are not treated alike.")
    is_shifted = subject.reference is not None and subject.reference.from_log_probabilities is not None
    if is_shifted and not subject.is_close(subject.value(base.with_outputs(base.outputs + 7.0)), value):
        return _changed(
            subject, "7 added to all logits", "softmax", "The softmax is missing or not one of rows."
        )
    return passed("rows, classes" + (", a constant" if is_shifted else ""))


def _may_tell_classes_apart(subject: LossSubject) -> bool:
    return any(
        (value is not None and np.size(value) > 1)
        or (name == "ignore_index" and isinstance(value, int) and value >= 0)
        for name, value in subject.options.items()
    )


def _changed(subject: LossSubject, what: str, family: str, cause: str) -> Outcome:
    if subject.reference is None:
        return warned(f"With {what} it is another loss.")
    return failed(
        family,
        expected=f"the same loss with {what}",
        seen="another loss",
        where=what,
        cause=cause,
        certainty=0.4,
    )


@check_of("S16", "a batch twice", families=("reduction",))
def copies_change_nothing(subject: LossSubject) -> Outcome:
    """Append a batch to itself: a mean stays, a sum doubles."""
    base = subject.batch(n=7, seed=9)
    value = subject.value(base)
    if value.size != 1:
        return skipped("it gives one loss a row")
    doubled = subject.value(picked(base, np.concatenate([np.arange(7), np.arange(7)])))
    factor = 2.0 if subject.options.get("reduction") == "sum" else 1.0
    if subject.is_close(doubled, factor * value):
        return passed("the same" if factor == 1 else "twice as much")
    ratio = float(doubled.reshape(-1)[0]) / float(value.reshape(-1)[0])
    if subject.reference is None:
        return warned(f"A batch twice gives {ratio:.4g} times the loss.")
    return failed(
        "reduction",
        expected=f"{factor:g} times the loss",
        seen=f"{ratio:.4g} times the loss",
        where="a batch of 7 rows, twice",
        cause="It is summed over the batch."
        if np.isclose(ratio, 2, rtol=1e-3)
        else "Its mean is no mean over rows.",
        certainty=0.6,
    )


@check_of("S17", "rows do not mix", families=("batch-mixing", "softmax"))
def rows_do_not_mix(subject: LossSubject) -> Outcome:
    """Ask one row, the others, and all together."""
    if subject.reference is None:
        return skipped("no reference: it may be meant to compare rows")
    base = subject.batch(n=12, seed=10)
    if subject.options.get("weight") is not None or subject.value(base).size != 1:
        return skipped("it is weighted, or gives one loss a row")
    if base.labels is not None and (base.labels == subject.options.get("ignore_index")).any():
        return skipped("it ignores some of the rows")
    whole, first, rest = (
        float(subject.value(picked(base, rows)).reshape(-1)[0])
        for rows in (slice(None), slice(0, 1), slice(1, None))
    )
    expected = first + rest if subject.options.get("reduction") == "sum" else (first + 11 * rest) / 12
    if abs(whole - expected) <= 3e-4 * (1 + abs(expected)):
        return passed("a batch is the mean of its rows")
    return failed(
        "batch-mixing",
        expected=f"{expected:.6g}, from one row and the others apart",
        seen=f"{whole:.6g} together",
        where="row 0 of 12",
        cause="A row's loss depends on the other rows: a softmax, mean or norm over the batch.",
        certainty=0.5,
    )
