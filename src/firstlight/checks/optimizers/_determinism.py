"""O17: the same tape twice."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.optimizers._agreement import Tolerance, first_difference
from firstlight.checks.optimizers._randomness import draws_at_random, seeded_run
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["same_tape_twice"]


@check_of("O17", "same tape twice", families=("determinism",))
def same_tape_twice(subject: OptimizerSubject) -> Outcome:
    """Two runs from the same seed are the same to the last bit."""
    place = first_difference(seeded_run(subject, 1), seeded_run(subject, 1), Tolerance(0.0, 0.0))
    if place is None:
        return passed(
            "it draws random numbers, from the global seed" if draws_at_random(subject) else "bitwise"
        )
    return failed(
        "determinism",
        expected="the same steps for the same seed",
        seen=f"{place.seen:.9g}, then {place.expected:.9g}",
        where=place.where,
        cause="Memory that nobody wrote, a state shared by all instances, or a generator without a seed.",
        certainty=0.7,
    )
