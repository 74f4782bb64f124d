"""O7: the order of the tensors, and that of their entries, must not matter."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.optimizers._agreement import SINGLE, Tolerance, first_difference
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory, made_tape

__all__ = ["order_is_irrelevant", "rounding_of"]


def rounding_of(subject: OptimizerSubject) -> Tolerance:
    """Return how far two runs may be apart that differ in rounding alone."""
    return Tolerance(1e-6, 1e-9) if subject.is_exact else SINGLE


@check_of("O7", "order of tensors and entries", families=("state", "shape"))
def order_is_irrelevant(subject: OptimizerSubject) -> Outcome:
    """Reverse the list of tensors, step one alone, permute entries: each tensor goes its way."""
    if draws_at_random(subject):
        return skipped("it draws random numbers")
    shapes = (*subject.manner.shapes, subject.manner.shapes[-1])
    tape = made_tape(shapes, seed=subject.given.seed, steps=8, is_wide=False)
    usual = subject.run(tape)
    return _reversed(subject, tape, usual) or _alone(subject, tape, usual) or _permuted(subject) or passed("")


def _reversed(subject: OptimizerSubject, tape: Tape, usual: Trajectory) -> Outcome | None:
    turned = Tape(tape.weights[::-1], tuple(step[::-1] for step in tape.grads))
    back = [values[::-1] for values in subject.run(turned)]
    place = first_difference(back, usual, rounding_of(subject), is_elementwise=False)
    if place is None:
        return None
    if subject.reference is None and subject.knowledge.get("moves_on_zero"):
        return warned(
            "tensors step differently in another order: is there noise of its own?", where=place.where
        )
    return failed(
        "state",
        expected="the same steps, whichever tensor comes first",
        seen=f"{place.seen:.6g} for {place.expected:.6g}",
        where=place.where,
        cause="What belongs to one tensor is used for another: a state, or a counter that all of them raise.",
        hint="Keep state and step counter for each tensor; raise the counter once a step.",
        certainty=0.8,
    )


def _alone(subject: OptimizerSubject, tape: Tape, usual: Trajectory) -> Outcome | None:
    alone = subject.run(Tape(tape.weights[-1:], tuple(step[-1:] for step in tape.grads)))
    place = first_difference(
        alone, [values[-1:] for values in usual], rounding_of(subject), is_elementwise=False
    )
    if place is None:
        return None
    subject.knowledge["is_separable"] = False
    if subject.reference is None or not subject.reference.is_elementwise:
        return warned("a tensor steps differently when it is alone", where=place.where)
    return failed(
        "state",
        expected="the same steps for a tensor alone and beside others",
        seen=f"{place.seen:.6g} for {place.expected:.6g}",
        where=place.where,
        cause="The steps of one tensor depend on another one.",
        certainty=0.6,
    )


def _permuted(subject: OptimizerSubject) -> Outcome | None:
    if subject.reference is None or not subject.reference.is_elementwise:
        return None
    tape = made_tape(subject.manner.shapes[-1:], seed=subject.given.seed, steps=5, is_wide=False)
    order = np.random.default_rng(subject.given.seed).permutation(tape.weights[0].size)
    turned = Tape(
        (_shuffled(tape.weights[0], order),), tuple((_shuffled(np.asarray(g[0]), order),) for g in tape.grads)
    )
    expected = [[_shuffled(values[0], order)] for values in subject.run(tape)]
    place = first_difference(subject.run(turned), expected, rounding_of(subject))
    if place is None:
        return None
    return failed(
        "shape",
        expected=f"each entry of {subject.reference.name} goes its own way",
        seen="other steps where the entries are permuted",
        where=place.where,
        cause="Entries of a tensor influence each other.",
        certainty=0.5,
    )


def _shuffled(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    return np.asarray(values.ravel()[order].reshape(values.shape))
