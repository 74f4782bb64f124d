"""From what the checks found to a verdict and a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from firstlight.checks._families import FAMILIES
from firstlight.checks._report import CheckResult, Diagnosis, Verdict

__all__ = ["diagnosis_of", "excused", "verdict_of"]


def verdict_of(results: Sequence[CheckResult]) -> Verdict:
    """One failure is a FAIL; a PASS needs something that passed and nothing that could not decide.

    Examples
    --------
    >>> verdict_of([CheckResult("O1", "lockstep", "pass"), CheckResult("O2", "amplified", "fail")])
    'FAIL'
    >>> verdict_of([CheckResult("O1", "lockstep", "skip")])
    'INCONCLUSIVE'
    """
    found = {result.status for result in results}
    if "fail" in found:
        return "FAIL"
    return "PASS" if "pass" in found and "inconclusive" not in found else "INCONCLUSIVE"


def diagnosis_of(results: Iterable[CheckResult]) -> Diagnosis | None:
    """Return the cause that the surest failure names; of equally sure ones, the family named most often."""
    failures = [result for result in results if result.status == "fail"]
    if not failures:
        return None
    named = [result for result in failures if result.family] or failures
    votes = [result.family for result in named]
    best = max(named, key=lambda result: (result.certainty, votes.count(result.family)))
    meaning = FAMILIES.get(best.family or "", "")
    return Diagnosis(best.family, best.cause or meaning or best.seen)


def excused(results: Iterable[CheckResult], reasons: Mapping[str, str]) -> tuple[CheckResult, ...]:
    """Make a warning of each failure that was declared beforehand, with its reason."""
    return tuple(
        replace(result, status="warn", hint=f"Expected to fail: {reasons[result.id]}")
        if result.status == "fail" and result.id in reasons
        else result
        for result in results
    )
