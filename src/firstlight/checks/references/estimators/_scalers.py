"""Standard and min-max scaling of features. A feature that does not vary becomes zero (or the lower end)."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option

__all__ = ["MIN_MAX_SCALER", "STANDARD_SCALER"]


def standard(
    X: Float64[np.ndarray, "n d"],
    _: np.ndarray | None,
    queries: Float64[np.ndarray, "m d"],
    *,
    with_mean: bool = True,
    with_std: bool = True,
    ddof: int = 0,
    axis: int | None = 0,
    power: float = 1.0,
    from_queries: bool = False,
) -> Answer:
    """Return (x - mean) / sd; ``axis``, ``power`` and ``from_queries`` are wrong ways."""
    source = queries if from_queries else X
    if axis == 1:
        middle, spread = queries.mean(axis=1, keepdims=True), queries.std(axis=1, keepdims=True)
    else:
        middle, spread = source.mean(axis=axis), source.std(axis=axis, ddof=ddof)
    spread = np.where(spread == 0, 1.0, spread**power)
    values = (queries - (middle if with_mean else 0.0)) / (spread if with_std else 1.0)
    return Answer(values=values)


def min_max(
    X: Float64[np.ndarray, "n d"],
    _: np.ndarray | None,
    queries: Float64[np.ndarray, "m d"],
    *,
    feature_range: tuple[float, float] = (0.0, 1.0),
    clip: bool = False,
    whole: bool = False,
    by: str = "range",
    from_queries: bool = False,
    shifted: bool = True,
) -> Answer:
    """Return low + (x - min) / (max - min) (high - low); the last four options are wrong ways."""
    source = queries if from_queries else X
    low, high = source.min(axis=None if whole else 0), source.max(axis=None if whole else 0)
    width = {"range": high - low, "max": high, "sd": source.std(axis=0)}[by]
    values = (queries - (low if by != "max" else 0.0)) / np.where(width == 0, 1.0, width)
    values = values * (feature_range[1] - feature_range[0]) + (feature_range[0] if shifted else 0.0)
    return Answer(values=np.clip(values, *feature_range) if clip else values)


def standard_peer(with_mean: bool = True, with_std: bool = True) -> Any:
    """Return scikit-learn's."""
    from sklearn.preprocessing import StandardScaler

    return StandardScaler(with_mean=with_mean, with_std=with_std)


def min_max_peer(feature_range: tuple[float, float] = (0.0, 1.0), clip: bool = False) -> Any:
    """Return scikit-learn's."""
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler(feature_range, clip=clip)


STANDARD_SCALER = EstimatorReference(
    "standard-scaler",
    "transformer",
    "z = (x - mean) / sd",
    standard,
    options={"with_mean": Option(True, ("with_mean",)), "with_std": Option(True, ("with_std",))},
    dialects={"unbiased standard deviation (n - 1)": {"ddof": 1}},
    mistakes=(
        Mistake("preprocessing", "It divides by the variance, not by its root.", {"power": 2.0}),
        Mistake("preprocessing", "It divides by the variance, not by its root.", {"power": 2.0, "ddof": 1}),
        Mistake("preprocessing", "One mean and deviation for all features together.", {"axis": None}),
        Mistake(
            "preprocessing", "Each row is scaled by its own mean and deviation: the wrong axis.", {"axis": 1}
        ),
        Mistake(
            "preprocessing",
            "Mean and deviation are those of the rows it transforms, not of those it was fitted to.",
            {"from_queries": True},
        ),
        Mistake("preprocessing", "The mean is not subtracted.", {"with_mean": False}, is_choice=True),
        Mistake("preprocessing", "It does not divide by the deviation.", {"with_std": False}, is_choice=True),
    ),
    peer=standard_peer,
    tolerance=1e-5,
)

MIN_MAX_SCALER = EstimatorReference(
    "min-max-scaler",
    "transformer",
    "low + (x - min) / (max - min) (high - low)",
    min_max,
    options={
        "feature_range": Option((0.0, 1.0), ("feature_range", "range", "output_range")),
        "clip": Option(False, ("clip",)),
    },
    variants=({"feature_range": (-1.0, 3.0)},),
    mistakes=(
        Mistake("preprocessing", "One minimum and maximum for all features together.", {"whole": True}),
        Mistake(
            "preprocessing",
            "It divides by the maximum, without subtracting the minimum.",
            {"by": "max"},
            is_choice=True,
        ),
        Mistake(
            "preprocessing",
            "Minimum and maximum are those of the rows it transforms.",
            {"from_queries": True},
        ),
        Mistake("preprocessing", "It divides by the standard deviation, not by the range.", {"by": "sd"}),
        Mistake(
            "ignored-option", "feature_range changes nothing: always 0 to 1.", {"feature_range": (0.0, 1.0)}
        ),
        Mistake("preprocessing", "The lower end of feature_range is not added.", {"shifted": False}),
    ),
    peer=min_max_peer,
    tolerance=1e-5,
)
