"""Logistic regression: softmax (or one sigmoid a class) of a linear map, with a squared penalty.

Hastie, Tibshirani & Friedman 2009, section 4.4. The sum of losses plus Λ/2 |w|² is minimised by Newton's
method; the intercept is free. Λ = 1/C, or a strength times 1, 2, n or 2n after how losses are averaged.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option
from firstlight.checks.references.estimators._probabilities import normalised

__all__ = ["LOGISTIC"]

NEWTON_STEPS = 60


def answer(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    C: float | None = None,
    strength: float = 0.0,
    intercept: bool = True,
    penalised_intercept: bool = False,
    factor: str = "1",
    form: str = "softmax",
    turned: bool = False,
) -> Answer:
    """Return the probabilities at the optimum; ``turned`` takes C for its inverse, which is wrong."""
    n = len(X)
    base = strength if C is None else (C if turned else 1 / C)
    strength = base * {"1": 1.0, "2": 2.0, "n": n, "2n": 2.0 * n, "1/2": 0.5, "n/2": 0.5 * n}[factor]
    classes = np.unique(y)
    wide = np.hstack([X, np.ones((n, 1))]) if intercept else X
    penalty = np.full(wide.shape[1], strength)
    if intercept and not penalised_intercept:
        penalty[-1] = 0.0
    seen = np.hstack([queries, np.ones((len(queries), 1))]) if intercept else queries
    if form == "softmax" and len(classes) > 2:
        scores = seen @ _softmax_weights(wide, (y[:, None] == classes).astype(float), penalty)
        return Answer(scores=scores, probabilities=normalised(scores))
    positive = classes[1:] if len(classes) == 2 else classes
    logits = np.stack([seen @ _weights(wide, (y == c).astype(float), penalty) for c in positive], axis=1)
    if len(classes) == 2:
        logits = np.hstack([np.zeros_like(logits), logits])
        return Answer(scores=logits, probabilities=normalised(logits))
    shares = 1 / (1 + np.exp(-logits))
    return Answer(scores=logits, probabilities=shares / shares.sum(axis=1, keepdims=True))


def _weights(X: np.ndarray, y: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Newton's method for one sigmoid, with steps halved while the objective rises."""
    w = np.zeros(X.shape[1])

    def value(w: np.ndarray) -> float:
        z = X @ w
        return float(np.logaddexp(0, z).sum() - y @ z + 0.5 * penalty @ w**2)

    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-(X @ w)))
        slope = X.T @ (p - y) + penalty * w
        curvature = (X.T * (p * (1 - p))) @ X + np.diag(penalty + 1e-10)
        w, is_done = _step(value, w, np.linalg.solve(curvature, slope))
        if is_done:
            break
    return w


def _softmax_weights(X: np.ndarray, y: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    d, k = X.shape[1], y.shape[1]
    w = np.zeros(d * k)
    weight = np.repeat(penalty, k)

    def value(w: np.ndarray) -> float:
        z = X @ w.reshape(d, k)
        most = z.max(axis=1)
        logs = most + np.log(np.exp(z - most[:, None]).sum(axis=1))
        return float(logs.sum() - (y * z).sum() + 0.5 * weight @ w**2)

    for _ in range(NEWTON_STEPS):
        p = normalised(X @ w.reshape(d, k))
        slope = (X.T @ (p - y)).ravel() + weight * w
        inner = p[:, :, None] * np.eye(k) - p[:, :, None] * p[:, None, :]
        curvature = np.einsum("ni,nab,nj->iajb", X, inner, X).reshape(d * k, d * k)
        w, is_done = _step(value, w, np.linalg.solve(curvature + np.diag(weight + 1e-9), slope))
        if is_done:
            break
    return w.reshape(d, k)


def _step(value: Any, w: np.ndarray, direction: np.ndarray) -> tuple[np.ndarray, bool]:
    before, size = value(w), 1.0
    while value(w - size * direction) > before and size > 1e-8:
        size /= 2
    after = w - size * direction
    return after, bool(np.abs(after - w).max() < 1e-10 * (1 + np.abs(w).max()))


def peer(C: float | None = None, strength: float | None = None, intercept: bool = True, **_: Any) -> Any:
    """Return scikit-learn's."""
    from sklearn.linear_model import LogisticRegression

    inverse = C if C is not None else (1 / strength if strength else 1e4)
    return LogisticRegression(C=inverse, fit_intercept=intercept, max_iter=2000)


SCALES = {
    "1": "sum of losses",
    "n": "mean of losses",
    "2": "sum of losses, penalty not halved",
    "2n": "mean of losses, penalty not halved",
    "1/2": "penalty of both classes",
    "n/2": "mean of losses, penalty of both classes",
}
FORMS = {"softmax": "", "sigmoids": ", one sigmoid for each class"}
FREE = "The intercept is penalised with the weights."

LOGISTIC = EstimatorReference(
    "logistic",
    "classifier",
    "Hastie et al. 2009, section 4.4",
    answer,
    options={
        "C": Option(None, ("C", "c", "inverse_strength")),
        "strength": Option(
            0.0,
            (
                "alpha",
                "lambda_",
                "lam",
                "lmbda",
                "l2",
                "reg",
                "regularization",
                "regularisation",
                "weight_decay",
                "reg_lambda",
                "l2_reg",
                "reg_strength",
                "penalty_strength",
                "l2_penalty",
            ),
            {None: 0.0},
        ),
        "intercept": Option(
            True, ("fit_intercept", "intercept", "bias", "add_intercept", "use_bias"), {1: True, 0: False}
        ),
        "penalised_intercept": Option(False, ("solver",), {"liblinear": True}, is_loose=True),
    },
    variants=({"C": 0.05}, {"strength": 0.2}),
    dialects={
        SCALES[factor] + FORMS[form]: {"factor": factor, "form": form}
        for form, factor in product(FORMS, SCALES)
        if (form, factor) != ("softmax", "1")
    },
    mistakes=(
        *(
            Mistake(
                "objective",
                FREE,
                {"penalised_intercept": True, "factor": factor, "form": form},
                is_choice=True,
            )
            for form, factor in product(FORMS, SCALES)
        ),
        *(
            Mistake(
                "objective",
                "C is taken for the strength of the penalty; it is its inverse.",
                {"turned": True, "factor": factor, "form": form},
            )
            for form, factor in product(FORMS, SCALES)
        ),
        *(
            Mistake(
                "ignored-option", "The penalty changes nothing.", {"C": None, "strength": 0.0, "form": form}
            )
            for form in FORMS
        ),
        *(
            Mistake(
                "objective",
                "There is no intercept.",
                {"intercept": False, "factor": factor, "form": form},
                is_choice=True,
            )
            for form, factor in product(FORMS, SCALES)
        ),
    ),
    peer=peer,
    tolerance=8e-3,
    is_iterative=True,
)
