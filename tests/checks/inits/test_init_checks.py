"""Checks of initialisations by behaviour: each wrong one of the bank fails, its twin and torch.nn.init pass."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from firstlight._errors import TargetError, UsageError
from firstlight.checks import CheckReport, check

ROOT = Path(__file__).parents[3]
BANK = ROOT / "benchmarks" / "bugbank" / "init"
EXAMPLES = ROOT / "docs" / "check" / "examples"
FILES = sorted(BANK.glob("*.py"))


def entry(path: Path) -> dict[str, Any]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ENTRY":
            found: dict[str, Any] = ast.literal_eval(node.value)
            return found
    raise AssertionError(path)


def checked(target: Any, like: Any = None, **options: Any) -> CheckReport:
    return check(target, kind="init", like=like, isolated=False, **options)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bank(path: Path) -> None:
    known = entry(path)
    report = checked(
        f"{path}:{known['target']}", known["like"], args=known["args"], declares=known["declares"]
    )
    if path.stem.startswith("right_"):
        assert report.verdict == "PASS"
        return
    assert report.verdict == "FAIL"
    assert report.diagnosis is not None
    assert report.diagnosis.family in {known["family"], *known["also"]}


@pytest.mark.parametrize(
    ("check_id", "wrong"),
    [
        ("I1", "returned_not_filled"),
        ("I2", "dirac_off_centre"),
        ("I3", "lecun_seeded_inside"),
        ("I4", "rows_repeated"),
        ("L16", "he_fan_out"),
    ],
)
def test_each_check_sees_its_mistake(check_id: str, wrong: str) -> None:
    known = entry(BANK / f"{wrong}.py")
    report = checked(f"{BANK / wrong}.py:{known['target']}", known["like"], args=known["args"])
    assert check_id in {one.id for one in report.failures}


@pytest.mark.parametrize(
    ("target", "like", "args"),
    [
        (nn.init.kaiming_normal_, "he-normal", {"mode": "fan_out"}),
        (nn.init.xavier_uniform_, nn.init.xavier_uniform_, {"gain": 2.0}),
        (nn.init.trunc_normal_, "trunc-normal", {"std": 0.02}),
        (nn.init.orthogonal_, "orthogonal", {"gain": 1.4}),
        (nn.init.zeros_, None, {}),
        (nn.Linear, "torch-default", {"in_features": 50, "out_features": 30}),
    ],
)
def test_right_ones_pass(target: Any, like: Any, args: dict[str, Any]) -> None:
    assert checked(target, like, args=args).verdict == "PASS"


def test_cause_is_named() -> None:
    def halved(tensor: Tensor) -> None:
        nn.init.normal_(tensor, std=2.0 / tensor.shape[1] if tensor.dim() == 2 else 2.0 / tensor[0].numel())

    report = checked(halved, "he-normal")
    assert report.diagnosis is not None
    assert "standard deviation" in report.diagnosis.sentence


def test_layout_of_arrays_is_a_dialect_unless_declared() -> None:
    def he(shape: tuple[int, ...]) -> np.ndarray:
        return np.random.standard_normal(shape) * np.sqrt(2.0 / np.prod(shape[1:]))

    free = checked(he, "he-normal")
    assert free.verdict == "PASS"
    assert free.dialect is not None
    assert "[out, in]" in free.dialect
    assert checked(he, "he-normal", declares={"layout": "in_out"}).verdict == "FAIL"


def test_unknown_words_are_told() -> None:
    with pytest.raises(UsageError, match="declares no colour"):
        checked(nn.init.zeros_, declares={"colour": "red"})
    with pytest.raises(UsageError, match="no scheme 'nice'"):
        checked(nn.init.zeros_, declares={"scheme": "nice"})
    with pytest.raises(UsageError, match="distribution is not known"):
        checked(nn.init.zeros_, torch.nn.init.calculate_gain)


def test_what_is_no_initialisation_is_told() -> None:
    with pytest.raises(TargetError, match="could not be called"):
        checked(lambda: None)


def test_examples_of_the_docs() -> None:
    wrong = checked(f"{EXAMPLES / 'init_wrong.py'}:he_normal_", "he-normal")
    assert wrong.verdict == "FAIL"
    assert wrong.diagnosis is not None
    assert "fan_out" in wrong.diagnosis.sentence
    assert checked(f"{EXAMPLES / 'init_right.py'}:he_normal_", "he-normal").verdict == "PASS"
