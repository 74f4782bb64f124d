"""The plane of most variance. Jolliffe 2002, "Principal component analysis"."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.embeddings._embedding import EmbeddingReference
from firstlight.checks.references.estimators import Mistake

__all__ = ["PCA_PLANE"]


def answer(
    X: Float64[np.ndarray, "n d"],
    *,
    centred: bool = True,
    by_rows: bool = False,
    order: str = "falling",
    scaled: bool = False,
    transposed: bool = False,
    whiten: str = "",
    left_only: bool = False,
    second: bool = False,
    projected: str = "centred",
) -> Float64[np.ndarray, "n 2"]:
    """Return the projections on the two first directions; all options are wrong ways or dialects."""
    shift = X.mean(axis=1, keepdims=True) if by_rows else X.mean(axis=0)
    away = X - shift if centred else X
    away = away / np.where(X.std(axis=0) == 0, 1, X.std(axis=0)) if scaled else away
    values, directions = np.linalg.eigh(away.T @ away)
    if order == "falling":
        values, directions = values[::-1], directions[:, ::-1]
    directions = directions.T if transposed else directions
    take = slice(1, 3) if second else slice(0, 2)
    out = (X if projected == "raw" else away) @ directions[:, take]
    if whiten or left_only:
        many = {"n": len(X), "n-1": len(X) - 1, "": 1}[whiten]
        out = out / np.sqrt(np.maximum(values[take], 1e-30)) * np.sqrt(many)
    return np.asarray(out)


PCA_PLANE = EmbeddingReference(
    "pca",
    "Jolliffe 2002",
    answer,
    dialects={
        "not centred: each column shifted by a constant": {"projected": "raw"},
        "whitened: both columns have variance 1": {"whiten": "n"},
        "whitened: both columns have unbiased variance 1": {"whiten": "n-1"},
        "columns divided by their deviation (correlation matrix)": {"scaled": True},
        "left singular vectors: both columns have length 1": {"left_only": True},
    },
    mistakes=(
        Mistake(
            "preprocessing", "The mean is not subtracted before directions are found.", {"centred": False}
        ),
        Mistake(
            "preprocessing",
            "Each row's own mean is subtracted, not each column's: the wrong axis.",
            {"by_rows": True},
        ),
        Mistake(
            "order", "The two directions of least variance are taken: eigenvalues rise.", {"order": "rising"}
        ),
        Mistake(
            "forward", "Rows of the matrix of eigenvectors are taken for its columns.", {"transposed": True}
        ),
        Mistake(
            "forward",
            "Rows of the matrix of eigenvectors are taken for its columns.",
            {"transposed": True, "order": "rising"},
        ),
        Mistake(
            "order", "The second and third direction are taken, not the first and second.", {"second": True}
        ),
    ),
    minimum_trust=0.6,
)
