"""`firstlight bands`. Kind: behaviour."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from firstlight._errors import UsageError
from firstlight.cli import app
from firstlight.cli._bands import fraction
from firstlight.evaluation import band, bands


def called(*words: str, code: int = 0) -> str:
    page = CliRunner().invoke(app, ["bands", *words])
    assert page.exit_code == code, page.output
    return page.stdout


def fields(*words: str) -> dict[str, Any]:
    found = json.loads(called(*words, "--json"))
    assert next(iter(found)) == "schema"
    assert isinstance(found, dict)
    return found


def test_the_table_has_every_algorithm_and_size() -> None:
    page = called()
    for known in bands(dataset="mnist"):
        assert f"{known.train_size:,}" in page
        assert f"\n{known.algorithm} " in page
        assert f"{100 * known.mean:.2f}" in page
    assert len(fields()["bands"]) == len(bands(dataset="mnist"))


def test_one_algorithm() -> None:
    page, known = called("linear"), band("linear")
    assert "LogisticRegression(C=0.1, max_iter=1000)" in page
    assert f"{100 * known.mean:.2f}" in page.splitlines()[-1]
    sizes = [one["train_size"] for one in fields("linear")["bands"]]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("typed", ["90.0", "90", "0.9", "90%", "90 %"])
def test_an_accuracy_in_any_spelling(typed: str) -> None:
    found = fields("knn", typed)
    assert (found["accuracy"], found["verdict"]) == (0.9, "far below")
    assert found["sentence"] in called("knn", typed)
    assert found["band"]["interval"][0] < found["band"]["mean"] < found["band"]["interval"][1]


def test_an_accuracy_alone_is_held_against_all() -> None:
    found = fields("90", "--train-size", "1000")
    assert [one["band"]["train_size"] for one in found["standings"]] == [1000] * len(found["standings"])
    page = called("90", "--train-size", "1000")
    assert "90.00 % on 1,000 images of mnist" in page
    assert all(f"\n{one['algorithm']} " in page for one in found["standings"])


def test_a_size_between_is_interpolated() -> None:
    found = fields("linear", "91", "--train-size", "9000")
    assert found["band"]["is_interpolated"] is True
    assert found["band"]["min"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("knm",), "Did you mean 'knn'"),
        (("knn", "ninety"), "97.0 or 97% in percent, or 0.97 as a fraction; got 'ninety'"),
        (("knn", "101"), "got '101'"),
        (("knn", "97", "--train-size", "5"), "got train_size 5"),
        (("--dataset", "mnits"), "no data set with bands 'mnits'"),
        (("120",), "got '120'"),
    ],
)
def test_what_cannot_be_answered_exits_with_2(words: tuple[str, ...], message: str) -> None:
    error = json.loads(called(*words, "--json", code=2))["error"]
    assert message in error["message"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("1", 1.0), ("1.0", 1.0), ("1%", 0.01), ("1.5", 0.015), ("100", 1.0), ("0", 0.0), ("97.05", 0.9705), (" 0.5% ", 0.005)],
)  # fmt: skip
def test_percent_and_fraction_are_told_apart(typed: str, expected: float) -> None:
    assert fraction(typed) == expected


@pytest.mark.parametrize("typed", ["", "%", "-1", "100.1", "nan", "inf", "1e400"])
def test_what_is_no_accuracy_is_refused(typed: str) -> None:
    with pytest.raises(
        UsageError, match=r"An accuracy is 97.0 or 97% in percent, or 0.97 as a fraction; got"
    ):
        fraction(typed)
