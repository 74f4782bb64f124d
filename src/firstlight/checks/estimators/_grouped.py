"""What several questions to k-means and mixtures look at: groups, centres, what is minimised."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Form, Task, blobs
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["centres_of", "hard_rows", "inertia_of", "squares", "with_groups"]

CENTRES = (
    "cluster_centers_",
    "centroids",
    "centroids_",
    "centers",
    "centers_",
    "cluster_centers",
    "centres",
    "means_",
    "mu",
)
CLUSTERS = (
    "n_clusters",
    "k",
    "K",
    "n_components",
    "num_clusters",
    "clusters",
    "n_centroids",
    "n_centers",
    "n_groups",
)


def hard_rows(seed: int) -> Task:
    """Five clouds that touch, of different sizes."""
    return blobs(Form(classes=5), seed=seed, spread=0.8, rows=30, queries=8, shares=(0.5, 1.5, 1.0, 0.7, 1.3))


def with_groups(subject: EstimatorSubject, many: int) -> dict[str, Any]:
    name = subject.name_of(CLUSTERS)
    return {} if name is None or name in subject.given.args else {name: many}


def squares(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.asarray(((rows[:, None, :] - centres[None]) ** 2).sum(axis=2))


def centres_of(fitted: Fitted) -> np.ndarray | None:
    found = fitted.own(CENTRES)
    return found if found is not None and found.ndim == 2 and found.shape[1] == fitted.rows.shape[1] else None


def inertia_of(fitted: Fitted, task: Task) -> float | None:
    centres = centres_of(fitted)
    return None if centres is None else float(squares(task.X, centres).min(axis=1).sum())
