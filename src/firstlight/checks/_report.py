"""`CheckReport`: what was asked, what was found, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from firstlight._errors import CheckFailedError
from firstlight.checks._definition import Check
from firstlight.checks._outcome import Outcome, Status

__all__ = ["CheckReport", "CheckResult", "Diagnosis", "Verdict"]

Verdict: TypeAlias = Literal["PASS", "FAIL", "INCONCLUSIVE"]
EXIT_CODES: dict[Verdict, int] = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 4}


@dataclass(frozen=True)
class CheckResult:
    """One check and what it found.

    Attributes
    ----------
    id, name
        Of the check.
    status
        ``"pass"``, ``"fail"``, ``"warn"``, ``"skip"`` or ``"inconclusive"``.
    family
        Which kind of mistake it is; a key of `FAMILIES`, ``None`` where nothing failed.
    expected, seen, where, cause, hint
        What should have been and what was, the first place at which they differ, why that is likely so, and
        how to fix it.
    seconds
        That it took.
    instrument
        ``"exact"``, ``"control"`` or ``"statistical"``.
    certainty
        How sure the family is, 0 to 1.
    """

    id: str
    name: str
    status: Status
    family: str | None = None
    expected: str = ""
    seen: str = ""
    where: str = ""
    cause: str = ""
    hint: str = ""
    seconds: float = 0.0
    instrument: str = "exact"
    certainty: float = 0.5

    @staticmethod
    def of(outcome: Outcome, check: Check, *, seconds: float) -> CheckResult:
        """Put a check's name to what it found."""
        return CheckResult(
            check.id,
            check.name,
            outcome.status,
            outcome.family,
            outcome.expected,
            outcome.seen,
            outcome.where,
            outcome.cause,
            outcome.hint,
            round(seconds, 4),
            check.instrument,
            outcome.certainty,
        )


@dataclass(frozen=True)
class Diagnosis:
    """The likeliest cause of all failures together.

    Attributes
    ----------
    family
        A key of `FAMILIES`; ``None`` where the implementation broke before a cause could be told.
    sentence
        What is likely wrong, in words.
    """

    family: str | None
    sentence: str


@dataclass(frozen=True)
class CheckReport:
    """The answer to "is my implementation right?".

    Attributes
    ----------
    target, kind, like
        What was checked, as what, and against which reference.
    verdict
        ``"PASS"``, ``"FAIL"`` or ``"INCONCLUSIVE"``.
    seconds
        That all took, the start of its process included.
    checks
        Each check and what it found, in the order in which they ran.
    diagnosis
        The likeliest cause; ``None`` where nothing failed.
    dialect
        Which accepted way of writing the formula was recognised; ``None`` where there is but one.
    power
        What the statistical checks would have seen: ``sentence``, ``drop`` (in accuracy), ``power``,
        ``alpha``; ``None`` where none ran.
    blind_spots
        What a PASS could not have seen.
    caught
        What a PASS would have caught, in words.
    printed
        The last of what the implementation printed, where something failed.
    command
        What asks the same on the command line; empty where the target is an object of this process.
    """

    target: str
    kind: str
    like: str | None
    verdict: Verdict
    seconds: float
    checks: tuple[CheckResult, ...]
    diagnosis: Diagnosis | None = None
    dialect: str | None = None
    power: Mapping[str, Any] | None = None
    blind_spots: tuple[str, ...] = ()
    caught: str = ""
    printed: str = ""
    command: str = ""

    @property
    def exit_code(self) -> int:
        """0 for PASS, 1 for FAIL, 4 for INCONCLUSIVE."""
        return EXIT_CODES[self.verdict]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.status == "fail")

    def raise_if_failed(self) -> None:
        """Raise unless the verdict is PASS or INCONCLUSIVE: one line for a test of your own.

        Raises
        ------
        CheckFailedError
            The verdict is FAIL; the message is the whole report.
        """
        if self.verdict == "FAIL":
            raise CheckFailedError(str(self))

    def fields(self) -> dict[str, Any]:
        """Return plain values, as ``--json`` prints them."""
        return {
            "target": self.target,
            "kind": self.kind,
            "like": self.like,
            "verdict": self.verdict,
            "seconds": round(self.seconds, 3),
            "checks": [asdict(check) for check in self.checks],
            "diagnosis": asdict(self.diagnosis) if self.diagnosis else None,
            "dialect": self.dialect,
            "power": dict(self.power) if self.power else None,
            "blind_spots": list(self.blind_spots),
        }

    def __str__(self) -> str:
        from firstlight.checks._text import report_text

        return report_text(self)
