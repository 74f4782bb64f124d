"""O10: zero gradients lay weight decay bare."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._comparison import reference_run
from firstlight.checks.optimizers._descent import goes_uphill
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape

__all__ = ["decay_signature"]

STEPS, RATE, DECAY = 10, 0.05, 0.3
MOST = 20.0  # (1 + decay)^steps is less; what grows more has another trouble


@check_of("O10", "decay signature", families=("weight-decay", "ignored-option"))
def decay_signature(subject: OptimizerSubject) -> Outcome:
    """With zero gradients the ratio of late to first weights says which decay it is."""
    if "weight_decay" not in subject.spelled:
        return skipped("it takes no weight decay")
    tape = _still_tape(subject)
    options: dict[str, Any] = {"weight_decay": DECAY, **({"lr": RATE} if "lr" in subject.spelled else {})}
    try:
        values = subject.run(tape, options)
    except TargetBroke as error:
        if isinstance(error.__cause__, (ValueError, NotImplementedError)):
            return skipped(f"it refuses these options: {error}")
        raise
    ratios = [b / a for a, b in zip(values[0], values[-1], strict=True)]
    if all(((ratio > 1 + 1e-6) & (ratio < MOST)).all() for ratio in ratios) and not goes_uphill(subject):
        return _grows(ratios)
    kind = _kind_of(ratios, subject.value("lr", options) or RATE)
    return _judged(subject, tape, options, kind, values)


def _still_tape(subject: OptimizerSubject) -> Tape:
    rng = np.random.default_rng(subject.given.seed)
    weights = tuple(np.asarray(rng.uniform(3, 5, size=shape)) for shape in subject.manner.shapes)
    return Tape(weights, (tuple(np.zeros_like(weight) for weight in weights),) * STEPS)


def _kind_of(ratios: list[np.ndarray], rate: float) -> str:
    flat = np.concatenate([ratio.ravel() for ratio in ratios])
    known = {
        "nothing": 1.0,
        "decoupled, times the rate": (1 - rate * DECAY) ** STEPS,
        "decoupled, not times the rate": (1 - DECAY) ** STEPS,
        "decoupled, times the rate squared": (1 - rate * rate * DECAY) ** STEPS,
        "decoupled, twice": (1 - rate * DECAY) ** (2 * STEPS),
    }
    for words, ratio in known.items():
        if np.allclose(flat, ratio, rtol=1e-5):
            return words
    return "of another kind"


def _grows(ratios: list[np.ndarray]) -> Outcome:
    return failed(
        "weight-decay",
        expected="weights that shrink, with weight decay and zero gradients",
        seen=f"weights {float(ratios[-1].ravel()[0]):.6g} times as large after {STEPS} steps",
        where="all tensors",
        cause="The weights grow: the decay has the wrong sign.",
        certainty=0.96,
    )


def _judged(
    subject: OptimizerSubject, tape: Tape, options: dict[str, Any], kind: str, values: list[list[np.ndarray]]
) -> Outcome:
    reference = subject.reference
    wanted = subject.given.declares.get("decay")
    if reference is None:
        if wanted == "decoupled" and kind != "decoupled, times the rate":
            return _other_kind("(1 - lr wd)^T", kind)
        if wanted == "fixed" and kind != "decoupled, not times the rate":
            return _other_kind("(1 - wd)^T", kind)
        if kind == "nothing":
            return warned("weight_decay changes nothing where gradients are zero")
        return passed(f"weight decay is {kind}")
    if reference.decay != "decoupled" or subject.value("decoupled", options) is False:
        return passed(f"weight decay is {kind}")
    ours = reference_run(reference, tape, subject.values(options), {})
    if all(np.allclose(a, b, rtol=1e-5) for a, b in zip(values[-1], ours[-1], strict=True)):
        return passed(f"weight decay is {kind}")
    if kind == "nothing":
        return failed(
            "ignored-option",
            expected="weights (1 - lr wd)^T times as large",
            seen="weights that stay",
            where=f"{STEPS} steps with zero gradients",
            cause="weight_decay changes nothing.",
            certainty=0.8,
        )
    return _other_kind("(1 - lr wd)^T", kind)


def _other_kind(wanted: str, kind: str) -> Outcome:
    return failed(
        "weight-decay",
        expected=f"weights {wanted} times as large",
        seen=f"decay that is {kind}",
        where=f"{STEPS} steps with zero gradients, lr {RATE:g}, weight_decay {DECAY:g}",
        cause=f"Weight decay is {kind}.",
        hint="Decoupled: p *= 1 - lr * weight_decay before the step, with the gradient left as it is.",
        certainty=0.8,
    )
