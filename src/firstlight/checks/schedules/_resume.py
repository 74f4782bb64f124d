"""C10: a scheduler that is saved and loaded goes on as the uninterrupted one does."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import theirs
from firstlight.checks.schedules._forms import new_optimizer, quiet, steps_of, wanted_by_step
from firstlight.checks.schedules._subject import BASE, ScheduleSubject

__all__ = ["resumes"]


@check_of("C10", "resumes from its state", families=("resume", "state"))
def resumes(subject: ScheduleSubject) -> Outcome:
    """Stop at several steps, load both states into a new scheduler over a new optimizer, go on."""
    if subject.form.style != "scheduler":
        return skipped("only a torch scheduler has a state_dict")
    horizon = min(subject.horizon(subject.trial.options), 120)
    with theirs(), quiet():
        probe = subject.form.scheduler(subject.args, new_optimizer(BASE))
    if not callable(getattr(probe, "state_dict", None)) or not callable(
        getattr(probe, "load_state_dict", None)
    ):
        return skipped("it has no state_dict")
    whole = subject.rates(subject.args, list(range(horizon))).values
    cuts = sorted(
        {1, 3, horizon // 3, horizon // 2, 2 * horizon // 3, int(subject.trial.options.get("warmup") or 2)}
    )
    for cut in cuts:
        if not 0 < cut < len(whole) - 2:
            continue
        found = _resumed(subject, cut, min(len(whole) - cut, 40))
        expected = whole[cut : cut + len(found)]
        wrong = np.abs(found[: len(expected)] - expected) > 1e-9 * float(np.abs(whole).max())
        if wrong.any():
            step = int(np.flatnonzero(wrong)[0])
            return failed(
                "resume",
                expected=f"{expected[step]:.8g}, as without an interruption",
                seen=f"{found[step]:.8g}",
                where=f"step {cut + step} (counted from 0), {step} after resuming at step {cut}",
                cause="What it counts or needs is not in its state_dict, or is not taken from it.",
                certainty=0.9,
            )
    return passed(f"stopped at steps {', '.join(map(str, cuts))}")


def _resumed(subject: ScheduleSubject, cut: int, count: int) -> np.ndarray:
    """Return the rates from step ``cut`` on, of a scheduler that was saved there."""
    with theirs(), quiet():
        optimizer = new_optimizer(BASE)
        scheduler = subject.form.scheduler(subject.args, optimizer)
        wants = wanted_by_step(scheduler)
        for step in range(1, cut + 1):
            optimizer.step()
            scheduler.step(*([step] if wants else []))
        saved: tuple[Any, Any] = copy.deepcopy((scheduler.state_dict(), optimizer.state_dict()))
        other = new_optimizer(BASE)
        resumed = subject.form.scheduler(subject.args, other)
        other.load_state_dict(saved[1])
        resumed.load_state_dict(saved[0])
    return steps_of(resumed, other, count, begin=cut)[0].values
