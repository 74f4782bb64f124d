"""From log-probabilities that are known up to a constant to probabilities."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

__all__ = ["log_prior", "normalised"]


def normalised(scores: Float64[np.ndarray, "n k"]) -> Float64[np.ndarray, "n k"]:
    """Return the softmax of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def log_prior(y: np.ndarray, *, kind: str = "data") -> Float64[np.ndarray, " k"]:
    """Return the logarithms of the classes' shares, or of equal ones."""
    counts = np.unique(y, return_counts=True)[1].astype(np.float64)
    shares = counts / counts.sum() if kind == "data" else np.full(len(counts), 1 / len(counts))
    return np.asarray(np.log(shares))
