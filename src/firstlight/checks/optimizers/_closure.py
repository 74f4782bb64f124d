"""O16: closures and maximize."""

from __future__ import annotations

import inspect
from typing import Any

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke, theirs
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._sessions import TorchSession
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["closure_is_called"]


@check_of("O16", "closure and maximize", families=("ignored-option", "sign"))
def closure_is_called(subject: OptimizerSubject) -> Outcome:
    """A closure is called and its loss handed back; maximize is the same as gradients with the other sign."""
    if not subject.is_torch:
        return skipped("only for torch optimizers")
    found = _closure(subject) or _maximize(subject)
    return found or passed("as documented")


def _closure(subject: OptimizerSubject) -> Outcome | None:
    tape = subject.calm_tape
    session = subject.start(tape.weights)
    assert isinstance(session, TorchSession), "only for torch"
    try:
        takes = "closure" in inspect.signature(session.optimizer.step).parameters
    except (TypeError, ValueError):
        return None
    if not takes:
        return None
    calls: list[bool] = []

    def closure() -> torch.Tensor:
        calls.append(torch.is_grad_enabled())
        session.put(tape.grads[0])
        return torch.tensor(0.125)

    session.put(tape.grads[0])
    try:
        with theirs():
            loss = session.optimizer.step(closure)
    except TargetBroke as error:
        return warned(f"a closure breaks it: {str(error)[:200]}")
    if not calls:
        return warned("step takes a closure and does not call it", hint="Call it, or do not take it.")
    if not calls[0]:
        return warned("the closure is called where gradients are switched off: its backward cannot run")
    if loss is None or float(loss) != 0.125:
        return warned("step(closure) does not give back the closure's loss")
    return None


def _maximize(subject: OptimizerSubject) -> Outcome | None:
    if "maximize" not in subject.spelled or draws_at_random(subject):
        return None
    options: dict[str, Any] = {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}
    try:
        up = subject.run(subject.calm_tape, {**options, "maximize": True})
    except TargetBroke:
        return None
    down = subject.run(subject.calm_tape.scaled(-1.0), {**options, "maximize": False})
    place = first_difference(up, down, rounding_of(subject), is_elementwise=False)
    if place is None:
        return None
    is_changed = first_difference(
        up,
        subject.run(subject.calm_tape, {**options, "maximize": False}),
        rounding_of(subject),
        is_elementwise=False,
    )
    if is_changed is not None and place.step > 1:
        return warned("maximize is not the same as the opposite gradients", where=place.where)
    return failed(
        "sign" if is_changed is not None else "ignored-option",
        expected="maximize steps as with the opposite gradients",
        seen=f"{place.seen:.6g} for {place.expected:.6g}",
        where=place.where,
        cause="maximize turns only a part of the step."
        if is_changed is not None
        else "maximize changes nothing.",
        certainty=0.85,
    )
