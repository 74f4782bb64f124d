"""S15: going down its gradient, free logits learn their labels."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks.losses._subject import LossSubject

__all__ = ["descent_learns"]

STEPS = 150


@check_of("S15", "descent learns the labels", families=("objective", "sign", "labels"), instrument="control")
def descent_learns(subject: LossSubject) -> Outcome:
    """Start from random logits and follow the gradient, each step of the same length."""
    base = subject.batch(n=24, seed=19)
    if base.outputs.ndim != 2 or base.labels is None or subject.caller.framework != "torch":
        return skipped("it has no gradient by logits of classes")
    kept = base.labels != subject.options.get("ignore_index")
    start = _accuracy(base.outputs[kept], base.labels[kept])
    outputs = base.outputs.copy()
    for _ in range(STEPS):
        answer = subject.answer(base.with_outputs(outputs))
        if answer.gradient is None or not np.isfinite(answer.gradient).all():
            return (
                skipped("it gives no finite gradient")
                if answer.gradient is None
                else inconclusive("its gradient is not finite along the way")
            )
        length = float(np.sqrt((answer.gradient**2).sum()))
        if length < 1e-12:
            break
        outputs = outputs - 0.6 * answer.gradient / length
    end = _accuracy(outputs[kept], base.labels[kept])
    if end >= 0.95:
        return passed(f"{end:.0%} of 24 rows right after {STEPS} steps")
    if subject.reference is None:
        told = f"After {STEPS} steps down its gradient {end:.0%} of 24 rows are right, from {start:.0%}."
        return warned(told) if end > start else inconclusive(told)
    return failed(
        "objective" if end > 0.05 else "sign",
        expected="all 24 rows right",
        seen=f"{end:.0%}, from {start:.0%}",
        where=f"{STEPS} steps down the gradient",
        cause="What is minimised is not smallest where the label's logit is largest.",
        certainty=0.35,
    )


def _accuracy(outputs: np.ndarray, labels: np.ndarray) -> float:
    return float((outputs.argmax(1) == labels).mean())
