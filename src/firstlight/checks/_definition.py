"""What a check and a kind are. A kind lists its checks in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from firstlight.checks._families import checked_family
from firstlight.checks._given import Given
from firstlight.checks._outcome import Outcome

__all__ = ["Check", "Instrument", "Kind", "check_of"]

Instrument: TypeAlias = Literal["exact", "control", "statistical"]


@dataclass(frozen=True)
class Check:
    """One question to an implementation.

    Attributes
    ----------
    id
        Such as ``"O1"``; unique within its kind; the same question has the same id in all.
    name
        In a few words, lower case.
    run
        Takes the kind's subject, returns an `Outcome`. What the implementation raises goes through it: the
        runner makes a failure of it.
    families
        Which families a failure of it can name.
    instrument
        ``"exact"``: no false alarm by construction; ``"control"``: an exact experiment on real images;
        ``"statistical"``: a test with a false-alarm rate.
    is_quick
        Whether ``--quick`` runs it too.
    seconds
        After how long it is stopped.
    """

    id: str
    name: str
    run: Callable[[Any], Outcome]
    families: tuple[str, ...]
    instrument: Instrument = "exact"
    is_quick: bool = True
    seconds: float = 20.0


@dataclass(frozen=True)
class Kind:
    """One kind of implementation and everything that is known about checking it.

    Attributes
    ----------
    name
        The word for ``--kind``.
    what
        What TARGET has to be, in words.
    subject
        Makes of what was given the object that the checks ask. Raises `TargetError` where that cannot be.
    checks
        In the order in which they run: exact, control, statistical.
    references
        Names that ``--like`` knows for this kind.
    blind_spots
        What no check of the kind can see, in words.
    sentence
        What a PASS of this kind would have caught, in words.
    is_slow
        Whether it may well need longer than a check's seconds: then a check that takes too long is
        inconclusive, and no failure.
    """

    name: str
    what: str
    subject: Callable[[Given], Any]
    checks: tuple[Check, ...]
    references: Callable[[], Iterable[str]]
    blind_spots: tuple[str, ...]
    sentence: str = ""
    is_slow: bool = False


def check_of(
    number: str,
    name: str,
    *,
    families: Iterable[str],
    instrument: Instrument = "exact",
    is_quick: bool = True,
    seconds: float = 20.0,
) -> Callable[[Callable[[Any], Outcome]], Check]:
    """Make a check of a function: ``@check_of("O17", "same tape twice", families=("determinism",))``."""

    def made(run: Callable[[Any], Outcome]) -> Check:
        known = tuple(checked_family(family) for family in families)
        return Check(number, name, run, known, instrument, is_quick, seconds)

    return made
