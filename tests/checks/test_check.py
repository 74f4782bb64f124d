"""What `check` takes, refuses and returns (behaviour)."""

from __future__ import annotations

import pytest
import torch

import firstlight as fl
from firstlight._errors import TargetError, UnknownNameError, UsageError
from firstlight.checks import FAMILIES, KINDS, planned_checks
from firstlight.checks._kinds import find_kind

FIELDS = [
    "target", "kind", "like", "verdict", "seconds", "checks", "diagnosis", "dialect", "power", "blind_spots",
]  # fmt: skip
RESULT_FIELDS = {"id", "name", "status", "family", "expected", "seen", "where", "hint", "seconds"}


def relu(x: torch.Tensor) -> torch.Tensor:
    return x.clamp(min=0)


def test_fields_of_a_report() -> None:
    fields = fl.check(relu, kind="activation", like="relu", isolated=False).fields()
    assert list(fields) == FIELDS
    assert all(set(one) >= RESULT_FIELDS for one in fields["checks"])
    assert fields["diagnosis"] is None
    assert fields["blind_spots"]


def test_results_come_one_by_one() -> None:
    seen: list[str] = []
    report = fl.check(
        relu, kind="activation", isolated=False, on_result=lambda result: seen.append(result.id)
    )
    assert seen == [result.id for result in report.checks]
    assert list(planned_checks(relu, kind="activation")) == seen


def test_the_kind_is_found_by_the_reference() -> None:
    assert fl.check(relu, like="relu", isolated=False).kind == "activation"


def test_a_failure_that_was_expected_does_not_fail() -> None:
    wrong = fl.check(torch.abs, kind="activation", like="relu", isolated=False)
    reasons = {result.id: "not written yet" for result in wrong.failures}
    assert reasons
    report = fl.check(torch.abs, kind="activation", like="relu", isolated=False, expect_fail=reasons)
    assert report.verdict != "FAIL"


def test_an_expected_failure_of_no_check() -> None:
    with pytest.raises(UsageError, match="No check Z99 ran, which was expected to fail"):
        fl.check(relu, kind="activation", isolated=False, expect_fail={"Z99": "why"})


def test_no_such_kind() -> None:
    with pytest.raises(UnknownNameError, match=r"no kind 'optimiser'. Did you mean 'optimizer'"):
        fl.check(relu, kind="optimiser", isolated=False)


def test_no_such_reference() -> None:
    with pytest.raises(UnknownNameError, match=r"'relo'. Did you mean 'relu'"):
        fl.check(relu, kind="activation", like="relo", isolated=False)


def test_something_of_no_kind() -> None:
    with pytest.raises(TargetError, match=r"none of the kinds that can be checked.*--kind optimizer"):
        fl.check(3, isolated=False)


def test_arguments_that_are_no_mapping() -> None:
    with pytest.raises(UsageError, match=r"args is a mapping from names to values; got \[1\]"):
        fl.check(relu, kind="activation", args=[1], isolated=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_keeps_the_house_rules(name: str) -> None:
    kind = find_kind(name)
    assert kind.name == name
    assert kind.what
    assert kind.blind_spots
    assert kind.sentence
    assert any(check.is_quick for check in kind.checks)
    for check in kind.checks:
        assert check.families
        assert set(check.families) <= set(FAMILIES)
        assert check.run.__doc__


@pytest.mark.parametrize("name", KINDS)
def test_ids_are_unique_within_a_kind(name: str) -> None:
    numbers = [check.id for check in find_kind(name).checks]
    assert len(set(numbers)) == len(numbers)
