"""O15: a tensor whose first gradient comes at step 5."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape

__all__ = ["late_parameter"]

LATE, STEPS = 4, 10
STATE_IS_MISSING = (KeyError, AttributeError, IndexError, NameError)


@check_of("O15", "a gradient that comes late", families=("state", "bias-correction"))
def late_parameter(subject: OptimizerSubject) -> Outcome:
    """A tensor that had no gradient for four steps begins as a fresh one does."""
    if not subject.manner.accepts_none or draws_at_random(subject):
        return skipped("it takes no missing gradients")
    tape = subject.calm_tape.first(STEPS)
    last = len(tape.weights) - 1
    late = Tape(
        tape.weights,
        tuple((*step[:last], None) if i < LATE else step for i, step in enumerate(tape.grads)),
    )
    try:
        values = subject.run(late)
    except TargetBroke as error:
        if not isinstance(error.__cause__, STATE_IS_MISSING):
            return warned(f"a gradient that comes late breaks it: {str(error).splitlines()[0][:160]}")
        return failed(
            "state",
            expected="a tensor may get its first gradient later than others",
            seen=str(error).splitlines()[0][:200],
            where=f"step {LATE + 1}, tensor {last}, whose gradient was None before",
            cause="The state of a tensor is made in the first step of the optimizer, not of the tensor.",
            hint="Make a tensor's state when it is met first: if len(self.state[p]) == 0.",
            certainty=0.75,
        )
    alone = Tape(tape.weights[last:], tuple((step[last],) for step in tape.grads[LATE:]))
    fresh = subject.run(alone)
    found = [row[last:] for row in values[LATE:]]
    if first_difference(found, fresh, rounding_of(subject), is_elementwise=False) is None:
        return passed("as a fresh one")
    return warned(
        "a late tensor does not begin as a fresh one does",
        where=f"step {LATE + 1}, tensor {last}",
        hint="One step counter for all tensors corrects late ones too little; torch counts for each.",
    )
