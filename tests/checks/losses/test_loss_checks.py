"""Behaviour: each check of a loss passes a right one and fails a wrong one with the right family."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import firstlight as fl
from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import run_check
from firstlight.checks.losses import KIND

BANK = sorted(Path("benchmarks/bugbank/loss").glob("*.py"))


def checked(target, like="cross-entropy", **options):
    return fl.check(target, kind="loss", like=like, isolated=False, **options)


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
    report = checked(
        f"{path}:{entry['target']}", entry["like"], args=entry["args"], declares=entry["declares"]
    )
    if "family" not in entry:
        assert report.verdict == "PASS", str(report)
        return
    assert report.verdict == "FAIL"
    assert report.diagnosis.family in (entry["family"], *entry["also"]), str(report)


def right(logits, labels):
    return functional.cross_entropy(logits, labels)


def biased(logits, labels):
    return functional.cross_entropy(logits * torch.linspace(0.5, 1.5, 10, dtype=logits.dtype), labels)


def summed(logits, labels):
    return functional.cross_entropy(logits, labels, reduction="sum")


def halved_for_one(logits, labels):
    return functional.cross_entropy(logits, labels) / (2 if len(labels) == 1 else 1)


def double(logits, labels):
    return functional.cross_entropy(torch.softmax(logits, 1), labels)


def cut(logits, labels):
    return functional.cross_entropy(logits.detach(), labels)


def centred(logits, labels):
    return functional.cross_entropy(logits - logits.mean(0), labels)


def overflowing(logits, labels):
    e = torch.exp(logits)
    return -torch.log(e[torch.arange(len(labels)), labels] / e.sum(1)).mean()


def in_place(logits, labels):
    labels = labels.copy()
    logits -= logits.max(1, keepdims=True)
    return (np.log(np.exp(logits).sum(1)) - logits[np.arange(len(labels)), labels]).mean()


def noisy(logits, labels):
    return functional.cross_entropy(logits + 0.1 * torch.randn_like(logits), labels)


def ascending(logits, labels):
    return -functional.cross_entropy(logits, labels)


class Ignoring(nn.Module):
    def __init__(self, label_smoothing=0.0):
        super().__init__()

    def forward(self, logits, labels):
        return functional.cross_entropy(logits, labels)


class Smoothing(nn.Module):
    def forward(self, logits, labels):
        return functional.cross_entropy(logits, labels, label_smoothing=0.1)


@pytest.mark.parametrize(
    ("name", "wrong", "like"),
    [
        ("S1", summed, "cross-entropy"),
        ("S2", biased, "cross-entropy"),
        ("S3", cut, "cross-entropy"),
        ("S4", double, "cross-entropy"),
        ("S7", Ignoring, "cross-entropy"),
        ("S8", biased, "cross-entropy"),
        ("S9", halved_for_one, "cross-entropy"),
        ("S11", in_place, "cross-entropy"),
        ("S12", noisy, "cross-entropy"),
        ("S13", overflowing, "cross-entropy"),
        ("S15", ascending, "cross-entropy"),
        ("S16", summed, "cross-entropy"),
        ("S17", centred, "cross-entropy"),
    ],
)
def test_each_check_passes_the_right_and_fails_the_wrong(name, wrong, like):
    good = right if name != "S7" else nn.CrossEntropyLoss
    assert asked(name, good, like).status == "pass"
    assert asked(name, wrong, like).status == "fail"


def test_smoothing_in_evaluation_fails_where_plain_is_declared():
    report = checked(Smoothing, "label-smoothing", declares={"eval": "plain"})
    assert report.diagnosis.family == "smoothing"
    assert checked(Smoothing, "label-smoothing").verdict == "PASS"


def test_sum_is_right_where_it_is_declared():
    assert checked(summed).diagnosis.family == "reduction"
    assert checked(summed, declares={"reduction": "sum"}).verdict == "PASS"


def test_probabilities_are_right_where_they_are_declared_or_named():
    def of_scores(scores, labels):
        return functional.nll_loss(scores, labels)

    def of_log_probs(log_probs, labels):
        return functional.nll_loss(log_probs, labels)

    assert checked(of_scores).diagnosis.family == "softmax"
    assert checked(of_scores, declares={"input": "log-probabilities"}).verdict == "PASS"
    assert checked(of_log_probs).verdict == "PASS"


def test_both_forms_of_smoothing_are_told():
    def others(logits, labels, smoothing=0.1):
        wanted = torch.full_like(logits, smoothing / 9).scatter_(1, labels[:, None], 1 - smoothing)
        return -(wanted * torch.log_softmax(logits, 1)).sum(1).mean()

    report = checked(others, "label-smoothing")
    assert report.verdict == "PASS"
    assert "other k - 1 classes" in report.dialect
    assert (
        checked(others, "label-smoothing", declares={"smoothing": "uniform"}).diagnosis.family == "smoothing"
    )


def test_without_a_reference_a_double_softmax_fails_and_a_new_loss_does_not():
    def poly(logits, labels):
        ce = functional.cross_entropy(logits, labels, reduction="none")
        return (ce + 1 - torch.exp(-ce)).mean()

    assert checked(double, None).diagnosis.family == "softmax"
    assert checked(poly, None).verdict == "PASS"
    assert "recognised" in checked(right, None).dialect


def test_guard_within_the_logarithm_is_a_warning():
    def guarded(x, y):
        e = np.exp(x - x.max(1, keepdims=True))
        return -np.log((e / e.sum(1, keepdims=True))[np.arange(len(y)), y] + 1e-9).mean()

    report = checked(guarded)
    assert report.verdict == "PASS"
    assert status_of(report, "S4") == "warn"


def test_peer_takes_the_place_of_a_name():
    assert checked(right, "torch.nn.CrossEntropyLoss").verdict == "PASS"
    assert checked(summed, "torch.nn.CrossEntropyLoss").verdict == "FAIL"


def test_one_that_always_raises_fails():
    def broken(logits, labels):
        raise RuntimeError("no such kernel")

    assert checked(broken).verdict == "FAIL"


def test_what_takes_no_logits_and_labels_is_refused_without_a_reference():
    with pytest.raises(TargetError, match="gives no loss of logits"):
        checked(nn.TripletMarginLoss, None)


@pytest.mark.parametrize(
    ("declares", "message"),
    [
        ({"colour": "red"}, "A loss declares"),
        ({"reduction": "median"}, "reduction is"),
        ({"classes": "x"}, "whole"),
    ],
)
def test_unknown_declarations_are_refused(declares, message):
    with pytest.raises(UsageError, match=message):
        checked(right, declares=declares)


def test_examples_of_the_docs_are_told_apart():
    folder = "docs/check/examples"
    assert checked(f"{folder}/loss_right.py:cross_entropy").verdict == "PASS"
    assert checked(f"{folder}/loss_wrong.py:cross_entropy").diagnosis.family == "softmax"


class WeightedOverRows(nn.Module):
    """Keras' weighted mean: it divides by the number of rows."""

    def __init__(self, weight=None, reduction="mean"):
        super().__init__()
        self.weight, self.reduction = weight, reduction

    def forward(self, logits, labels):
        losses = -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels]
        if self.weight is not None:
            losses = torch.as_tensor(self.weight, dtype=losses.dtype)[labels] * losses
        return losses.sum() if self.reduction == "sum" else losses.mean()


WEIGHTS = [1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("args", [{}, {"weight": WEIGHTS}], ids=["weights-tried", "weights-given"])
def test_a_weighted_mean_over_rows_is_a_dialect(args):
    report = checked(WeightedOverRows, args=args)
    assert report.verdict == "PASS", str(report)
    assert "Keras" in report.dialect


@pytest.mark.parametrize("args", [{}, {"weight": WEIGHTS}], ids=["weights-tried", "weights-given"])
def test_a_weighted_mean_over_rows_is_wrong_where_torchs_is_declared(args):
    report = checked(WeightedOverRows, args=args, declares={"weighted_mean": "weights"})
    assert report.verdict == "FAIL"
    assert report.diagnosis.family == "sample-weight", str(report)
