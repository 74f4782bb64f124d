"""O6: downhill, in the first step and in the long run."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["goes_downhill", "goes_uphill"]

FALL = 100.0
FACTORS = (1.0, 10.0, 0.1, 100.0, 0.01)


def goes_uphill(subject: OptimizerSubject) -> bool:
    """Tell whether the first step goes along the gradient in each tensor, where it should go against it."""
    options = {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}
    values = subject.run(subject.calm_tape, options)
    inner = [
        float(np.sum((b - a) * g))
        for a, b, g in zip(values[0], values[1], subject.calm_tape.grads[0], strict=True)
        if g is not None
    ]
    return all(one * (-1 if subject.value("maximize") is True else 1) > 0 for one in inner)


@check_of("O6", "downhill", families=("sign", "objective"), instrument="control")
def goes_downhill(subject: OptimizerSubject) -> Outcome:
    """The first step leads downhill; half the squared norm falls a hundredfold with some rate."""
    options: dict[str, Any] = {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}
    in_the_long_run = _in_the_long_run(subject, options) if "lr" in subject.spelled else None
    if goes_uphill(subject):
        if in_the_long_run is not None and in_the_long_run.status == "pass":
            return warned("the first step goes uphill", where="step 1")
        return failed(
            "sign",
            expected="a first step against the gradient",
            seen="a step along the gradient, in each tensor",
            where="step 1",
            cause="The step goes uphill: its sign is wrong.",
            certainty=0.9,
        )
    return in_the_long_run or passed("the first step leads downhill")


def _in_the_long_run(subject: OptimizerSubject, options: dict[str, Any]) -> Outcome:
    falls: list[float] = []
    rate = subject.value("lr")
    if not isinstance(rate, (int, float)) or not rate or subject.value("maximize") is True:
        return passed("the first step leads downhill")
    for factor in FACTORS:
        try:
            falls.append(_fall(subject, {**options, "lr": rate * factor}))
        except TargetBroke:
            continue
        if falls[-1] >= FALL:
            return passed(f"the objective falls {FALL:g}-fold with lr {rate * factor:g}")
    best = max(falls, default=1.0)
    if falls and best < 1.0 and subject.reference is not None:
        return failed(
            "objective",
            expected="half the squared norm falls with some rate",
            seen=f"it rises with all of lr x {', '.join(f'{factor:g}' for factor in FACTORS)}",
            where="from normal weights, the gradient being the weights themselves",
            cause="It does not minimise.",
            certainty=0.3,
        )
    return warned(f"half the squared norm fell no more than {best:.3g}-fold with any rate tried")


def _fall(subject: OptimizerSubject, options: dict[str, Any]) -> float:
    """Return how many times smaller half the squared norm became."""
    rng = np.random.default_rng(subject.given.seed)
    shape = subject.manner.shapes[-1] if len(subject.manner.shapes[-1]) < 3 else subject.manner.shapes[1]
    weights = [rng.normal(size=shape)]
    session = subject.start(weights, options)
    before = float(np.sum(weights[0] ** 2))
    best = before
    for _ in range(20 if subject.manner.form == "optax" else 40):
        for _ in range(10):
            values = session.values()
            session.step(values)
        now = float(np.sum(session.values()[0] ** 2))
        if not np.isfinite(now) or now > 1e12 * before:
            return 0.0
        best = min(best, now)
        if best * FALL <= before:
            break
    return before / max(best, 1e-300)
