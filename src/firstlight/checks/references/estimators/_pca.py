"""Principal components: projections on the directions of most variance. Jolliffe 2002."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option

__all__ = ["PCA", "principal"]


def principal(
    X: Float64[np.ndarray, "n d"],
    _: np.ndarray | None,
    queries: Float64[np.ndarray, "m d"],
    *,
    n_components: int | None = None,
    whiten: bool = False,
    ddof: int = 1,
    centred: str = "mean",
    order: str = "falling",
    scaled: bool = False,
    transposed: bool = False,
    power: float = 1.0,
) -> Answer:
    """Return the projections; the options from ``centred`` on are wrong ways."""
    middle = X.mean(axis=0) if centred in ("mean", "fit") else np.zeros(X.shape[1])
    spread = X.std(axis=0) if scaled else np.ones(X.shape[1])
    away = (X - middle) / spread
    variances, directions = np.linalg.eigh(away.T @ away / (len(X) - ddof))
    if order == "falling":
        variances, directions = variances[::-1], directions[:, ::-1]
    if transposed:
        directions = directions.T
    many = len(variances) if n_components is None else n_components
    variances, directions = variances[:many], directions[:, :many]
    shift = {"mean": middle, "fit": 0.0, "queries": queries.mean(axis=0), "none": 0.0}[centred]
    values = ((queries - shift) / spread) @ directions
    return Answer(values=values / np.sqrt(np.maximum(variances, 1e-30)) ** power if whiten else values)


def peer(n_components: int | None = None, whiten: bool = False) -> Any:
    """Return scikit-learn's."""
    from sklearn.decomposition import PCA as Peer  # noqa: N811

    return Peer(n_components, whiten=whiten)


PCA = EstimatorReference(
    "pca",
    "transformer",
    "Jolliffe 2002, section 3.5",
    principal,
    options={
        "n_components": Option(
            None,
            ("n_components", "k", "n", "num_components", "components", "dims", "dim", "d", "out_dim"),
            candidates=(None, 2),
        ),
        "whiten": Option(False, ("whiten", "whitening")),
    },
    variants=({"n_components": 2}, {"n_components": 3, "whiten": True}),
    dialects={
        "variances divided by n": {"ddof": 0},
        "features divided by their deviation (correlation matrix)": {"scaled": True},
    },
    mistakes=(
        Mistake(
            "preprocessing",
            "The mean is never subtracted: the first direction points at it.",
            {"centred": "none"},
            is_choice=True,
        ),
        Mistake("preprocessing", "The mean is subtracted in fit and not in transform.", {"centred": "fit"}),
        Mistake(
            "preprocessing",
            "What is transformed is centred on its own mean, not on that of fit.",
            {"centred": "queries"},
        ),
        Mistake(
            "order", "The directions of least variance come first: eigenvalues rise.", {"order": "rising"}
        ),
        Mistake(
            "forward", "Rows of the matrix of eigenvectors are taken for its columns.", {"transposed": True}
        ),
        Mistake(
            "forward",
            "Rows of the matrix of eigenvectors are taken for its columns.",
            {"transposed": True, "order": "rising"},
        ),
        Mistake("ignored-option", "whiten changes nothing.", {"whiten": False}),
        Mistake("forward", "Whitening divides by the variance, not by its root.", {"power": 2.0}),
        Mistake("forward", "Whitening multiplies by the deviation; it should divide.", {"power": -1.0}),
    ),
    peer=peer,
    tolerance=1e-4,
    free_signs=True,
)
