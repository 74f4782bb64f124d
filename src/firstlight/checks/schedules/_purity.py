"""C8: asking for a rate changes nothing: any order, any number of times, the same answers."""

from __future__ import annotations

import numpy as np

from firstlight._seeds import derived_seed
from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.schedules._subject import ScheduleSubject

__all__ = ["asked_again"]


@check_of("C8", "same answers when asked again", families=("state", "determinism"))
def asked_again(subject: ScheduleSubject) -> Outcome:
    """Ask a function in another order, and make every other form anew."""
    horizon = subject.horizon(subject.trial.options)
    if subject.form.style in ("function", "method"):
        return _in_another_order(subject, np.unique(np.linspace(0, horizon - 1, 24).astype(int)))
    steps = np.arange(min(horizon, 60))
    first = subject.rates(subject.args, steps.tolist())
    subject.cached.clear()
    again = subject.rates(subject.args, steps.tolist())
    count = min(len(first.values), len(again.values))
    if np.array_equal(first.values[:count], again.values[:count]):
        return passed(f"made twice, {count} steps")
    step = int(np.flatnonzero(first.values[:count] != again.values[:count])[0])
    return failed(
        "state",
        expected=f"{first.values[step]:.8g} again",
        seen=f"{again.values[step]:.8g}",
        where=f"step {step} (counted from 0) of a second instance",
        cause="Instances share something that one of them changed, or it is drawn at random.",
        certainty=0.85,
    )


def _in_another_order(subject: ScheduleSubject, steps: np.ndarray) -> Outcome:
    order = np.random.default_rng(derived_seed(subject.given.seed, "order")).permutation(steps)
    calls = np.concatenate([steps, order, steps[:1], steps[-1:], steps[-1:]])
    answers = subject.form.ask(subject.args, calls.tolist()).values
    expected = dict(zip(steps.tolist(), answers[: len(steps)].tolist(), strict=True))
    for call, (step, value) in enumerate(zip(calls.tolist(), answers.tolist(), strict=True)):
        if value != expected[step]:
            return failed(
                "state",
                expected=f"{expected[step]:.8g}, as when it was asked for that step before",
                seen=f"{value:.8g}",
                where=f"step {step} (counted from 0), call {call + 1}",
                cause="Asking for a rate changes what it answers next: it keeps a state between calls.",
                hint="Compute the rate from the step alone.",
                certainty=0.93,
            )
    return passed(f"{len(calls)} calls in another order")
