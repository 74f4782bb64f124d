"""L17: large, tiny and equal inputs give finite numbers, and the right ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._layer import Array
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["extreme_inputs"]


@check_of("L17", "extreme inputs", families=("numerical-stability", "epsilon", "softmax"))
def extreme_inputs(subject: LayerSubject) -> Outcome:
    """Give large, tiny, equal and zero inputs: outputs are finite, and the reference's where there is one."""
    if subject.plan.below:
        return skipped("its input is an index")
    layer = subject.make().mode(False)
    usual = layer.again(subject.plan.draw(0))
    if not np.isfinite(usual).all():
        return _usual_is_broken(subject, usual)
    for name, x in _extremes(subject):
        try:
            y = layer.again(x)
        except TargetBroke:
            continue
        bad = ~np.isfinite(y)
        if not bad.any():
            continue
        if not _is_finite_by_reference(subject, x):
            continue
        said = f"{int(bad.sum())} of {y.size} outputs are {'nan' if np.isnan(y).any() else 'infinite'}"
        if _is_unsure(subject):
            return warned(said, where=name, expected="finite outputs")
        return failed(
            "epsilon" if name in ("equal inputs", "zeros") else "numerical-stability",
            expected="finite outputs",
            seen=said,
            where=name,
            cause="A sum or exponential overflows: subtract the maximum first."
            if name == "large inputs"
            else "It divides by a spread of zero.",
            certainty=0.7,
        )
    return passed("large, tiny, equal and zero inputs")


def _is_unsure(subject: LayerSubject) -> bool:
    """Tell whether nothing says that finite numbers are right: no reference, or another formula."""
    if subject.reference is None:
        return True
    return not subject.in_evaluation.agrees and not subject.reference.name.startswith("batchnorm")


def _usual_is_broken(subject: LayerSubject, usual: Array) -> Outcome:
    said = f"{int((~np.isfinite(usual)).sum())} of {usual.size} outputs are not finite"
    if subject.reference is None:
        return warned(said, where="a usual input")
    return failed(
        "numerical-stability",
        expected="finite outputs",
        seen=said,
        where="a usual input",
        cause="It divides by zero, takes the root of a negative number, or masks a whole row.",
        certainty=0.6,
    )


def _extremes(subject: LayerSubject) -> Iterator[tuple[str, Array]]:
    x = subject.plan.draw(0)
    yield "large inputs", x * (1e4 if subject.is_double else 1e3)
    yield "equal inputs", np.full(x.shape, 2.0)
    yield "zeros", np.zeros(x.shape)
    yield "tiny inputs", x * 1e-30


def _is_finite_by_reference(subject: LayerSubject, x: Array) -> bool:
    """Tell whether a right layer with these options gives a finite output: without epsilon it may not."""
    if subject.reference is None:
        return True
    best = subject.in_evaluation.best
    if not best.is_readable:
        return True
    with np.errstate(all="ignore"):
        try:
            return bool(
                np.isfinite(subject.reference.forward(dict(best.parameters), x, **best.options)).all()
            )
        except (ValueError, KeyError, IndexError):
            return True
