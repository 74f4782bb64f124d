"""C11: each parameter group follows the schedule from its own base rate."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.schedules._subject import BASE, ScheduleSubject

__all__ = ["groups_apart"]

OTHER = 0.125


@check_of("C11", "each parameter group for itself", families=("parameter-groups",))
def groups_apart(subject: ScheduleSubject) -> Outcome:
    """Run groups of two rates together, in both orders, and each one alone."""
    if not subject.form.holds_rate:
        return skipped("it holds no parameter groups")
    if any(isinstance(value, (list, tuple)) for name, value in subject.args.items() if "lr" in name):
        return skipped("it has one value a group")
    count = min(subject.horizon(subject.trial.options), 120)
    for rates in ((BASE, OTHER), (OTHER, BASE)):
        together = subject.form.run(subject.args, count, *rates)
        for group, (rate, seen) in enumerate(zip(rates, together, strict=True)):
            try:
                alone = subject.form.run(subject.args, count, rate)[0].values
            except TargetBroke:
                return skipped("it refuses another base rate")
            wrong = np.abs(seen.values - alone) > 1e-9 * float(np.abs(alone).max())
            if wrong.any():
                step = int(np.flatnonzero(wrong)[0])
                return failed(
                    "parameter-groups",
                    expected=f"{alone[step]:.8g}, as when the group is alone",
                    seen=f"{seen.values[step]:.8g}",
                    where=f"step {step} (counted from 0), group {group} with a base rate of {rate:g}",
                    cause="One group's rate is used for another.",
                    hint="Keep a base rate for each group.",
                    certainty=0.93,
                )
    return passed(f"two groups, {count} steps, both orders")
