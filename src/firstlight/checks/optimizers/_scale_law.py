"""O8 and O9: how steps grow with the gradient and with the rate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._comparison import comparison_of, reference_run
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape

__all__ = ["linear_in_rate", "scale_law"]

DECLARED = {"linear": 1.0, "invariant": 0.0}


@check_of("O8", "ten times the gradient", families=("state", "rate-scale"))
def scale_law(subject: OptimizerSubject) -> Outcome:
    """Ten times the gradient gives a first step of ten, one or the root of ten times the size."""
    options = _sharp(subject)
    try:
        one = _first_step(subject, subject.calm_tape, options)
        ten = _first_step(subject, subject.calm_tape.scaled(10.0), options)
    except TargetBroke as error:
        if isinstance(error.__cause__, ValueError):
            return skipped("it refuses a small eps")
        raise
    if not one or not ten:
        return skipped("the first step is no step")
    seen = math.log10(ten / one)
    wanted = DECLARED.get(subject.given.declares.get("scale", ""))
    if wanted is None and subject.reference is not None:
        wanted = subject.reference.scale
    if wanted is None or abs(seen - wanted) < 0.05 or _is_a_dialect(subject, options, seen):
        return passed(f"the step goes with the gradient to the power of {seen:.2f}")
    return failed(
        "state",
        expected=f"a step {10**wanted:g} times as large",
        seen=f"{10**seen:.4g} times as large",
        where="step 1 with ten times the gradient",
        cause="A root or a square is forgotten, or the gradient is not divided by its size.",
        certainty=0.45,
    )


def _is_a_dialect(subject: OptimizerSubject, options: dict[str, Any], seen: float) -> bool:
    """Tell whether an accepted way of writing the reference grows as the target does."""
    if subject.reference is None:
        return False
    values = subject.values(options)
    for _, hidden in comparison_of(subject).ways:
        moves = []
        for tape in (subject.calm_tape, subject.calm_tape.scaled(10.0)):
            run = reference_run(subject.reference, tape.first(1), values, hidden)
            moves.append(float(np.median(np.abs(run[1][-1] - run[0][-1]))))
        if all(moves) and abs(math.log10(moves[1] / moves[0]) - seen) < 0.05:
            return True
    return False


@check_of("O9", "twice the rate", families=("rate-scale",))
def linear_in_rate(subject: OptimizerSubject) -> Outcome:
    """On fixed gradients twice the rate gives twice the way, without weight decay."""
    if "lr" not in subject.spelled or subject.reference is None or not subject.reference.is_lr_linear:
        return skipped("only for references that are linear in their rate")
    options = {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}
    single = subject.run(subject.calm_tape, {**options, "lr": 0.05})
    double = subject.run(subject.calm_tape, {**options, "lr": 0.1})
    if not _is_linear(subject, options):
        return skipped("its reference is not linear in the rate here")
    exact = 1e-6 if subject.is_exact else 1e-3
    for tensor, (a, b) in enumerate(zip(single[-1], double[-1], strict=True)):
        start = single[0][tensor]
        way, twice = a - start, b - start
        if np.abs(twice - 2 * way).max() > exact * (np.abs(twice).max() + 1e-9):
            return _not_linear(subject, tensor, float(np.abs(twice).max() / max(np.abs(way).max(), 1e-300)))
    return passed("linear in the rate")


def _is_linear(subject: OptimizerSubject, options: dict[str, Any]) -> bool:
    """Tell whether the reference itself is linear in the rate with these options."""
    assert subject.reference is not None, "only with --like"
    tape = subject.calm_tape
    single, double = (
        reference_run(subject.reference, tape, subject.values({**options, "lr": rate}), {})[-1]
        for rate in (0.05, 0.1)
    )
    return all(
        np.allclose(b - w, 2 * (a - w), rtol=1e-6)
        for w, a, b in zip(tape.weights, single, double, strict=True)
    )


def _not_linear(subject: OptimizerSubject, tensor: int, seen: float) -> Outcome:
    if subject.reference is not None and subject.reference.name == "adadelta":
        return skipped("its average of steps may hold the rate")
    return failed(
        "rate-scale",
        expected="twice the way for twice the rate",
        seen=f"{seen:.6g} times the way",
        where=f"tensor {tensor} after 25 steps, without weight decay",
        cause="The rate enters more or less than once.",
        certainty=0.35,
    )


def _sharp(subject: OptimizerSubject) -> dict[str, Any]:
    wanted = {"weight_decay": 0.0, "eps": 1e-12 if subject.is_exact else 1e-8}
    return {name: value for name, value in wanted.items() if name in subject.spelled}


def _first_step(subject: OptimizerSubject, tape: Tape, options: dict[str, Any]) -> float:
    values = subject.run(tape.first(1), options)
    return float(np.median(np.abs(values[1][-1] - values[0][-1])))
