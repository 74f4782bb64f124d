"""Verdict and diagnosis follow from the results (oracle: the rules, written out)."""

from __future__ import annotations

import pytest

from firstlight._errors import CheckFailedError
from firstlight.checks import CheckReport, CheckResult
from firstlight.checks._verdict import diagnosis_of, excused, verdict_of


def result(number: str, status: str, **fields: object) -> CheckResult:
    return CheckResult(number, "a check", status, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (["pass"], "PASS"),
        (["pass", "skip", "warn"], "PASS"),
        (["pass", "inconclusive"], "INCONCLUSIVE"),
        (["pass", "inconclusive", "fail"], "FAIL"),
        (["skip", "warn"], "INCONCLUSIVE"),
        ([], "INCONCLUSIVE"),
    ],
)
def test_verdicts(found: list[str], verdict: str) -> None:
    results = [result(f"O{place}", status) for place, status in enumerate(found)]
    assert verdict_of(results) == verdict


def test_the_surest_failure_is_the_diagnosis() -> None:
    results = [
        result("O1", "fail", family="forward", certainty=0.3, cause="anything"),
        result(
            "O4",
            "fail",
            family="bias-correction",
            certainty=0.9,
            cause="the first step is 3.16 times too large",
        ),
        result("O9", "pass"),
    ]
    found = diagnosis_of(results)
    assert found is not None
    assert (found.family, found.sentence) == ("bias-correction", "the first step is 3.16 times too large")


def test_of_equally_sure_ones_the_family_named_most_often() -> None:
    results = [result("O1", "fail", family="sign")] + [
        result(f"O{n}", "fail", family="state") for n in (2, 3)
    ]
    found = diagnosis_of(results)
    assert found is not None
    assert found.family == "state"


def test_a_failure_without_a_family_does_not_hide_one_with() -> None:
    results = [
        result("O1", "fail", certainty=0.9, seen="it hung"),
        result("O2", "fail", family="sign", certainty=0.1),
    ]
    found = diagnosis_of(results)
    assert found is not None
    assert found.family == "sign"


def test_nothing_failed_nothing_to_tell() -> None:
    assert diagnosis_of([result("O1", "pass"), result("O2", "warn")]) is None


def test_an_expected_failure_only_warns() -> None:
    results = excused(
        [result("O13", "fail", family="resume"), result("O1", "pass")], {"O13": "no state_dict yet"}
    )
    assert [one.status for one in results] == ["warn", "pass"]
    assert "no state_dict yet" in results[0].hint
    assert verdict_of(results) == "PASS"


@pytest.mark.parametrize(("verdict", "code"), [("PASS", 0), ("FAIL", 1), ("INCONCLUSIVE", 4)])
def test_exit_codes(verdict: str, code: int) -> None:
    report = CheckReport("a:b", "loss", None, verdict, 1.0, (result("S1", "fail", family="sign"),))  # type: ignore[arg-type]
    assert report.exit_code == code
    if verdict == "FAIL":
        with pytest.raises(CheckFailedError, match="FAILED  S1 a check"):
            report.raise_if_failed()
    else:
        report.raise_if_failed()
