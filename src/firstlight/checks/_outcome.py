"""What one check found: `passed`, `failed`, `warned`, `skipped` or `inconclusive`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from firstlight.checks._families import checked_family

__all__ = ["Outcome", "Status", "failed", "inconclusive", "passed", "skipped", "warned"]

Status: TypeAlias = Literal["pass", "fail", "warn", "skip", "inconclusive"]


@dataclass(frozen=True)
class Outcome:
    """What a check returns. Made by the five functions below.

    Attributes
    ----------
    status
        Only ``"fail"`` makes a verdict FAIL; ``"inconclusive"`` keeps it from being PASS.
    family
        Which kind of mistake a failure is; a key of `FAMILIES`.
    expected, seen
        What a right implementation does, and what this one did, with numbers.
    where
        The first place at which they differ: step, tensor and index, or image.
    cause, hint
        The likely cause in one sentence; how to fix it.
    certainty
        How sure the family is, 0 to 1: the surest failure becomes the diagnosis.
    dialect
        Which accepted way of writing the formula was recognised.
    power
        What a statistical check would have seen, in plain values; see `CheckReport`.
    """

    status: Status
    family: str | None = None
    expected: str = ""
    seen: str = ""
    where: str = ""
    cause: str = ""
    hint: str = ""
    certainty: float = 0.5
    dialect: str | None = None
    power: dict[str, Any] | None = None


def passed(seen: str = "", *, dialect: str | None = None, power: dict[str, Any] | None = None) -> Outcome:
    """Return that all is right; ``seen`` says in a few words what was held against what."""
    return Outcome("pass", seen=seen, dialect=dialect, power=power)


def failed(
    family: str,
    *,
    expected: str,
    seen: str,
    where: str = "",
    cause: str = "",
    hint: str = "",
    certainty: float = 0.5,
) -> Outcome:
    """Return that the implementation is wrong. Must never be returned for a right one."""
    return Outcome(
        "fail", checked_family(family), expected, seen, where, cause, hint or cause, certainty=certainty
    )


def warned(seen: str, *, expected: str = "", where: str = "", hint: str = "") -> Outcome:
    """Return something that its author should know and that is no mistake for certain."""
    return Outcome("warn", None, expected, seen, where, hint=hint)


def skipped(reason: str) -> Outcome:
    """Return that the check does not apply, and why."""
    return Outcome("skip", seen=reason)


def inconclusive(reason: str, *, hint: str = "", power: dict[str, Any] | None = None) -> Outcome:
    """Return that the check applies and could not decide, and why."""
    return Outcome("inconclusive", seen=reason, hint=hint, power=power)
