"""O22: which known optimizer does a target behave as, where nobody says?"""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import SINGLE, first_difference
from firstlight.checks.optimizers._comparison import Comparison
from firstlight.checks.optimizers._options import spelled_options
from firstlight.checks.optimizers._settings import AS_GIVEN
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.references.optimizers import OPTIMIZERS, OptimizerReference

__all__ = ["recognised"]


@check_of("O22", "which optimizer it is", families=("state",))
def recognised(subject: OptimizerSubject) -> Outcome:
    """Step beside every reference. Says what was recognised; nothing of it is a failure."""
    if subject.reference is not None or subject.peer is not None:
        return skipped("--like says it")
    name = _plain(getattr(subject.given.target, "__name__", ""))
    for reference in sorted(OPTIMIZERS.values(), key=lambda one: _plain(one.name) not in name):
        try:
            words = _way_of(subject, reference)
        except (TargetBroke, KeyError, TypeError, ValueError, ArithmeticError):
            continue
        if words is not None:
            return passed(f"it steps as {reference.name} does" + (f", {words}" if words else ""))
    likely = max((one for one in OPTIMIZERS if _plain(one) in name), key=len, default=None)
    if likely is None:
        return passed("none that we know")
    return warned(
        f"its name says {likely}, its steps do not",
        hint=f"Say --like {likely} to learn where they part, or ignore this if another rule is meant.",
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _way_of(subject: OptimizerSubject, reference: OptimizerReference) -> str | None:
    """Return the accepted way in which a reference gives the target's steps; ``None`` if none does."""
    spelled = spelled_options(subject.signature, subject.args, reference)
    posing = OptimizerSubject(
        subject.given, reference, None, subject.manner, subject.signature, subject.args, spelled
    )
    compared = Comparison(posing, reference)
    theirs = subject.run(subject.tape)
    posing._runs[(id(posing.tape), ())] = (posing.tape, theirs)
    for words, hidden in reference.accepted():
        ours = compared.expected(AS_GIVEN, hidden)
        if first_difference(theirs, ours, SINGLE, is_elementwise=reference.is_elementwise) is None:
            return words
    return None
