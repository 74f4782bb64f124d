"""O11: a step changes the weights and its own state, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._sessions import PlainSession, Session, TorchSession
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory

__all__ = ["steps_are_pure"]

STEPS = 6


@check_of("O11", "nothing else is changed", families=("aliasing", "state"))
def steps_are_pure(subject: OptimizerSubject) -> Outcome:
    """Gradients stay, no state shares their memory, and two instances know nothing of each other."""
    if subject.manner.form == "optax":
        return _two_instances(subject) or passed("two instances are independent")
    return (
        _reused_gradients(subject)
        or _two_instances(subject)
        or _gradient_stays(subject)
        or passed("gradients stay, states are its own")
    )


def _options(subject: OptimizerSubject) -> dict[str, Any]:
    """Return options under which a state has a weight, and nothing decays."""
    wanted = {"weight_decay": 0.0, "momentum": 0.6}
    return {name: value for name, value in wanted.items() if name in subject.spelled}


def _tape(subject: OptimizerSubject) -> Tape:
    return subject.calm_tape.first(STEPS)


def _walked(session: Session, tape: Tape) -> Trajectory:
    found = [session.values()]
    for grads in tape.grads:
        session.step(grads)
        found.append(session.values())
    return found


def _reused_gradients(subject: OptimizerSubject) -> Outcome | None:
    """Write each gradient into the memory of the last one, as zero_grad(set_to_none=False) does."""
    if draws_at_random(subject):
        return None
    tape, options = _tape(subject), _options(subject)
    fresh = _walked(subject.start(tape.weights, options), tape)
    session = subject.start(tape.weights, options)
    walked = _walked_in_place(session, tape)
    if walked is None:
        return None
    place = first_difference(walked, fresh, rounding_of(subject), is_elementwise=False)
    if place is None:
        return None
    return failed(
        "aliasing",
        expected="the same steps when the next gradient is written into the memory of the last one",
        seen=f"a step of {place.seen:.6g} for {place.expected:.6g}",
        where=place.where,
        cause="A state is the gradient's own memory, not a copy: the next gradient overwrites it.",
        hint="Copy it: state = grad.clone() (NumPy: grad.copy()).",
        certainty=0.95,
    )


def _walked_in_place(session: Session, tape: Tape) -> Trajectory | None:
    found = [session.values()]
    if isinstance(session, TorchSession):
        session.put(tape.grads[0])
        kept: list[Any] = list(session.grads)
        for grads in tape.grads:
            for tensor, memory, g in zip(session.tensors, kept, grads, strict=True):
                tensor.grad = memory
                with torch.no_grad():
                    memory.copy_(torch.as_tensor(np.array(g)))
            session.again()
            found.append(session.values())
        return found
    if isinstance(session, PlainSession):
        kept = session.gradients(tape.grads[0])
        for grads in tape.grads:
            for memory, g in zip(kept, grads, strict=True):
                if isinstance(memory, torch.Tensor):
                    memory.copy_(torch.as_tensor(np.array(g)))
                else:
                    memory[...] = g
            session.step_with(kept)
            found.append(session.values())
        return found
    return None


def _two_instances(subject: OptimizerSubject) -> Outcome | None:
    """Interleave two of them: each must go as it goes alone."""
    if draws_at_random(subject):
        return None
    tape, options = _tape(subject), _options(subject)
    alone = _walked(subject.start(tape.weights, options), tape)
    one, other = subject.start(tape.weights, options), subject.start(tape.weights, options)
    found = [one.values()]
    for grads, further in zip(tape.grads, tape.scaled(-3.0).grads, strict=True):
        one.step(grads)
        other.step(further)
        found.append(one.values())
    place = first_difference(found, alone, rounding_of(subject), is_elementwise=False)
    if place is None:
        return None
    return failed(
        "state",
        expected="two instances that know nothing of each other",
        seen=f"a step of {place.seen:.6g} for {place.expected:.6g}, beside a second instance",
        where=place.where,
        cause="Instances share a state: a class attribute or a mutable default argument.",
        hint="Make the state in __init__.",
        certainty=0.92,
    )


def _gradient_stays(subject: OptimizerSubject) -> Outcome | None:
    """Compare the gradients after a step: an argument's change is a mistake, that of ``p.grad`` is not.

    Nobody says that ``p.grad`` outlives a step: zero_grad follows, and several libraries decay or centre the
    gradient where it lies. An array that a caller handed over is the caller's.
    """
    options = _options(subject)
    changed = _changed_gradient(subject, options)
    if changed is None and "weight_decay" in subject.spelled:
        changed = _changed_gradient(subject, {**options, "weight_decay": 0.3})
    if changed is None:
        return None
    if subject.reference is not None and not subject.is_torch and _is_argument(subject):
        return _gradient_failed(changed)
    return warned(
        "a step changes the gradients that it was given",
        where=f"step 1, tensor {changed}",
        hint="Whoever reads them after the step, to clip or to log, reads something else.",
    )


def _is_argument(subject: OptimizerSubject) -> bool:
    session = subject.start(_tape(subject).weights, _options(subject))
    return isinstance(session, PlainSession) and session.takes_grads


def _gradient_failed(tensor: int) -> Outcome:
    return failed(
        "aliasing",
        expected="gradients that a step leaves as they are",
        seen="other values after the step",
        where=f"step 1, the gradient of tensor {tensor}",
        cause="The gradient is changed in place.",
        hint="Work on a new array: grad = grad + weight_decay * p, not grad += weight_decay * p.",
        certainty=0.6,
    )


def _changed_gradient(subject: OptimizerSubject, options: dict[str, Any]) -> int | None:
    """Return the first tensor whose gradient two steps change, if there is one."""
    tape = _tape(subject)
    session = subject.start(tape.weights, options)
    assert isinstance(session, (TorchSession, PlainSession)), "not asked of optax"
    for grads in tape.grads[:2]:
        session.step(grads)
        for i, (g, right) in enumerate(zip(session.grads, grads, strict=True)):
            now = (
                g.detach().double().numpy()
                if isinstance(g, torch.Tensor)
                else np.asarray(g, dtype=np.float64)
            )
            if not np.allclose(now, np.asarray(right), rtol=1e-6, atol=0):
                return i
    return None
