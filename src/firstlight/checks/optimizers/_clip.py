"""O19: where the class clips gradients itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory

__all__ = ["clips_by_the_whole_norm"]

GLOBAL_NAMES = (
    "max_grad_norm",
    "max_norm",
    "clip_norm",
    "grad_clip",
    "gradient_clip",
    "grad_clip_norm",
    "clip_grad_norm",
    "gradient_clip_norm",
    "global_clipnorm",
    "clip_grad",
)
OTHER_NAMES = ("clipnorm", "clip_value", "clipvalue", "clip")
LIMIT = 0.5


@check_of("O19", "gradient clipping", families=("clipping",))
def clips_by_the_whole_norm(subject: OptimizerSubject) -> Outcome:
    """Above the limit all gradients are scaled by one factor to that norm; below it nothing changes."""
    name = next((one for one in (*GLOBAL_NAMES, *OTHER_NAMES) if one in subject.signature), None)
    if name is None:
        return skipped("it takes no limit for gradients")
    tape = subject.calm_tape.first(5)
    try:
        clipped = _walked(subject, tape, {name: LIMIT})
        free = _walked(subject, tape, {name: 1e12})
    except TargetBroke as error:
        return skipped(f"it refuses {name}: {error}")
    if first_difference(free, clipped, rounding_of(subject), is_elementwise=False) is None:
        if _is_like(subject, tape, free, name, _whole_norm):
            return skipped("its steps do not depend on the size of gradients")
        if subject.reference is None or _has_a_switch(subject, name):
            return warned(f"{name} changes nothing", hint="Is there another option that switches it on?")
        return _failed(
            name,
            "the same steps with the limit and without",
            "The limit is never applied, or after the step.",
        )
    if _is_like(subject, tape, clipped, name, _whole_norm):
        return _below(subject, tape, name) or passed(f"{name} limits the norm of all gradients together")
    if _is_like(subject, tape, clipped, name, _each_norm):
        if name in GLOBAL_NAMES and subject.reference is not None:
            return _failed(name, "each tensor clipped by its own norm", "Each tensor is clipped by itself.")
        return passed(f"{name} limits the norm of each tensor", dialect="gradients clipped tensor by tensor")
    if _is_like(subject, tape, clipped, name, _by_value):
        if "norm" in name and subject.reference is not None:
            return _failed(name, "each entry cut at the limit", "Entries are clipped, not the norm.")
        return passed(f"{name} limits each entry", dialect="gradients clipped entry by entry")
    return warned(f"{name} clips in a way that we do not know")


def _has_a_switch(subject: OptimizerSubject, name: str) -> bool:
    """Tell whether another option may switch clipping on."""
    others = {other: v for other, v in subject.signature.items() if other != name and isinstance(v, bool)}
    return any("norm" in other or "clip" in other for other in others)


def _walked(subject: OptimizerSubject, tape: Tape, more: dict[str, Any]) -> Trajectory:
    session = subject.manner.start(tape.weights, {**subject.args, **more})
    found = [session.values()]
    for grads in tape.grads:
        session.step(grads)
        found.append(session.values())
    return found


def _is_like(
    subject: OptimizerSubject,
    tape: Tape,
    clipped: Trajectory,
    name: str,
    clip: Callable[..., list[np.ndarray]],
) -> bool:
    beforehand = Tape(tape.weights, tuple(tuple(clip([np.asarray(g) for g in step])) for step in tape.grads))
    wanted = _walked(subject, beforehand, {name: 1e12})
    tolerance = rounding_of(subject)
    # Some divide by norm + 1e-6, as torch's clip_grad_norm_ does.
    rough = type(tolerance)(1e-4, tolerance.of_weight)
    return first_difference(clipped, wanted, rough, is_elementwise=False) is None


def _whole_norm(grads: list[np.ndarray]) -> list[np.ndarray]:
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in grads)))
    return [g * min(1.0, LIMIT / norm) for g in grads]


def _each_norm(grads: list[np.ndarray]) -> list[np.ndarray]:
    return [g * min(1.0, LIMIT / float(np.sqrt((g * g).sum()))) for g in grads]


def _by_value(grads: list[np.ndarray]) -> list[np.ndarray]:
    return [np.clip(g, -LIMIT, LIMIT) for g in grads]


def _below(subject: OptimizerSubject, tape: Tape, name: str) -> Outcome | None:
    small = tape.scaled(1e-3)
    clipped, free = _walked(subject, small, {name: LIMIT}), _walked(subject, small, {name: 1e12})
    if first_difference(clipped, free, rounding_of(subject), is_elementwise=False) is None:
        return None
    return _failed(
        name, "gradients below the limit are scaled too", "Gradients are always scaled to the limit."
    )


def _failed(name: str, seen: str, cause: str) -> Outcome:
    return failed(
        "clipping",
        expected=f"all gradients scaled by one factor where their common norm is above {name}",
        seen=seen,
        where=f"{name} = {LIMIT:g}, gradients around 1",
        cause=cause,
        certainty=0.9,
    )
