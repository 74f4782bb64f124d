"""What happens while a data set is audited. Whoever is told draws it, or does not."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AuditEvent", "AuditStarted", "JudgeDone", "JudgeStarted", "JudgeStep", "Looking"]


@dataclass(frozen=True)
class AuditStarted:
    """The audit is about to begin: everything is decided.

    Attributes
    ----------
    images
        How many are judged.
    judges
        How many networks are trained, if time allows.
    recipe
        Name of their recipe, or names of those that take turns.
    """

    images: int
    judges: int
    recipe: str


@dataclass(frozen=True)
class JudgeStarted:
    """The events from here on are those of network ``judge`` of ``judges``, counted from 1."""

    judge: int
    judges: int


@dataclass(frozen=True)
class JudgeStep:
    """One training step of ``steps`` is done; ``step`` counts from 1."""

    step: int
    steps: int


@dataclass(frozen=True)
class JudgeDone:
    """A network was trained and has judged ``images`` that it never saw; it agreed with ``agreed`` labels."""

    images: int
    agreed: int
    seconds: float


@dataclass(frozen=True)
class Looking:
    """All networks have spoken; now comes what is told: scores, duplicates, outliers."""

    what: str


AuditEvent = AuditStarted | JudgeStarted | JudgeStep | JudgeDone | Looking
