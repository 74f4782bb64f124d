"""C7: it restarts at the steps at which it should."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.references.schedules._cosine_restarts import restarts_of
from firstlight.checks.schedules._subject import ScheduleSubject
from firstlight.checks.schedules._warmup_end import fits

__all__ = ["restarts"]


@check_of("C7", "restarts in time", families=("schedule",))
def restarts(subject: ScheduleSubject) -> Outcome:
    """Find the steps at which the rate leaps up, and hold them against those of the cycles."""
    wanted = _wanted(subject)
    if wanted is None:
        return skipped("it has no restarts")
    if fits(subject):
        return passed("as the closed form")
    count = max(wanted) + 3
    seen = subject.rates(subject.args, list(range(count)))
    values = seen.values
    low, high = float(values.min()), float(values.max())
    leaps = (np.flatnonzero(np.diff(values) > 0.3 * (high - low)) + 1).tolist()
    wanted = [step for step in wanted if step < len(values)]
    missed = [step for step in wanted if step not in leaps]
    if not missed:
        return passed(f"restarts at {', '.join(map(str, wanted))}")
    nearest = min(leaps, key=lambda step: abs(step - missed[0]), default=None)
    return failed(
        "schedule",
        expected=f"a restart at step {missed[0]}",
        seen="none" if nearest is None else f"the nearest one at step {nearest}",
        where=f"step {missed[0]} (counted from 0), restart {wanted.index(missed[0]) + 1}",
        cause="A cycle is longer or shorter than it should be."
        if nearest is None or abs(nearest - missed[0]) > 1
        else "The restart is off by one step.",
        certainty=0.75,
    )


def _wanted(subject: ScheduleSubject) -> list[int] | None:
    declared = subject.declares.get("restarts")
    if declared is not None:
        return [int(step) for step in (declared if isinstance(declared, list) else [declared])]
    if subject.reference is None or subject.reference.name != "cosine-restarts":
        return None
    if subject.trial.options.get("period") is None:
        return None
    return restarts_of(subject.reference.with_options(subject.trial.options))
