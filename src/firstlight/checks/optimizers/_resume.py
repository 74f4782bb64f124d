"""O13: a saved state continues as if nothing had happened; O23: so does a changed rate."""

from __future__ import annotations

import copy
from typing import Any

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._comparison import comparison_of
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._sessions import PlainSession, Session, TorchSession
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape

__all__ = ["rate_can_change", "resumes"]

HALF = 10


@check_of("O13", "save and resume", families=("resume",))
def resumes(subject: OptimizerSubject) -> Outcome:
    """Ten steps, state_dict into a new one, ten steps: the same as twenty."""
    if draws_at_random(subject):
        return skipped("it draws random numbers")
    tape = subject.calm_tape
    options = _stateful(subject)
    through = subject.run(tape, options)
    first = subject.start(tape.weights, options)
    if not _can_save(first):
        return skipped("it has no state_dict and load_state_dict")
    for grads in tape.grads[:HALF]:
        first.step(grads)
    second = subject.start(first.values(), options)
    with theirs():
        saved = copy.deepcopy(_optimizer(first).state_dict())
        _optimizer(second).load_state_dict(saved)
    found = [second.values()]
    for grads in tape.grads[HALF : 2 * HALF]:
        second.step(grads)
        found.append(second.values())
    place = first_difference(found, through[HALF : 2 * HALF + 1], rounding_of(subject), is_elementwise=False)
    if place is None:
        return passed(f"{HALF} + {HALF} steps are {2 * HALF}")
    return failed(
        "resume",
        expected=f"{HALF} steps, state_dict, {HALF} steps as {2 * HALF} steps at one go",
        seen=f"a step of {place.seen:.6g} for {place.expected:.6g}",
        where=f"step {HALF + place.step}, {place.where.split(', ', 1)[1]}",
        cause="state_dict does not hold all that the steps need: a counter, an average, or an option.",
        hint="Keep all in self.state[p] or in the groups, or add it to state_dict and load_state_dict.",
        certainty=0.9,
    )


def _stateful(subject: OptimizerSubject) -> dict[str, Any]:
    wanted = {"momentum": 0.6, "weight_decay": 0.1}
    return {name: value for name, value in wanted.items() if name in subject.spelled}


def _optimizer(session: Session) -> Any:
    assert isinstance(session, (TorchSession, PlainSession)), "not asked of optax"
    return session.optimizer


def _can_save(session: Session) -> bool:
    if not isinstance(session, (TorchSession, PlainSession)):
        return False
    return all(callable(getattr(session.optimizer, name, None)) for name in ("state_dict", "load_state_dict"))


@check_of("O23", "a changed rate counts", families=("schedule", "rate-scale"))
def rate_can_change(subject: OptimizerSubject) -> Outcome:
    """Change the rate of the groups after ten steps, as a scheduler does."""
    if not subject.is_torch or "lr" not in subject.spelled or draws_at_random(subject):
        return skipped("it has no rate that a scheduler changes")
    tape = subject.calm_tape.first(2 * HALF)
    options = _stateful(subject)
    session = subject.start(tape.weights, options)
    assert isinstance(session, TorchSession), "only for torch"
    if not _has_rates(session):
        return skipped("its groups hold no rate")
    found = [session.values()]
    for i, grads in enumerate(tape.grads):
        if i == HALF:
            session.set_rate(0.25)
        session.step(grads)
        found.append(session.values())
    unchanged = subject.run(subject.calm_tape, options)[: 2 * HALF + 1]
    if first_difference(found, unchanged, rounding_of(subject), is_elementwise=False) is not None:
        return _as_the_reference(subject, tape, options, found)
    if subject.reference is None or not subject.reference.is_lr_linear:
        return warned("a changed rate of the groups changed nothing")
    return failed(
        "schedule",
        expected="smaller steps after the rate of the groups is changed",
        seen="the same steps",
        where=f"step {HALF + 1}, after group['lr'] *= 0.25",
        cause="The rate is read once, when it is made: a scheduler has no effect.",
        hint="Read group['lr'] in each step.",
        certainty=0.93,
    )


def _has_rates(session: TorchSession) -> bool:
    groups: Any = getattr(session.optimizer, "param_groups", None)
    return bool(groups) and all(isinstance(group.get("lr"), (int, float)) for group in groups)


def _as_the_reference(
    subject: OptimizerSubject, tape: Tape, options: dict[str, Any], found: list[list[Any]]
) -> Outcome:
    reference = subject.reference
    if reference is None or not reference.is_lr_linear:
        return passed("a changed rate changes the steps")
    compared = comparison_of(subject)
    values = subject.values(options)
    ways = [way for way in compared.ways if compared.agreeing(compared.settings[:1], [way])[1] is None]
    if not ways:
        return skipped("it is not like its reference before the rate changes either")
    for _, hidden in ways:
        rule = reference.start(values, **hidden)
        weights = tape.fresh_weights()
        ours = [[weight.copy() for weight in weights]]
        for i, grads in enumerate(tape.grads):
            rule.options.lr = values["lr"] * (0.25 if i >= HALF else 1.0)
            rule.step(weights, grads)
            ours.append([weight.copy() for weight in weights])
        if first_difference(found, ours, rounding_of(subject), is_elementwise=False) is None:
            return passed("a changed rate changes the steps as it does the reference's")
    return warned("after a change of the rate the steps are not the reference's")
