"""Questions to an estimator: asked of the right roles only, and patient with what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps

import numpy as np

from firstlight.checks._definition import Check, Instrument, check_of
from firstlight.checks._outcome import Outcome, failed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._guess import as_sure_as
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["question", "refusal"]

ALL = ("classifier", "regressor", "clusterer", "transformer")
BY_REFERENCE = ("K4", "K11", "K18")  # beside those that name the references that they are asked of
DELIBERATE = (ValueError, TypeError, NotImplementedError, AssertionError, np.linalg.LinAlgError)


def question(
    id: str,  # noqa: A002 - as in check_of
    name: str,
    *,
    families: Iterable[str],
    roles: tuple[str, ...] = ALL,
    like: tuple[str, ...] = (),
    instrument: Instrument = "exact",
    is_quick: bool = True,
    seconds: float = 40.0,
) -> Callable[[Callable[[EstimatorSubject], Outcome]], Check]:
    """Make a check that skips other roles and references, and one that does not even fit plain data.

    What the implementation raises on data that were made for the check is a warning where it may be
    deliberate: not each estimator takes names for labels, or columns that do not vary.
    """
    families = tuple(families)
    is_guessed = bool(like) or id in BY_REFERENCE

    def made(run: Callable[[EstimatorSubject], Outcome]) -> Check:
        @wraps(run)
        def guarded(subject: EstimatorSubject) -> Outcome:
            if like and subject.like not in like:
                return skipped(f"asked of {', '.join(like)}")
            if subject.role not in roles:
                return skipped(f"it is no {' or '.join(roles)}")
            if subject.probe.fitted is None:
                return skipped("it does not fit plain data: see K1")
            try:
                return as_sure_as(run(subject), subject.guess if is_guessed else None)
            except TargetBroke as error:
                return refusal(subject, error, families[0], name)

        return check_of(
            id, name, families=families, instrument=instrument, is_quick=is_quick, seconds=seconds
        )(guarded)

    return made


def refusal(subject: EstimatorSubject, error: TargetBroke, family: str, what: str) -> Outcome:
    """Return what it means that the implementation raised."""
    cause = error.__cause__ or error
    said = f"{type(cause).__name__}: {cause}".splitlines()[0][:200]
    if subject.is_library or isinstance(cause, DELIBERATE):
        return warned(f"it refused, {said}", where=what)
    return failed(
        family, expected="an answer", seen=said, where=what, cause="It breaks on valid data.", certainty=0.2
    )
