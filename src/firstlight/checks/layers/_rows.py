"""L3, L4, L5: the rows of a batch do not know of each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._layer import Array, Layer
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["rows_are_independent", "rows_may_be_permuted", "some_rows_alone"]

ROWS = 9
SEQUENCES = (
    "attn",
    "attention",
    "query",
    "qkv",
    "rnn",
    "lstm",
    "gru",
    "mixer",
    "transformer",
    "seq",
    "time",
    "recur",
)


def _layer(subject: LayerSubject) -> Layer | str:
    """Return the layer in evaluation, or why its rows may well mix."""
    layer = subject.make().mode(False)
    if (
        not layer.has_modes
        and subject.reference is not None
        and subject.reference.name.startswith("batchnorm")
    ):
        return "it always normalises with the batch"
    for part in layer.owner.modules() if layer.is_module else ():
        if getattr(part, "track_running_stats", None) is False and "Batch" in type(part).__name__:
            return "it normalises with the batch in evaluation too, as it was told"
    if subject.reference is not None and subject.reference.name.startswith("batchnorm"):
        if subject.known.values.get("track_running_stats") is False:
            return "it normalises with the batch in evaluation too, as it was told"
        layer.mode(True)
        layer(subject.plan.draw(1))
        layer.mode(False)
    x = subject.plan.draw(0)
    try:
        if not np.array_equal(layer.again(x, seed=1), layer.again(x, seed=2)):
            return "it draws in evaluation"
    except TargetBroke:
        return "it breaks"
    return layer


@check_of("L3", "rows are independent", families=("batch-mixing", "shape"))
def rows_are_independent(subject: LayerSubject) -> Outcome:
    """Change one row of the batch: no other row of the output may change, in evaluation."""
    layer = _layer(subject)
    if isinstance(layer, str):
        return skipped(layer)
    axis = subject.row_axis
    x = subject.plan.draw(0)
    y = layer.again(x)
    if not _has_rows(x, y, axis):
        return skipped("the output has no row for each row of the input")
    touched = _touched(subject, layer, x, y, axis)
    if touched is None:
        return passed("a row changed, the others' outputs did not")
    if _is_steps_first(subject, layer, x, y, axis):
        return passed("rows lie on the second axis", dialect="rows on axis 1")
    return failed(
        "batch-mixing",
        expected=f"row {touched[0]} as before when row {touched[1]} is replaced",
        seen=f"it changes by up to {touched[2]:.3g}",
        where=f"output row {touched[0]}, in evaluation",
        cause="Something is computed over the batch: a mean, a softmax or a reshape along the wrong axis.",
        certainty=0.75,
    )


def _touched(
    subject: LayerSubject, layer: Layer, x: Array, y: Array, axis: int
) -> tuple[int, int, float] | None:
    if not _has_rows(x, y, axis):
        return None
    rows = x.shape[axis]
    for changed in (rows - 1, 0):
        other = np.moveaxis(x.copy(), axis, 0)
        other[changed] = np.moveaxis(subject.plan.draw(21), axis, 0)[changed] * (
            1 if subject.plan.below else 3
        )
        after = layer.again(np.moveaxis(other, 0, axis))
        gap = np.abs(np.moveaxis(after - y, axis, 0)).reshape(rows, -1).max(1)
        gap[changed] = 0
        tolerance = (1e-9 if subject.is_double else 1e-4) * max(
            1e-12, float(np.abs(y).max()), float(np.abs(after).max())
        )
        if not gap.max() <= tolerance:
            return int(np.argmax(gap)), changed, float(gap.max())
    return None


@check_of("L4", "rows may be permuted", families=("batch-mixing", "order"))
def rows_may_be_permuted(subject: LayerSubject) -> Outcome:
    """Permute the rows of the batch: the outputs are permuted likewise, in evaluation."""
    layer = _layer(subject)
    if isinstance(layer, str):
        return skipped(layer)
    axis = subject.row_axis
    x = subject.plan.draw(0)
    y = layer.again(x)
    if not _has_rows(x, y, axis):
        return skipped("the output has no row for each row of the input")
    order = np.random.default_rng(2).permutation(x.shape[axis])
    after = layer.again(np.take(x, order, axis))
    gap = float(np.abs(after - np.take(y, order, axis)).max())
    if gap <= _tolerance(subject, y):
        return passed()
    if _is_steps_first(subject, layer, x, y, axis):
        return passed("rows lie on the second axis")
    return failed(
        "batch-mixing",
        expected="outputs in the order of the inputs",
        seen=f"they differ by up to {gap:.3g}",
        where="rows permuted, in evaluation",
        cause="A row's output depends on its place in the batch, or on the other rows.",
        certainty=0.6,
    )


@check_of("L5", "some rows alone", families=("shape", "batch-mixing"))
def some_rows_alone(subject: LayerSubject) -> Outcome:
    """Give the first one or seven rows alone: their outputs are the same as in the batch, in evaluation."""
    layer = _layer(subject)
    if isinstance(layer, str):
        return skipped(layer)
    axis = subject.row_axis
    plan = replace(subject.plan, row_axis=axis).with_rows(ROWS)
    x = plan.draw(0)
    try:
        y = layer.again(x)
    except TargetBroke:
        return skipped(f"it takes no batch of {ROWS}")
    if not _has_rows(x, y, axis):
        return skipped("the output has no row for each row of the input")
    for count in (7, 1):
        some = np.take(x, range(count), axis)
        try:
            after = layer.again(some)
        except TargetBroke as error:
            said = str(error).splitlines()[0][:200]
            if subject.reference is None and axis == 0 and x.ndim == 3:
                return warned(f"it takes no batch of {count}: {said}")
            return failed(
                "shape",
                expected=f"outputs for a batch of {count}",
                seen=said,
                where=f"batch of {count}, in evaluation",
                cause="The layer breaks on a small batch: a squeeze, or a size that is fixed.",
                certainty=0.5,
            )
        expected = np.take(y, range(count), axis)
        if after.shape != expected.shape:
            return failed(
                "shape",
                expected=f"an output of shape {expected.shape}",
                seen=f"{after.shape}",
                where=f"batch of {count}, in evaluation",
                cause="The batch's axis is lost when there is but one row: a squeeze without an axis.",
                certainty=0.8,
            )
        gap = float(np.abs(after - expected).max())
        if not gap <= _tolerance(subject, y):
            if _is_steps_first(subject, layer, x, y, axis):
                return skipped("the first axis is time")
            return failed(
                "batch-mixing",
                expected="the same outputs as within the batch",
                seen=f"they differ by up to {gap:.3g}",
                where=f"batch of {count}, in evaluation",
                cause="A row's output depends on how many rows there are.",
                certainty=0.55,
            )
    return passed("1 and 7 rows alone as among 9")


def _is_steps_first(subject: LayerSubject, layer: Layer, x: Array, y: Array, axis: int) -> bool:
    """Tell a layer that takes [steps, rows, features], which nothing says, from one that mixes rows.

    Steps influence later ones alone, or its names speak of sequences; rows on the second axis do not mix.
    """
    if (
        x.ndim != 3
        or subject.reference is not None
        or axis != 0
        or _touched(subject, layer, x, y, 1) is not None
    ):
        return False
    names = [type(part).__name__ for part in layer.owner.modules()] if layer.is_module else []
    names += [subject.given.name, *(one.name for one in layer.held())]
    if any(word in name.lower() for name in names for word in SEQUENCES):
        return True
    other = x.copy()
    other[-1] += 1.0
    gap = np.abs(layer.again(other) - y).reshape(len(y), -1).max(1)
    return bool(gap[:-1].max() <= _tolerance(subject, y))


def _has_rows(x: Array, y: Array, axis: int) -> bool:
    return y.ndim > axis and y.shape[axis] == x.shape[axis] and bool(np.isfinite(y).all())


def _tolerance(subject: LayerSubject, y: Array) -> float:
    return (1e-8 if subject.is_double else 2e-4) * max(1e-12, float(np.abs(y).max()))
