"""O5: nothing to do: no gradient, or a gradient of zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._comparison import reference_run
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, made_tape

__all__ = ["nothing_to_do"]

TINY = 1e-30


@check_of(
    "O5", "no gradient, zero gradient", families=("epsilon", "state", "numerical-stability", "aliasing")
)
def nothing_to_do(subject: OptimizerSubject) -> Outcome:
    """A tensor without a gradient stays bit by bit; zeros and tiny gradients make no NaN."""
    return _without_gradient(subject) or _zeros(subject) or _tiny(subject) or passed("stays where it is")


def _without_gradient(subject: OptimizerSubject) -> Outcome | None:
    if not subject.manner.accepts_none:
        if not subject.is_torch:
            return None
        return _raised_on_none(subject)
    last = [values[-1] for values in subject.run(subject.tape)]
    if np.array_equal(last[0], last[-1]):
        return None
    return failed(
        "state",
        expected="a tensor without a gradient stays as it is",
        seen=f"it moved by {float(np.abs(last[-1] - last[0]).max()):.3g}",
        where=f"tensor {len(subject.tape.weights) - 1}, whose gradient is None",
        cause="A tensor without a gradient is changed.",
        hint="Skip parameters whose grad is None, weight decay included.",
        certainty=0.85,
    )


def _raised_on_none(subject: OptimizerSubject) -> Outcome | None:
    tape = made_tape(subject.manner.shapes, seed=0, steps=1, is_wide=False, without_gradient=True)
    try:
        session = subject.start(tape.weights)
        session.step(tape.grads[0])
    except TargetBroke as error:
        return failed(
            "state",
            expected="a parameter whose grad is None is skipped",
            seen=str(error).splitlines()[0][:200],
            where="step 1",
            cause="A parameter without a gradient breaks the step.",
            hint="Skip parameters whose grad is None.",
            certainty=0.6,
        )
    return None


def _still_options(subject: OptimizerSubject) -> dict[str, Any]:
    return {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}


def _constant(subject: OptimizerSubject, value: float) -> Tape:
    tape = made_tape(subject.manner.shapes, seed=subject.given.seed, steps=3)
    grads = tuple(np.full_like(weight, value) for weight in tape.weights)
    return Tape(tape.weights, (grads,) * 3)


def _zeros(subject: OptimizerSubject) -> Outcome | None:
    tape = _constant(subject, 0.0)
    options = _still_options(subject)
    values = subject.run(tape, options)
    expected = (
        reference_run(subject.reference, tape, subject.values(options), {}) if subject.reference else None
    )
    if not all(np.isfinite(value).all() for value in values[-1]):
        return _not_a_number("0") if expected is None or _is_finite(expected[-1]) else None
    moved = max(float(np.abs(a - b).max()) for a, b in zip(values[0], values[-1], strict=True))
    rounding = 1e-12 if subject.is_exact else 1e-6
    if moved <= rounding:
        return None
    if subject.reference is None or _moves(subject, tape, options):
        if expected is None:
            subject.knowledge["moves_on_zero"] = True
            return warned(f"zero gradients without weight decay move the weights by {moved:.3g}")
        return None
    if "weight_decay" not in subject.spelled:
        return None
    return failed(
        "state",
        expected="no step, for zero gradients without weight decay",
        seen=f"the weights moved by {moved:.3g}",
        where="steps 1 to 3 from a fresh state",
        cause="Something other than the gradient moves the weights.",
        certainty=0.4,
    )


def _moves(subject: OptimizerSubject, tape: Tape, options: dict[str, Any]) -> bool:
    """Whether one of the accepted ways of the reference moves by itself, as Yogi's does."""
    assert subject.reference is not None
    for _, hidden in subject.reference.accepted():
        found = reference_run(subject.reference, tape, subject.values(options), hidden)
        if not all(np.array_equal(a, b) for a, b in zip(found[0], found[-1], strict=True)):
            return True
    return False


def _is_finite(values: list[np.ndarray]) -> bool:
    return all(np.isfinite(value).all() for value in values)


def _not_a_number(gradient: str) -> Outcome:
    return failed(
        "epsilon",
        expected="finite weights",
        seen="NaN or infinity",
        where=f"a gradient of {gradient}, from a fresh state",
        cause="A division by zero: eps does not guard it.",
        hint="Add eps to the denominator itself: g / (sqrt(v) + eps).",
        certainty=0.6,
    )


def _tiny(subject: OptimizerSubject) -> Outcome | None:
    tape = _constant(subject, TINY if subject.is_exact else 1e-12)
    values = subject.run(tape, _still_options(subject))
    if _is_finite(values[-1]):
        return None
    if subject.reference is None:
        return warned("a gradient of 1e-30 gives NaN or infinity")
    expected = reference_run(subject.reference, tape, subject.values(_still_options(subject)), {})
    return _not_a_number(f"{TINY:g}") if _is_finite(expected[-1]) else None
