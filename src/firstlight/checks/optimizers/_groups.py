"""O12: parameter groups, each with its own options."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory

__all__ = ["groups_have_their_own_options"]

STEPS = 6
OTHER = {
    "lr": 0.02,
    "weight_decay": 0.4,
    "beta1": 0.3,
    "beta2": 0.6,
    "eps": 0.3,
    "momentum": 0.3,
    "alpha": 0.4,
    "rho": 0.4,
}


@check_of("O12", "parameter groups", families=("parameter-groups", "state"))
def groups_have_their_own_options(subject: OptimizerSubject) -> Outcome:
    """Two groups with the same options are as good as one; of two with other options each keeps its own."""
    if not subject.is_torch or len(subject.manner.shapes) < 2:
        return skipped("it takes no parameter groups")
    if draws_at_random(subject):
        return skipped("it draws random numbers")
    tape = subject.calm_tape.first(STEPS)
    try:
        split = _walked(subject, tape, ({}, {}))
    except TargetBroke as error:
        return warned(f"two parameter groups break it: {str(error)[:200]}")
    together = subject.run(subject.calm_tape)[: STEPS + 1]
    place = first_difference(split, together, rounding_of(subject), is_elementwise=False)
    if place is not None:
        return _split_differs(subject, place.where)
    for option in [name for name in OTHER if name in subject.spelled]:
        wrong = _reads_the_first(subject, tape, option)
        if wrong is not None:
            return wrong
    return _has_no_defaults(subject, tape) or passed("each group has its own options")


def _halves(tape: Tape) -> tuple[list[int], list[int]]:
    members = list(range(len(tape.weights)))
    return members[: len(members) // 2], members[len(members) // 2 :]


def _walked(
    subject: OptimizerSubject, tape: Tape, own: tuple[dict[str, Any], dict[str, Any]], **all_: Any
) -> Trajectory:
    groups = list(zip(_halves(tape), own, strict=True))
    session = subject.start(tape.weights, all_, groups=groups)
    found = [session.values()]
    for grads in tape.grads:
        session.step(grads)
        found.append(session.values())
    return found


def _split_differs(subject: OptimizerSubject, where: str) -> Outcome:
    if subject.reference is None:
        return warned("two groups with the same options step differently from one", where=where)
    return failed(
        "parameter-groups",
        expected="two groups with the same options step as one",
        seen="they step differently",
        where=where,
        cause="A state or a counter is shared between groups, or only one group is stepped.",
        certainty=0.85,
    )


def _reads_the_first(subject: OptimizerSubject, tape: Tape, option: str) -> Outcome | None:
    """Give the second group another value: it must not step as with that of the first one."""
    base = {
        name: value
        for name, value in {"lr": 0.1, "weight_decay": 0.2, "eps": 0.1}.items()
        if name in subject.spelled
    }
    other = OTHER[option]
    try:
        mixed = _walked(subject, tape, ({}, {option: other}), **base)
        usual = _walked(subject, tape, ({}, {}), **base)
        wanted = _walked(subject, tape, ({option: other}, {option: other}), **base)
    except TargetBroke:
        return None
    second = _halves(tape)[1]
    kept = [[values[i] for i in second] for values in mixed]
    is_live = not _same(
        subject, [[v[i] for i in second] for v in wanted], [[v[i] for i in second] for v in usual]
    )
    name = subject.spelled[option].name
    if is_live and _same(subject, kept, [[v[i] for i in second] for v in usual]):
        # Some that find their rate themselves take one for all groups.
        if subject.reference is None and (option == "lr" or not subject.knowledge.get("is_separable", True)):
            return warned(f"the second group steps with the first one's {name}")
        return _not_own(name, "the second group steps with the first one's")
    first = _halves(tape)[0]
    begun = [[values[i] for i in first] for values in mixed]
    is_moved = not _same(subject, begun, [[v[i] for i in first] for v in usual])
    if is_live and is_moved and _same(subject, begun, [[v[i] for i in first] for v in wanted]):
        return _not_own(name, "the first group steps with the second one's")
    return None


def _same(subject: OptimizerSubject, one: Trajectory, other: Trajectory) -> bool:
    return first_difference(one, other, rounding_of(subject), is_elementwise=False) is None


def _not_own(name: str, seen: str) -> Outcome:
    return failed(
        "parameter-groups",
        expected=f"each group steps with its own {name}",
        seen=seen,
        where=f"two groups that differ in {name}",
        cause=f"{name} is read from one group, or from self.defaults, for all.",
        hint="Read options inside the loop: for group in self.param_groups: group['lr'].",
        certainty=0.95,
    )


def _has_no_defaults(subject: OptimizerSubject, tape: Tape) -> Outcome | None:
    """A group whose rate is zero stays."""
    if "lr" not in subject.spelled:
        return None
    base = {"weight_decay": 0.0} if "weight_decay" in subject.spelled else {}
    try:
        walked = _walked(subject, tape, ({}, {"lr": 0.0}), **base)
    except TargetBroke:
        return None
    second = _halves(tape)[1]
    moved = max(float(np.abs(walked[-1][i] - walked[0][i]).max()) for i in second)
    if (
        not moved > (1e-9 if subject.is_exact else 1e-5)
        or subject.reference is None
        or not subject.reference.is_lr_linear
    ):
        return None
    return failed(
        "parameter-groups",
        expected="a group with lr 0 stays as it is",
        seen=f"it moved by {moved:.3g}",
        where="the second of two groups",
        cause="Something moves the weights that the group's rate does not reach.",
        certainty=0.5,
    )
