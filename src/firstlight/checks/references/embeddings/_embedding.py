"""What a reference of an embedding holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators import Mistake

__all__ = ["EmbeddingReference"]


@dataclass(frozen=True)
class EmbeddingReference:
    """A way to lay rows out in a plane.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper.
    answer
        ``answer(X, **options) -> [n, 2]`` where it is unique up to the sign of each column; else ``None``.
    options
        Defaults of its options, by all their names: ``{("n_neighbors", "k"): 5}``.
    dialects, mistakes
        Other accepted and known wrong options of ``answer``.
    peer
        ``peer(X, seed) -> [n, 2]``: another implementation, for statistics.
    minimum_trust
        What the trustworthiness on 200 digits never falls below, far under every right one.
    """

    name: str
    source: str
    answer: Callable[..., Float64[np.ndarray, "n 2"]] | None = None
    options: Mapping[tuple[str, ...], Any] = field(default_factory=dict)
    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    peer: Callable[..., Float64[np.ndarray, "n 2"]] | None = None
    minimum_trust: float = 0.6
