"""Linear and quadratic discriminant analysis, and the nearest centroid.

Hastie, Tibshirani & Friedman 2009, "The elements of statistical learning", equations 4.10 and 4.12.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option
from firstlight.checks.references.estimators._knn import METRICS, distances
from firstlight.checks.references.estimators._probabilities import log_prior, normalised

__all__ = ["LDA", "NEAREST_CENTROID", "QDA"]


def discriminant(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    covariance: str = "pooled",
    divisor: str = "n",
    prior: str = "data",
    regularisation: float = 0.0,
    ridge: float = 0.0,
    half: bool = True,
    determinant: float = 0.5,
) -> Answer:
    """Return log p(c) - ½ (x - m)ᵀ S⁻¹ (x - m) - ½ log |S|, S of each class or pooled over all."""
    classes, d = np.unique(y), X.shape[1]
    means = [X[y == c].mean(axis=0) for c in classes]
    scatters = [(X[y == c] - m).T @ (X[y == c] - m) for c, m in zip(classes, means, strict=True)]
    fewer = {"n": 0, "n-1": 1, "n-k": len(classes)}[divisor]
    pooled = sum(scatters) / (len(X) - fewer)
    if covariance == "total":
        pooled = np.cov(X.T, ddof=fewer)
    elif covariance == "mean-of-classes":
        pooled = sum(s / ((y == c).sum() - fewer) for s, c in zip(scatters, classes, strict=True)) / len(
            classes
        )
    scores = []
    for c, m, scatter in zip(classes, means, scatters, strict=True):
        own = scatter / ((y == c).sum() - fewer) if covariance == "class" else pooled
        own = np.diag(np.diag(own)) if covariance == "diagonal" else own
        own = (1 - regularisation) * own + (regularisation + ridge) * np.eye(d)
        away = queries - m
        square = np.einsum("nd,nd->n", away, np.linalg.solve(own, away.T).T)
        scores.append(-(0.5 if half else 1.0) * square - determinant * np.linalg.slogdet(own)[1])
    joint = np.stack(scores, axis=1) + log_prior(y, kind=prior)
    return Answer(scores=joint, probabilities=normalised(joint))


def lda(X: np.ndarray, y: np.ndarray, queries: np.ndarray, **options: Any) -> Answer:
    """Return the discriminants with the covariance pooled over all classes."""
    return discriminant(X, y, queries, **options)


def qda(X: np.ndarray, y: np.ndarray, queries: np.ndarray, **options: Any) -> Answer:
    """Return the discriminants with a covariance for each class."""
    return discriminant(X, y, queries, **{"covariance": "class", "divisor": "n-1", **options})


def centroid(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    metric: str = "euclidean",
    centre: str = "mean",
) -> Answer:
    """Return minus the distance of each centroid."""
    classes = np.unique(y)
    way: Any = {"mean": np.mean, "median": np.median, "sum": np.sum}[centre]
    middles = np.stack([way(X[y == c], axis=0) for c in classes])
    return Answer(scores=-distances(queries, middles, metric=metric))


def lda_peer(**_: Any) -> Any:
    """Return scikit-learn's."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    return LinearDiscriminantAnalysis()


def qda_peer(regularisation: float = 0.0, **_: Any) -> Any:
    """Return scikit-learn's."""
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    return QuadraticDiscriminantAnalysis(reg_param=regularisation)


def centroid_peer(metric: str = "euclidean") -> Any:
    """Return scikit-learn's."""
    from sklearn.neighbors import NearestCentroid

    return NearestCentroid(metric=metric)


EQUAL = Mistake(
    "forward", "The shares of the classes (priors) are left out.", {"prior": "equal"}, is_choice=True
)
TINY = {
    "a small ridge on the covariance (1e-6)": {"ridge": 1e-6},
    "a ridge on the covariance (1e-3)": {"ridge": 1e-3},
}

LDA = EstimatorReference(
    "lda",
    "classifier",
    "Hastie et al. 2009, equation 4.10",
    lda,
    options={
        "regularisation": Option(0.0, ("shrinkage",), {None: 0.0}),
        "ridge": Option(0.0, ("reg", "eps", "epsilon", "ridge", "regularization", "reg_param")),
    },
    dialects={
        "covariance divided by n - k": {"divisor": "n-k"},
        "covariance divided by n - 1": {"divisor": "n-1"},
        "mean of the classes' covariances, each divided by its n": {"covariance": "mean-of-classes"},
        "mean of the classes' covariances, each divided by its n - 1": {
            "covariance": "mean-of-classes",
            "divisor": "n-1",
        },
        **TINY,
    },
    mistakes=(
        EQUAL,
        Mistake(
            "forward",
            "The shares of the classes (priors) are left out.",
            {"prior": "equal", "divisor": "n-k"},
            is_choice=True,
        ),
        Mistake(
            "forward",
            "The shares of the classes (priors) are left out.",
            {"prior": "equal", "divisor": "n-1"},
            is_choice=True,
        ),
        Mistake(
            "forward",
            "The covariance is that of all rows round one mean, not round each class's.",
            {"covariance": "total", "divisor": "n-1"},
        ),
        Mistake(
            "forward",
            "The covariance is that of all rows round one mean, not round each class's.",
            {"covariance": "total"},
        ),
        Mistake(
            "forward",
            "Only variances are kept: the covariances are set to zero.",
            {"covariance": "diagonal"},
            is_choice=True,
        ),
        Mistake("forward", "The factor 1/2 of the quadratic term is missing.", {"half": False}),
        Mistake(
            "forward",
            "Each class has its own covariance: that is quadratic, not linear.",
            {"covariance": "class"},
            is_choice=True,
        ),
        Mistake(
            "forward",
            "Each class has its own covariance: that is quadratic, not linear.",
            {"covariance": "class", "divisor": "n-1"},
            is_choice=True,
        ),
    ),
    peer=lda_peer,
)

QDA = EstimatorReference(
    "qda",
    "classifier",
    "Hastie et al. 2009, equation 4.12",
    qda,
    options={
        "regularisation": Option(0.0, ("reg_param", "shrinkage"), {None: 0.0}),
        "ridge": Option(0.0, ("reg", "eps", "epsilon", "ridge", "regularization", "reg_covar")),
    },
    dialects={"covariances divided by n": {"divisor": "n"}, **TINY},
    mistakes=(
        EQUAL,
        Mistake(
            "forward",
            "The shares of the classes (priors) are left out.",
            {"prior": "equal", "divisor": "n"},
            is_choice=True,
        ),
        Mistake("forward", "log |S| is left out: wide classes are favoured.", {"determinant": 0.0}),
        Mistake(
            "forward", "log |S| is left out: wide classes are favoured.", {"determinant": 0.0, "divisor": "n"}
        ),
        Mistake("forward", "log |S| counts whole, not by half.", {"determinant": 1.0}),
        Mistake("forward", "log |S| has the wrong sign.", {"determinant": -0.5}),
        Mistake("forward", "The factor 1/2 of the quadratic term is missing.", {"half": False}),
        Mistake(
            "forward",
            "All classes share one covariance: that is linear, not quadratic.",
            {"covariance": "pooled"},
            is_choice=True,
        ),
        Mistake(
            "forward",
            "All classes share one covariance: that is linear, not quadratic.",
            {"covariance": "pooled", "divisor": "n-k"},
            is_choice=True,
        ),
        Mistake(
            "forward",
            "Only variances are kept: the covariances are set to zero.",
            {"covariance": "diagonal"},
            is_choice=True,
        ),
    ),
    peer=qda_peer,
)

NEAREST_CENTROID = EstimatorReference(
    "nearest-centroid",
    "classifier",
    "Tibshirani et al. 2002, without shrinkage",
    centroid,
    options={"metric": Option("euclidean", ("metric", "distance"), METRICS)},
    dialects={
        "medians, as scikit-learn takes them with manhattan": {"metric": "manhattan", "centre": "median"}
    },
    mistakes=(
        Mistake(
            "distance",
            "Distances are sums of absolute differences (Manhattan), not Euclidean.",
            {"metric": "manhattan"},
            is_choice=True,
        ),
        Mistake(
            "distance",
            "The largest product with a centroid wins: its squared length is missing.",
            {"metric": "dot"},
            is_choice=True,
        ),
        Mistake(
            "distance", "Angles to the centroids decide, not distances.", {"metric": "cosine"}, is_choice=True
        ),
        Mistake("distance", "In |a|² - 2ab + |b|² the factor 2 is missing.", {"metric": "half-dot"}),
        Mistake("forward", "Centroids are medians, not means.", {"centre": "median"}, is_choice=True),
        Mistake(
            "forward", "Centroids are sums: they are not divided by the number of rows.", {"centre": "sum"}
        ),
    ),
    peer=centroid_peer,
)
