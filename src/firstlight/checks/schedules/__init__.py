"""Schedules: the learning rate as a function of the step."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.references.schedules import SCHEDULES
from firstlight.checks.schedules._closed_form import closed_form
from firstlight.checks.schedules._final import final_rate
from firstlight.checks.schedules._groups import groups_apart
from firstlight.checks.schedules._jumps import no_jump
from firstlight.checks.schedules._linearity import proportional
from firstlight.checks.schedules._liveness import every_option_counts
from firstlight.checks.schedules._monotone import monotone
from firstlight.checks.schedules._numbers import rates_are_numbers
from firstlight.checks.schedules._purity import asked_again
from firstlight.checks.schedules._restarts import restarts
from firstlight.checks.schedules._resume import resumes
from firstlight.checks.schedules._settings import other_settings
from firstlight.checks.schedules._subject import ScheduleSubject
from firstlight.checks.schedules._warmup_end import warmup_end

__all__ = ["KIND"]

KIND = Kind(
    name="schedule",
    what="a torch LR scheduler class, or a function step -> rate",
    subject=ScheduleSubject.of,
    checks=(
        closed_form,
        rates_are_numbers,
        other_settings,
        warmup_end,
        no_jump,
        final_rate,
        monotone,
        restarts,
        asked_again,
        proportional,
        resumes,
        groups_apart,
        every_option_counts,
    ),
    references=lambda: SCHEDULES,
    blind_spots=(
        "Whether the training loop steps it once a batch or once an epoch.",
        "Rates after the schedule's last step.",
    ),
    sentence="A rate off by a hundred-millionth of the highest at any step, or a step early or late.",
)
