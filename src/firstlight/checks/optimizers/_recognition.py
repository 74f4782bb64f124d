"""O22: which known optimizer does a target behave as, where nobody says?"""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import SINGLE, first_difference
from firstlight.checks.optimizers._comparison import Comparison
from firstlight.checks.optimizers._hypotheses import Named, fitting_mistake
from firstlight.checks.optimizers._options import spelled_options
from firstlight.checks.optimizers._settings import AS_GIVEN
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.references.optimizers import OPTIMIZERS, OptimizerReference

__all__ = ["recognised"]

# What no author means under the bare name; how eps, decay and momentum enter has too many dialects.
UNMISTAKABLE = ("sign", "bias-correction", "state")
NEUTRAL = ("optimizer", "optimiser", "my", "own", "numpy", "np", "torch", "plain", "simple", "custom", "mini")
SURE = 0.95


@check_of("O22", "which optimizer it is", families=UNMISTAKABLE)
def recognised(subject: OptimizerSubject) -> Outcome:
    """Step beside every reference and say which one it is.

    Fails only what is named after one, and is that one but for a single known mistake, in every setting.
    """
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
    mistake = _mistake_in(subject, name)
    if mistake is not None and mistake.family in UNMISTAKABLE and mistake.certainty >= SURE:
        return failed(
            mistake.family,
            expected=f"the steps of {likely}, which it is named after",
            seen=f"those of {likely} but for one thing",
            where="step 1 to 25",
            cause=mistake.sentence,
            certainty=0.85,
        )
    return warned(
        f"its name says {likely}, its steps do not",
        hint=f"Say --like {likely} to learn where they part, or ignore this if another rule is meant.",
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _mistake_in(subject: OptimizerSubject, name: str) -> Named | None:
    """Return the known mistake that makes the reference of exactly this name the target, if one does."""
    for word in NEUTRAL:
        name = name.removeprefix(word).removesuffix(word)
    reference = next((one for one in OPTIMIZERS.values() if _plain(one.name) == name), None)
    if reference is None:
        return None
    try:
        compared = _posing(subject, reference)
        ways, failing = compared.agreeing([AS_GIVEN], compared.ways)
        return None if failing is None else fitting_mistake(compared, failing, ways)
    except (TargetBroke, KeyError, TypeError, ValueError, ArithmeticError):
        return None


def _posing(subject: OptimizerSubject, reference: OptimizerReference) -> Comparison:
    """Hold the target against a reference that nobody named."""
    spelled = spelled_options(subject.signature, subject.args, reference)
    posing = OptimizerSubject(
        subject.given, reference, None, subject.manner, subject.signature, subject.args, spelled
    )
    return Comparison(posing, reference)


def _way_of(subject: OptimizerSubject, reference: OptimizerReference) -> str | None:
    """Return the accepted way in which a reference gives the target's steps; ``None`` if none does."""
    compared = _posing(subject, reference)
    posing = compared.subject
    theirs = subject.run(subject.tape)
    posing._runs[(id(posing.tape), ())] = (posing.tape, theirs)
    for words, hidden in reference.accepted():
        ours = compared.expected(AS_GIVEN, hidden)
        if first_difference(theirs, ours, SINGLE, is_elementwise=reference.is_elementwise) is None:
            return words
    return None
