"""Oracles: each loss against torch, and against optax, scikit-learn or a formula written out."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import expit, xlogy
from sklearn.metrics import log_loss
from torch.nn import functional

from firstlight.checks.losses._batches import batch
from firstlight.checks.losses._reduce import reference_value
from firstlight.checks.references.losses import LOSSES

ROWS = batch("one-hot", n=12, seed=3)
SOFT = batch("soft", n=12, seed=3)
ONES = batch("vector", n=12, seed=3)
REALS = batch("reals", n=12, seed=3)
SIGNS = batch("signs", n=12, seed=3)
WEIGHT = np.linspace(0.3, 2.9, 10)


def torch_of(array):
    return torch.tensor(array)


LABELS = torch_of(ROWS.labels)
TORCH = [
    ("cross-entropy", ROWS, {}, lambda z, t: functional.cross_entropy(z, LABELS)),
    ("cross-entropy", ROWS, {"reduction": "sum"}, lambda z, t: functional.cross_entropy(z, LABELS, reduction="sum")),
    ("cross-entropy", ROWS, {"weight": WEIGHT}, lambda z, t: functional.cross_entropy(z, LABELS, torch_of(WEIGHT))),
    ("cross-entropy", ROWS, {"ignore_index": 3}, lambda z, t: functional.cross_entropy(z, LABELS, ignore_index=3)),
    (
        "cross-entropy", ROWS, {"weight": WEIGHT, "label_smoothing": 0.3},
        lambda z, t: functional.cross_entropy(z, LABELS, torch_of(WEIGHT), label_smoothing=0.3),
    ),
    ("label-smoothing", ROWS, {}, lambda z, t: functional.cross_entropy(z, LABELS, label_smoothing=0.1)),
    ("nll", ROWS, {}, lambda z, t: functional.nll_loss(z.log_softmax(1), LABELS)),
    ("bce-with-logits", ROWS, {}, functional.binary_cross_entropy_with_logits),
    (
        "bce-with-logits", ONES, {"pos_weight": 2.5},
        lambda z, t: functional.binary_cross_entropy_with_logits(z, t, pos_weight=torch.tensor(2.5)),
    ),
    ("bce", ONES, {}, lambda z, t: functional.binary_cross_entropy(z.sigmoid(), t)),
    ("mse", ROWS, {}, functional.mse_loss),
    ("mae", REALS, {}, functional.l1_loss),
    ("huber", REALS, {"delta": 0.6}, lambda z, t: functional.huber_loss(z, t, delta=0.6)),
    ("smooth-l1", REALS, {"beta": 0.6}, lambda z, t: functional.smooth_l1_loss(z, t, beta=0.6)),
    ("brier", ROWS, {}, lambda z, t: functional.mse_loss(z.softmax(1), t)),
    ("log-cosh", REALS, {}, lambda z, t: torch.log(torch.cosh(z - t)).mean()),
    ("multi-margin", ROWS, {}, lambda z, t: functional.multi_margin_loss(z, LABELS)),
    ("multi-margin", ROWS, {"p": 2, "margin": 0.7}, lambda z, t: functional.multi_margin_loss(z, LABELS, p=2, margin=0.7)),
    ("hinge", SIGNS, {}, lambda z, t: (1 - z * t).clamp(min=0).mean()),
    ("kl", SOFT, {"reduction": "batchmean"}, lambda z, t: functional.kl_div(z.log_softmax(1), t, reduction="batchmean")),
    (
        "focal", ROWS, {"gamma": 3.0},
        lambda z, t: (lambda ce: ((1 - torch.exp(-ce)) ** 3 * ce).mean())(
            functional.cross_entropy(z, LABELS, reduction="none")
        ),
    ),
    (
        "sigmoid-focal", ROWS, {},
        lambda z, t: (
            (t * 0.25 + (1 - t) * 0.75)
            * (1 - torch.exp(-functional.binary_cross_entropy_with_logits(z, t, reduction="none"))) ** 2
            * functional.binary_cross_entropy_with_logits(z, t, reduction="none")
        ).mean(),
    ),
]  # fmt: skip


def ours(name, given, options):
    reference = LOSSES[name]
    return float(reference_value(reference, given, {**reference.options, **options}))


@pytest.mark.parametrize(("name", "given", "options", "theirs"), TORCH)
def test_loss_is_torchs(name, given, options, theirs):
    expected = float(theirs(torch_of(given.outputs), torch_of(given.targets)))
    assert ours(name, given, options) == pytest.approx(expected, rel=1e-9)


def test_each_reference_is_held_against_torch():
    assert {name for name, *_ in TORCH} == {reference.name for reference in LOSSES.values()}


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


Z, T = ROWS.outputs, ROWS.targets
WRITTEN_OUT = [
    ("cross-entropy", ROWS, {}, lambda: log_loss(ROWS.labels, softmax(Z), labels=range(10))),
    (
        "cross-entropy", ROWS, {"weight": WEIGHT},
        lambda: log_loss(ROWS.labels, softmax(Z), labels=range(10), sample_weight=WEIGHT[ROWS.labels]),
    ),
    ("nll", ROWS, {}, lambda: -np.log(softmax(Z)[np.arange(12), ROWS.labels]).mean()),
    (
        "label-smoothing", ROWS, {"smoothing_form": "others"},
        lambda: -(np.where(T == 1, 0.9, 0.1 / 9) * np.log(softmax(Z))).sum(1).mean(),
    ),
    ("bce-with-logits", ONES, {}, lambda: log_loss(ONES.targets, expit(ONES.outputs))),
    ("bce", ONES, {}, lambda: log_loss(ONES.targets, expit(ONES.outputs))),
    ("focal", ROWS, {}, lambda: ((1 - (p := softmax(Z)[T == 1])) ** 2 * -np.log(p)).mean()),
    ("brier", ROWS, {"mean_over": "rows"}, lambda: ((softmax(Z) - T) ** 2).sum(1).mean()),
    ("mse", ROWS, {"scale": 0.5, "mean_over": "rows"}, lambda: 0.5 * np.linalg.norm(Z - T) ** 2 / 12),
    ("kl", SOFT, {"mean_over": "rows"}, lambda: (xlogy(SOFT.targets, SOFT.targets / softmax(SOFT.outputs))).sum(1).mean()),
    ("multi-margin", ROWS, {"over": "sum"}, lambda: np.mean([
        sum(max(0, 1 - row[y] + row[j]) for j in range(10) if j != y) for row, y in zip(Z, ROWS.labels, strict=True)
    ])),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "options", "expected"), WRITTEN_OUT)
def test_loss_has_a_second_witness(name, given, options, expected):
    assert ours(name, given, options) == pytest.approx(expected(), rel=1e-7)


@pytest.mark.parametrize(
    ("name", "theirs", "given", "scale"),
    [
        ("huber", "huber_loss", REALS, 1.0),
        ("log-cosh", "log_cosh", REALS, 1.0),
        ("mse", "squared_error", REALS, 1.0),
        ("hinge", "hinge_loss", SIGNS, 1.0),
        ("sigmoid-focal", "sigmoid_focal_loss", ROWS, 1.0),
    ],
)
def test_loss_is_optaxs(name, theirs, given, scale):
    optax = pytest.importorskip("optax")
    options = {"alpha": 0.25, "gamma": 2.0} if name == "sigmoid-focal" else {}
    pair = given.outputs.astype(np.float32), given.targets.astype(np.float32)
    expected = float(np.mean(np.asarray(getattr(optax.losses, theirs)(*pair, **options))))
    assert ours(name, given, {}) == pytest.approx(scale * expected, rel=1e-4)
