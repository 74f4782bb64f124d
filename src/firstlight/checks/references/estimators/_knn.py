"""k nearest neighbours: the majority of the k nearest training rows. Cover & Hart 1967."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option

__all__ = ["KNN", "distances"]

METRICS = {
    "l2": "euclidean",
    "minkowski": "euclidean",
    "sqeuclidean": "euclidean",
    "l1": "manhattan",
    "cityblock": "manhattan",
}


def distances(
    a: Float64[np.ndarray, "n d"], b: Float64[np.ndarray, "m d"], *, metric: str = "euclidean"
) -> Float64[np.ndarray, "n m"]:
    """Return the distance of each row of one from each row of the other."""
    if metric == "cosine":
        unit_a, unit_b = (rows / np.linalg.norm(rows, axis=1)[:, None] for rows in (a, b))
        return np.asarray(1 - unit_a @ unit_b.T)
    if metric == "dot":
        return np.asarray(-(a @ b.T))
    if metric == "half-dot":
        return np.asarray((b**2).sum(axis=1) - a @ b.T)
    difference = np.abs(a[:, None, :] - b[None, :, :])
    if metric == "manhattan":
        return np.asarray(difference.sum(axis=2))
    if metric == "chebyshev":
        return np.asarray(difference.max(axis=2))
    assert metric == "euclidean", metric
    return np.asarray(np.sqrt((difference**2).sum(axis=2)))


def answer(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    k: int = 5,
    weights: str = "uniform",
    metric: str = "euclidean",
    more: int = 0,
    skip: int = 0,
    farthest: bool = False,
    of_squares: bool = False,
) -> Answer:
    """Return the classes' shares among the neighbours; ``more``, ``skip``, ``farthest`` are wrong ways."""
    away = distances(queries, X, metric=metric)
    order = np.argsort(-away if farthest else away, axis=1, kind="stable")[:, skip : skip + max(k + more, 1)]
    near = np.take_along_axis(away, order, axis=1)
    near = near**2 if of_squares else near
    share: Any = np.ones_like(near)
    if weights == "distance":
        with np.errstate(divide="ignore"):
            share = np.where((near == 0).any(axis=1, keepdims=True), near == 0, 1 / near)
    elif weights == "farther-counts-more":
        share = near
    votes = np.stack([(share * (y[order] == c)).sum(axis=1) for c in np.unique(y)], axis=1)
    return Answer(scores=votes, probabilities=votes / votes.sum(axis=1, keepdims=True))


def peer(k: int = 5, weights: str = "uniform", metric: str = "euclidean") -> Any:
    """Return scikit-learn's."""
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=k, weights=weights, metric=metric)


KNN = EstimatorReference(
    "knn",
    "classifier",
    "Cover & Hart 1967",
    answer,
    options={
        "k": Option(
            5,
            ("k", "n_neighbors", "n_neighbours", "neighbors", "num_neighbors", "n", "K"),
            candidates=(5, 1, 3, 7, 9),
        ),
        "weights": Option("uniform", ("weights", "weighting", "weight"), {None: "uniform", False: "uniform"}),
        "metric": Option("euclidean", ("metric", "distance", "distance_metric", "dist"), METRICS),
    },
    variants=(
        {"k": 1},
        {"k": 4},
        {"k": 15},
        {"k": 6, "weights": "distance"},
        {"k": 7, "metric": "manhattan"},
    ),
    mistakes=(
        Mistake(
            "distance",
            "The nearest neighbour is left out, as if each query were a training row.",
            {"skip": 1},
        ),
        Mistake(
            "distance", "The nearest neighbour is left out, and one fewer votes.", {"skip": 1, "more": -1}
        ),
        Mistake(
            "distance",
            "The farthest rows vote, not the nearest: the order is turned round.",
            {"farthest": True},
        ),
        Mistake(
            "distance",
            "Distances are sums of absolute differences (Manhattan), not Euclidean.",
            {"metric": "manhattan"},
            is_choice=True,
        ),
        Mistake(
            "distance",
            "Distances are largest differences (Chebyshev), not Euclidean.",
            {"metric": "chebyshev"},
            is_choice=True,
        ),
        Mistake(
            "distance",
            "Distances are those of angles (cosine), not Euclidean.",
            {"metric": "cosine"},
            is_choice=True,
        ),
        Mistake(
            "distance",
            "In |a|² - 2ab + |b|² the training rows' squared length is missing: the largest product wins.",
            {"metric": "dot"},
            is_choice=True,
        ),
        Mistake("distance", "In |a|² - 2ab + |b|² the factor 2 is missing.", {"metric": "half-dot"}),
        Mistake("distance", "One neighbour too many votes.", {"more": 1}),
        Mistake("distance", "One neighbour too few votes.", {"more": -1}),
        Mistake(
            "distance",
            "Votes are weighted by the distance itself: the farther, the more.",
            {"weights": "farther-counts-more"},
        ),
        Mistake(
            "distance",
            "Votes are weighted by 1/d², as the root was not taken.",
            {"weights": "distance", "of_squares": True},
            is_choice=True,
        ),
        Mistake(
            "ignored-option",
            "The option weights changes nothing: all neighbours count alike.",
            {"weights": "uniform"},
        ),
        Mistake(
            "distance",
            "Neighbours count by 1/distance, though weights is not 'distance'.",
            {"weights": "distance"},
            is_choice=True,
        ),
        Mistake("ignored-option", "The number of neighbours is ignored: the nearest one decides.", {"k": 1}),
        Mistake("ignored-option", "The number of neighbours is ignored: always 5.", {"k": 5}),
        Mistake("ignored-option", "The number of neighbours is ignored: always 3.", {"k": 3}),
        Mistake("ignored-option", "The metric is ignored: always Euclidean.", {"metric": "euclidean"}),
    ),
    peer=peer,
)
