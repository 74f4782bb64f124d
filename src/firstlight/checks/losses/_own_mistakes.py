# ruff: noqa: E501 - one wrong formula a line reads as a table
"""Wrong terms of single losses: family, cause, and the terms of a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.references.losses._log_softmax import log_sigmoid, log_softmax
from firstlight.checks.references.losses._loss import Array

__all__ = ["OWN"]

Own: TypeAlias = tuple[str, str, Callable[[Batch, dict[str, Any]], Array]]


def _log_p(b: Batch) -> Array:
    return np.asarray((b.targets * log_softmax(b.outputs)).sum(-1))


def _alpha(b: Batch, o: dict[str, Any]) -> Array:
    return np.asarray(b.targets @ (np.ones(b.targets.shape[-1]) * np.asarray(o["alpha"], dtype=np.float64)))


def _gamma(o: dict[str, Any]) -> float:
    return float(o["gamma"])


def _share(b: Batch, o: dict[str, Any]) -> Array:
    alpha = o.get("alpha")
    if alpha is None or alpha < 0:
        return np.ones_like(b.outputs)
    return np.asarray(b.targets * alpha + (1 - b.targets) * (1 - alpha))


def _binary(b: Batch) -> Array:
    return np.asarray(b.targets * log_sigmoid(b.outputs) + (1 - b.targets) * log_sigmoid(-b.outputs))


def _violation(b: Batch, o: dict[str, Any], *, sign: float = 1.0, keep_own: bool = False) -> Array:
    own = (b.outputs * b.targets).sum(-1, keepdims=True)
    short = np.maximum(0.0, o["margin"] - sign * (own - b.outputs)) ** o["p"]
    kept = short if keep_own else short * (1 - b.targets)
    k = b.outputs.shape[-1]
    if o["over"] == "largest":
        return np.asarray(kept.max(-1))
    return np.asarray(kept.sum(-1) / {"classes": k, "others": k - 1, "sum": 1}[o["over"]])


def _cross_entropy_of_all(b: Batch, _: dict[str, Any]) -> Array:
    """Binary cross-entropy of softmax probabilities, summed over classes."""
    logs = log_softmax(b.outputs)
    others = np.log1p(-np.minimum(np.exp(logs), 1 - 1e-12))
    return np.asarray(-(b.targets * logs + (1 - b.targets) * others).sum(-1))


CROSS: tuple[Own, ...] = (
    ("forward", "Each class is a binary question of its own: (1 - t) log(1 - p) is added.", _cross_entropy_of_all),
    ("softmax", "Each class is a binary question of its own: sigmoids, summed over classes.", lambda b, _: -_binary(b).sum(-1)),
    ("forward", "Squared distances of probabilities are taken.", lambda b, _: ((np.exp(log_softmax(b.outputs)) - b.targets) ** 2).sum(-1)),
    ("forward", "Squared distances of logits are taken.", lambda b, _: ((b.outputs - b.targets) ** 2).sum(-1)),
    ("labels", "All classes but the label are summed.", lambda b, _: -((1 - b.targets) * log_softmax(b.outputs)).sum(-1)),
    ("labels", "All classes are summed, whatever the label.", lambda b, _: -log_softmax(b.outputs).sum(-1)),
)  # fmt: skip
FOCAL: tuple[Own, ...] = (
    ("forward", "p^gamma takes the place of (1 - p)^gamma: easy examples count most.", lambda b, o: -_alpha(b, o) * np.exp(_log_p(b)) ** _gamma(o) * _log_p(b)),
    ("forward", "1 - p^gamma takes the place of (1 - p)^gamma.", lambda b, o: -_alpha(b, o) * (1 - np.exp(_log_p(b)) ** _gamma(o)) * _log_p(b)),
    ("forward", "gamma multiplies 1 - p instead of being its power.", lambda b, o: -_alpha(b, o) * _gamma(o) * (1 - np.exp(_log_p(b))) * _log_p(b)),
    ("forward", "(1 + p)^gamma takes the place of (1 - p)^gamma.", lambda b, o: -_alpha(b, o) * (1 + np.exp(_log_p(b))) ** _gamma(o) * _log_p(b)),
    ("forward", "The logarithm enters twice.", lambda b, o: _alpha(b, o) * (1 - np.exp(_log_p(b))) ** _gamma(o) * _log_p(b) ** 2),
    ("forward", "alpha is used twice.", lambda b, o: -(_alpha(b, o) ** 2) * (1 - np.exp(_log_p(b))) ** _gamma(o) * _log_p(b)),
    ("forward", "1 - alpha takes the place of alpha.", lambda b, o: -(1 - _alpha(b, o)) * (1 - np.exp(_log_p(b))) ** _gamma(o) * _log_p(b)),
    ("forward", "p is taken after alpha has been multiplied on: exp of the weighted loss.", lambda b, o: -_alpha(b, o) * (1 - np.exp(_alpha(b, o) * _log_p(b))) ** _gamma(o) * _log_p(b)),
    ("softmax", "The logarithm is missing.", lambda b, o: -_alpha(b, o) * (1 - np.exp(_log_p(b))) ** _gamma(o) * np.exp(_log_p(b))),
)  # fmt: skip
SIGMOID_FOCAL: tuple[Own, ...] = (
    ("forward", "p^gamma takes the place of (1 - p)^gamma: easy examples count most.", lambda b, o: -_share(b, o) * np.exp(_binary(b)) ** _gamma(o) * _binary(b)),
    ("forward", "alpha and 1 - alpha are swapped.", lambda b, o: -(1 - _share(b, o)) * (1 - np.exp(_binary(b))) ** _gamma(o) * _binary(b)),
    ("forward", "The focal factor takes p of the positive class for all.", lambda b, o: -_share(b, o) * (1 - np.exp(log_sigmoid(b.outputs))) ** _gamma(o) * _binary(b)),
)  # fmt: skip
BCE: tuple[Own, ...] = (
    ("forward", "The term of the negative class is missing.", lambda b, _: -b.targets * log_sigmoid(b.outputs)),
    ("forward", "The term of the positive class is missing.", lambda b, _: -(1 - b.targets) * log_sigmoid(-b.outputs)),
    ("labels", "Targets 0 and 1 are swapped.", lambda b, _: -((1 - b.targets) * log_sigmoid(b.outputs) + b.targets * log_sigmoid(-b.outputs))),
    ("softmax", "The sigmoid is taken twice.", lambda b, _: -_binary(b.with_outputs(np.exp(log_sigmoid(b.outputs))))),
    ("sign", "The second term has the wrong sign.", lambda b, _: -b.targets * log_sigmoid(b.outputs) + (1 - b.targets) * log_sigmoid(-b.outputs)),
    ("sample-weight", "pos_weight multiplies the negative class.", lambda b, o: -(b.targets * log_sigmoid(b.outputs) + _positive(o) * (1 - b.targets) * log_sigmoid(-b.outputs))),
    ("sample-weight", "pos_weight multiplies both classes.", lambda b, o: -_positive(o) * _binary(b)),
    ("sample-weight", "pos_weight is divided by.", lambda b, o: -(b.targets / _positive(o) * log_sigmoid(b.outputs) + (1 - b.targets) * log_sigmoid(-b.outputs))),
)  # fmt: skip


def _positive(o: dict[str, Any]) -> Any:
    weight = o.get("pos_weight")
    return 1.0 if weight is None else np.asarray(weight, dtype=np.float64)


MARGIN: tuple[Own, ...] = (
    ("forward", "The label's own class is counted too: each row is too large by the margin.", lambda b, o: _violation(b, o, keep_own=True)),
    ("sign", "The difference is turned round: right answers are punished.", lambda b, o: _violation(b, o, sign=-1.0)),
    ("ignored-option", "The margin is missing.", lambda b, o: _violation(b, {**o, "margin": 0.0})),
    ("ignored-option", "The power p is not heeded.", lambda b, o: _violation(b, {**o, "p": 1.0})),
)  # fmt: skip
HINGE: tuple[Own, ...] = (
    ("sign", "The product has the wrong sign: right answers are punished.", lambda b, o: np.maximum(0.0, o["margin"] + b.targets * b.outputs)),
    ("forward", "The maximum with zero is missing.", lambda b, o: o["margin"] - b.targets * b.outputs),
    ("labels", "Signs are taken for zeros and ones.", lambda b, o: np.maximum(0.0, o["margin"] - (b.targets > 0) * b.outputs)),
)  # fmt: skip
DISTANCES: tuple[Own, ...] = (
    ("forward", "Differences are neither squared nor made positive.", lambda b, _: b.outputs - b.targets),
    ("sign", "Output and target are added.", lambda b, _: (b.outputs + b.targets) ** 2),
    ("forward", "Absolute differences are taken.", lambda b, _: np.abs(b.outputs - b.targets)),
    ("forward", "Squared differences are taken.", lambda b, _: (b.outputs - b.targets) ** 2),
    ("forward", "Half of the squared differences is taken.", lambda b, _: 0.5 * (b.outputs - b.targets) ** 2),
    ("forward", "Fourth powers are taken.", lambda b, _: (b.outputs - b.targets) ** 4),
)  # fmt: skip


def _huber(b: Batch, d: float, *, near: float = 0.5, far: Callable[[Array], Array]) -> Array:
    a = np.abs(b.outputs - b.targets)
    return np.where(a <= d, near * a * a, far(a))


HUBER: tuple[Own, ...] = (
    ("forward", "The half is missing where differences are small.", lambda b, o: _huber(b, o["delta"], near=1.0, far=lambda a: o["delta"] * (a - 0.5 * o["delta"]))),
    ("forward", "Beyond delta, |d| is not multiplied by delta.", lambda b, o: _huber(b, o["delta"], far=lambda a: a - 0.5 * o["delta"])),
    ("forward", "Beyond delta, half of delta is not subtracted.", lambda b, o: _huber(b, o["delta"], far=lambda a: o["delta"] * a)),
    ("forward", "Beyond delta, the whole delta is subtracted.", lambda b, o: _huber(b, o["delta"], far=lambda a: o["delta"] * (a - o["delta"]))),
    ("forward", "The two branches are swapped.", lambda b, o: np.where(np.abs(b.outputs - b.targets) > o["delta"], 0.5 * (b.outputs - b.targets) ** 2, o["delta"] * (np.abs(b.outputs - b.targets) - 0.5 * o["delta"]))),
    ("forward", "Beyond delta, delta^2 is not subtracted but 0.5 is.", lambda b, o: _huber(b, o["delta"], far=lambda a: o["delta"] * a - 0.5)),
)  # fmt: skip
KL: tuple[Own, ...] = (
    ("forward", "The divergence is taken the other way round.", lambda b, _: np.exp(log_softmax(b.outputs)) * (log_softmax(b.outputs) - np.log(b.targets))),
    ("forward", "The entropy of the targets is missing: this is the cross-entropy.", lambda b, _: -b.targets * log_softmax(b.outputs)),
    ("softmax", "The logarithm of the probabilities is missing.", lambda b, _: b.targets * (np.log(b.targets) - np.exp(log_softmax(b.outputs)))),
)  # fmt: skip
OWN: dict[str, tuple[Own, ...]] = {
    "cross-entropy": CROSS,
    "nll": CROSS,
    "label-smoothing": CROSS,
    "focal": FOCAL,
    "sigmoid-focal": SIGMOID_FOCAL,
    "bce-with-logits": BCE,
    "bce": BCE,
    "multi-margin": MARGIN,
    "hinge": HINGE,
    "mse": DISTANCES,
    "mae": DISTANCES,
    "huber": (*HUBER, *DISTANCES),
    "smooth-l1": DISTANCES,
    "log-cosh": DISTANCES,
    "kl": KL,
}
