"""Behaviour: each check of an activation passes a right one and fails a wrong one with the right family."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import run_check
from firstlight.checks.activations import KIND

BANK = sorted(Path("benchmarks/bugbank/activation").glob("*.py"))


def checked(target, like=None, **options):
    return fl.check(target, kind="activation", like=like, isolated=False, **options)


def status_of(report, name):
    return next(check.status for check in report.checks if check.id == name)


def asked(name, target, like):
    """Ask one check alone."""
    subject = KIND.subject(Given(target, "target", like=like))
    check = next(check for check in KIND.checks if check.id == name)
    return run_check(check, subject, seed=0)[0]


def entry_of(path):
    tree = ast.parse(path.read_text())
    return next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ENTRY"
    )


@pytest.mark.parametrize("path", BANK, ids=[path.stem for path in BANK])
def test_bank_is_told_apart(path):
    entry = entry_of(path)
    report = checked(f"{path}:{entry['target']}", entry["like"], args=entry["args"])
    if "family" not in entry:
        assert report.verdict == "PASS", str(report)
        return
    assert report.verdict == "FAIL"
    assert report.diagnosis.family in (entry["family"], *entry["also"]), str(report)


def naive(x):
    return torch.log(1 + torch.exp(x))


def by_mean(x):
    return torch.relu(x) if x.mean() > -9 else torch.relu(x) * 0.5


def relative(x):
    return torch.relu(x - 0.01 * x.mean())


def flat(x):
    return torch.relu(x).reshape(-1).reshape(x.shape) if x.ndim < 3 else torch.relu(x).flatten(1)


def root(x):
    return torch.where(x > 0, torch.sqrt(x * x), 0 * x)


def noisy(x):
    return torch.relu(x) * (1 + 1e-7 * torch.randn_like(x)) + 1e-5 * torch.rand_like(x)


class Modal(nn.Module):
    def forward(self, x):
        return torch.relu(x) if not self.training else functional.elu(x)


class Deaf(nn.Module):
    def __init__(self, alpha=1.0):
        super().__init__()

    def forward(self, x):
        return functional.elu(x)


class Kept(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        Kept.x = x
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad):
        return grad * (Kept.x > 0)


class Ungated(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad):
        return grad


@pytest.mark.parametrize(
    ("name", "right", "wrong", "like", "family"),
    [
        ("L15", torch.relu, torch.tanh, "relu", "forward"),
        ("L13", lambda x: x.softmax(-1), lambda x: x.softmax(0), "softmax", "softmax"),
        ("L1", torch.relu, Ungated, "relu", "backward"),
        ("L17", functional.softplus, naive, "softplus", "numerical-stability"),
        ("L31", torch.relu, flat, "relu", "shape"),
        ("L32", torch.relu, relative, "relu", "batch-mixing"),
        ("L34", nn.ELU, Deaf, "elu", "ignored-option"),
        ("L35", torch.relu, Kept, "relu", "state"),
        ("L37", nn.ReLU, Modal, "relu", "train-eval-mode"),
        ("L38", torch.relu, root, "relu", "numerical-stability"),
        ("L30", torch.relu, noisy, "relu", "determinism"),
    ],
)
def test_each_check_passes_the_right_and_fails_the_wrong(name, right, wrong, like, family):
    assert asked(name, right, like).status == "pass"
    result = asked(name, wrong, like)
    assert (result.status, result.family) == ("fail", family)


def test_working_in_place_is_a_warning():
    report = checked(nn.ReLU, "relu", args={"inplace": True})
    assert report.verdict == "PASS"
    assert status_of(report, "L33") == "warn"


def test_hidden_nan_is_a_warning():
    report = checked(lambda x: torch.where(x > 0, x, torch.zeros_like(x)), "relu")
    assert report.verdict == "PASS"
    assert status_of(report, "L36") == "warn"


def test_a_straight_line_is_a_warning():
    report = checked(nn.Identity)
    assert status_of(report, "L39") == "warn"


def test_accepted_forms_are_told():
    assert "tanh" in checked(lambda x: functional.gelu(x, approximate="tanh"), "gelu").dialect
    assert "slope 0.2" in checked(lambda x: functional.leaky_relu(x, 0.2), "leaky-relu").dialect


def test_asked_for_exactly_the_accepted_forms_are_none():
    assert checked(functional.gelu, "gelu-tanh").verdict == "FAIL"
    assert checked(nn.GELU, "gelu-tanh", args={"approximate": "tanh"}).verdict == "PASS"


def test_its_own_name_is_a_declaration():
    def mish(x):
        return x * torch.sigmoid(x)

    assert checked(mish).verdict == "FAIL"
    assert "recognised" in checked(lambda x: x * torch.sigmoid(x)).dialect


def test_arrays_with_a_derivative_are_asked_for_it():
    class Tanh:
        def __call__(self, x):
            return np.tanh(x)

        def gradient(self, x):
            return 1 - np.tanh(x) ** 2

    class Wrong(Tanh):
        def gradient(self, x):
            return 1 - np.tanh(x)

    assert status_of(checked(Tanh, "tanh"), "L1") == "pass"
    assert checked(Wrong, "tanh").diagnosis.family == "backward"


def test_peer_takes_the_place_of_a_name():
    assert checked(lambda x: x * torch.sigmoid(x), "torch.nn.SiLU").verdict == "PASS"
    assert checked(torch.tanh, "torch.nn.SiLU").verdict == "FAIL"


@pytest.mark.parametrize(
    ("declares", "message"),
    [
        ({"colour": "red"}, "An activation declares"),
        ({"random": "maybe"}, "random is"),
        ({"axis": "x"}, "whole number"),
    ],
)
def test_unknown_declarations_are_refused(declares, message):
    with pytest.raises(UsageError, match=message):
        checked(torch.relu, declares=declares)


def test_examples_of_the_docs_are_told_apart():
    folder = "docs/check/examples"
    assert checked(f"{folder}/activation_right.py:swish", "swish").verdict == "PASS"
    assert checked(f"{folder}/activation_wrong.py:swish", "swish").diagnosis.family == "backward"
