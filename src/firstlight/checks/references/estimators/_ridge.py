"""Linear least squares with a squared penalty. Hoerl & Kennard 1970, "Ridge regression"."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option

__all__ = ["LINEAR_REGRESSION", "RIDGE"]


def answer(
    X: Float64[np.ndarray, "n d"],
    y: Float64[np.ndarray, " n"],
    queries: Float64[np.ndarray, "m d"],
    *,
    alpha: float = 1.0,
    intercept: bool = True,
    factor: str = "1",
    penalised_intercept: bool = False,
    dropped_intercept: bool = False,
    centred: str = "both",
) -> Answer:
    """Return X w + b of the least |y - X w - b|² + alpha |w|²; the last three options are wrong ways."""
    n, d = X.shape
    strength = alpha * {"1": 1.0, "n": n, "2": 2.0, "1/2": 0.5, "n/2": n / 2, "1/n": 1 / n}.get(factor, 1.0)
    strength = {"square": alpha**2, "minus": -alpha, "root": np.sqrt(alpha)}.get(factor, strength)
    if penalised_intercept:
        wide = np.hstack([X, np.ones((n, 1))])
        w = np.linalg.solve(wide.T @ wide + strength * np.eye(d + 1), wide.T @ y)
        return Answer(values=queries @ w[:-1] + w[-1])
    middle = X.mean(axis=0) if intercept and centred != "y" else np.zeros(d)
    height = y.mean() if intercept and centred != "X" else 0.0
    away = X - middle
    w = np.linalg.lstsq(away.T @ away + strength * np.eye(d), away.T @ (y - height), rcond=None)[0]
    offset = 0.0 if dropped_intercept else height - (middle @ w)
    return Answer(values=queries @ w + offset)


def peer(alpha: float = 1.0, intercept: bool = True) -> Any:
    """Return scikit-learn's."""
    from sklearn.linear_model import Ridge

    return Ridge(alpha=alpha, fit_intercept=intercept)


def plain_peer(intercept: bool = True) -> Any:
    """Return scikit-learn's."""
    from sklearn.linear_model import LinearRegression

    return LinearRegression(fit_intercept=intercept)


INTERCEPT = Option(
    True, ("fit_intercept", "intercept", "bias", "add_intercept", "use_bias"), {1: True, 0: False}
)
NONE = Mistake(
    "objective", "There is no intercept: the line goes through zero.", {"intercept": False}, is_choice=True
)
WRONG_INTERCEPT = (
    Mistake("forward", "The intercept is not added when it predicts.", {"dropped_intercept": True}),
    Mistake("forward", "Features are centred and targets are not: the intercept is wrong.", {"centred": "X"}),
    Mistake("forward", "Targets are centred and features are not: the intercept is wrong.", {"centred": "y"}),
)

RIDGE = EstimatorReference(
    "ridge",
    "regressor",
    "Hoerl & Kennard 1970",
    answer,
    options={
        "alpha": Option(
            1.0,
            (
                "alpha",
                "lambda_",
                "lam",
                "lmbda",
                "l2",
                "reg",
                "regularization",
                "reg_lambda",
                "penalty",
                "strength",
                "C_inv",
            ),
        ),
        "intercept": INTERCEPT,
    },
    variants=({"alpha": 25.0}, {"alpha": 0.3}),
    dialects={
        "mean of squares plus alpha |w|²": {"factor": "n"},
        "half the sum of squares plus alpha |w|²": {"factor": "2"},
        "sum of squares plus alpha/2 |w|²": {"factor": "1/2"},
        "mean of squares plus alpha/2 |w|²": {"factor": "n/2"},
        "sum of squares plus alpha/n |w|²": {"factor": "1/n"},
    },
    mistakes=(
        Mistake(
            "objective",
            "The intercept is penalised with the weights: predictions shrink towards zero.",
            {"penalised_intercept": True},
        ),
        Mistake(
            "objective",
            "The intercept is penalised with the weights.",
            {"penalised_intercept": True, "factor": "n"},
        ),
        Mistake(
            "objective",
            "The intercept is penalised with the weights.",
            {"penalised_intercept": True, "factor": "2"},
        ),
        Mistake("ignored-option", "alpha changes nothing: these are plain least squares.", {"alpha": 0.0}),
        Mistake("ignored-option", "alpha is ignored: always 1.", {"alpha": 1.0}),
        Mistake("objective", "alpha is squared.", {"factor": "square"}),
        Mistake("sign", "The penalty has the wrong sign: weights grow.", {"factor": "minus"}),
        *WRONG_INTERCEPT,
        NONE,
    ),
    peer=peer,
)


def least_squares(X: np.ndarray, y: np.ndarray, queries: np.ndarray, **options: Any) -> Answer:
    """Return X w + b of the least |y - X w - b|²."""
    return answer(X, y, queries, **{"alpha": 0.0, **options})


LINEAR_REGRESSION = EstimatorReference(
    "linear-regression",
    "regressor",
    "Legendre 1805",
    least_squares,
    options={"intercept": INTERCEPT},
    mistakes=(
        *WRONG_INTERCEPT,
        Mistake(
            "objective", "Weights are penalised, which nobody asked for.", {"alpha": 1.0}, is_choice=True
        ),
        NONE,
    ),
    peer=plain_peer,
    tolerance=1e-3,
    is_iterative=True,
)
