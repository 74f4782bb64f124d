"""O3: every option that is taken must count."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._comparison import reference_run
from firstlight.checks.optimizers._settings import DECAY, amplified_settings
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Trajectory

__all__ = ["live_options"]

ALWAYS_LIVE = ("lr", "weight_decay")
OWN_RATES = ("relative_step", "warmup_init", "scale_parameter")


@check_of("O3", "each option counts", families=("ignored-option", "state"))
def live_options(subject: OptimizerSubject) -> Outcome:
    """Change one option after another: the weights after 25 steps must change where the reference's do."""
    if not subject.spelled:
        return skipped("it takes no option that we know")
    base = _base(subject)
    run = _ran(subject, base)
    if run is not None and all(np.array_equal(a, b) for a, b in zip(run[0], run[-1], strict=True)):
        return _stands_still(subject)
    dead = [option for option in subject.spelled if _is_dead(subject, base, option)]
    surely = [option for option in dead if _should_live(subject, base, option)]
    if surely:
        option = surely[0]
        name = subject.spelled[option].name
        return failed(
            "ignored-option",
            expected=f"other weights with another {name}",
            seen=f"the same to the last bit, after {len(subject.tape.grads)} steps",
            where=f"option {', '.join(subject.spelled[one].name for one in surely)}",
            cause=f"{name} is accepted and changes nothing.",
            certainty=0.96,
        )
    if dead and subject.reference is None:
        names = ", ".join(subject.spelled[option].name for option in dead)
        return warned(f"{names} changed nothing in {len(subject.tape.grads)} steps", hint="Is it meant to?")
    return passed(f"{', '.join(subject.spelled)} count")


def _stands_still(subject: OptimizerSubject) -> Outcome:
    return failed(
        "state",
        expected="weights that move",
        seen=f"the same weights after {len(subject.tape.grads)} steps",
        where="all tensors",
        cause="The weights never change: the new value is not written back.",
        hint="Change them in place: p -= step, not p = p - step.",
        certainty=0.96,
    )


def _base(subject: OptimizerSubject) -> dict[str, Any]:
    """Return amplified options with decay, or the target's own where it refuses these."""
    amplified = dict(amplified_settings(subject.options, subject.reference)[0].changes)
    if "weight_decay" in subject.spelled:
        amplified["weight_decay"] = DECAY
    amplified.pop("maximize", None)
    return amplified if _ran(subject, amplified) is not None else {}


def _ran(subject: OptimizerSubject, changes: dict[str, Any]) -> Trajectory | None:
    try:
        return subject.run(subject.tape, changes)
    except TargetBroke:
        return None


def _changed(subject: OptimizerSubject, base: dict[str, Any], option: str) -> dict[str, Any] | None:
    value = subject.value(option, base)
    if isinstance(value, bool):
        extra = {"dampening": 0.0} if option == "nesterov" and "dampening" in subject.spelled else {}
        return {**base, **extra, option: not value}
    if not isinstance(value, (int, float)):
        return None
    other = value * 1.1 if value else 0.1
    if option.startswith("beta") or option in ("momentum", "alpha", "rho", "dampening"):
        other = value * 0.9 if value else 0.1
    return {**base, option: other}


def _is_dead(subject: OptimizerSubject, base: dict[str, Any], option: str) -> bool:
    """Tell whether a change of it changes no bit, neither from amplified options nor from its own."""
    for start in (base, {}) if base else ({},):
        changes = _changed(subject, start, option)
        if changes is None:
            return False
        if option in ("nesterov", "decoupled", "dampening") and not start:
            continue
        before = {**start, **({"dampening": 0.0} if "dampening" in changes and option == "nesterov" else {})}
        one, other = _ran(subject, before), _ran(subject, changes)
        if one is None or other is None:
            return False
        if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one[-1], other[-1], strict=True)):
            return False
    return True


def _should_live(subject: OptimizerSubject, base: dict[str, Any], option: str) -> bool:
    reference = subject.reference
    if reference is None:
        has_own_rate = any(name in subject.signature for name in OWN_RATES)
        return option in ALWAYS_LIVE and not (option == "lr" and has_own_rate)
    changes = _changed(subject, base, option)
    if option in reference.neutral or changes is None or option == "decoupled":
        return False
    before = {**base, **({"dampening": 0.0} if option == "nesterov" and "dampening" in changes else {})}
    one = reference_run(reference, subject.tape, subject.values(before), {})
    other = reference_run(reference, subject.tape, subject.values(changes), {})
    apart = max(
        float(np.max(np.abs(a - b) / (1e-3 + np.abs(a)))) for a, b in zip(one[-1], other[-1], strict=True)
    )
    return apart > 1e-4
