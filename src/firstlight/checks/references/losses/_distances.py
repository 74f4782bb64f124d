"""Losses of the difference d = output - target: squared, absolute, Huber's, smooth L1, log-cosh.

Huber 1964, section 2; Girshick 2015. Squared errors of labels are those of one-hot rows. Half the square and
sums over classes are accepted forms.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.losses._log_softmax import log_softmax
from firstlight.checks.references.losses._loss import Array, Form, LossReference

__all__ = ["BRIER", "HUBER", "LOG_COSH", "MAE", "MSE", "SMOOTH_L1"]

FORMS: tuple[Form, ...] = ("labels", "one-hot", "reals")


def squared(outputs: Array, targets: Array, *, scale: float = 1.0) -> Array:
    """Return scale d^2."""
    return np.asarray(scale * (outputs - targets) ** 2)


def absolute(outputs: Array, targets: Array) -> Array:
    """Return |d|."""
    return np.asarray(np.abs(outputs - targets))


def huber(outputs: Array, targets: Array, *, delta: float = 1.0) -> Array:
    """Return d^2 / 2 up to delta, delta (|d| - delta / 2) beyond."""
    d = np.abs(outputs - targets)
    return np.asarray(np.where(d <= delta, 0.5 * d * d, delta * (d - 0.5 * delta)))


def smooth_l1(outputs: Array, targets: Array, *, beta: float = 1.0) -> Array:
    """Return d^2 / (2 beta) up to beta, |d| - beta / 2 beyond. Girshick 2015, equation 3."""
    d = np.abs(outputs - targets)
    return np.asarray(np.where(d < beta, 0.5 * d * d / max(beta, 1e-300), d - 0.5 * beta))


def log_cosh(outputs: Array, targets: Array) -> Array:
    """Return log(cosh(d))."""
    d = np.abs(outputs - targets)
    return np.asarray(d + np.log1p(np.exp(-2.0 * d)) - np.log(2.0))


def brier_of_logs(logs: Array, targets: Array, *, scale: float = 1.0) -> Array:
    """Return scale (p - t)^2 of each element. Brier 1950."""
    return squared(np.exp(logs), targets, scale=scale)


def brier(outputs: Array, targets: Array, *, scale: float = 1.0) -> Array:
    """Return scale (softmax - t)^2 of each element."""
    return brier_of_logs(log_softmax(outputs), targets, scale=scale)


HALF = {"half the square": {"scale": 0.5}}
MSE = LossReference(
    "mse",
    "Gauss 1809; Bishop 2006, equation 3.12",
    squared,
    forms=FORMS,
    inputs="values",
    is_elementwise=True,
    options={"scale": 1.0},
    dialects=HALF,
    also=("l2", "squared-error", "mean-squared-error"),
)
MAE = LossReference(
    "mae",
    "Laplace 1774",
    absolute,
    forms=FORMS,
    inputs="values",
    is_elementwise=True,
    also=("l1", "absolute-error", "mean-absolute-error"),
)
HUBER = LossReference(
    "huber",
    "Huber 1964, section 2",
    huber,
    forms=("reals", "one-hot", "labels"),
    inputs="values",
    is_elementwise=True,
    options={"delta": 1.0},
    aliases={"delta": ("beta", "threshold")},
)
SMOOTH_L1 = LossReference(
    "smooth-l1",
    "Girshick 2015, equation 3",
    smooth_l1,
    forms=("reals", "one-hot", "labels"),
    inputs="values",
    is_elementwise=True,
    options={"beta": 1.0},
    aliases={"beta": ("delta", "sigma")},
)
LOG_COSH = LossReference(
    "log-cosh",
    "Saleh & Saleh 2022, equation 1",
    log_cosh,
    forms=("reals", "one-hot"),
    inputs="values",
    is_elementwise=True,
)
BRIER = LossReference(
    "brier",
    "Brier 1950",
    brier,
    from_log_probabilities=brier_of_logs,
    is_elementwise=True,
    options={"scale": 1.0},
    dialects=HALF,
)
