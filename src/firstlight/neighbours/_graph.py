"""`NeighbourGraph`: who is near whom, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32, Int32
from numpy.typing import NDArray

from firstlight._errors import UsageError

__all__ = ["NeighbourGraph"]


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """The nearest neighbours of each point, nearest first, the point itself not among them.

    Attributes
    ----------
    indices
        int32 ``[n, k]``.
    distances
        float32 ``[n, k]``, growing along a row.
    metric
        Always ``"euclidean"``.
    is_exact
        Whether every distance was computed.
    recall
        Of a search that is not exact: the share of true neighbours that it found, measured on a sample of
        points against all others. ``None`` where it was not measured.

    Examples
    --------
    >>> import numpy as np
    >>> from firstlight.neighbours import nearest_neighbours
    >>> nearest_neighbours(np.array([[0.0], [1.0], [3.0]], np.float32), k=1).indices[:, 0]
    array([1, 0, 1], dtype=int32)
    """

    indices: Int32[NDArray[np.int32], "n k"]
    distances: Float32[NDArray[np.float32], "n k"]
    metric: Literal["euclidean"] = "euclidean"
    is_exact: bool = True
    recall: float | None = None

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def k(self) -> int:
        """How many neighbours each point has."""
        return int(self.indices.shape[1])

    def first(self, k: int) -> NeighbourGraph:
        """Return the graph of the nearest ``k`` only.

        Raises
        ------
        UsageError
            The graph holds fewer.
        """
        if not 1 <= k <= self.k:
            raise UsageError(f"This graph holds {self.k} neighbours of each point; got k={k}.")
        return NeighbourGraph(
            self.indices[:, :k], self.distances[:, :k], self.metric, self.is_exact, self.recall
        )

    def __repr__(self) -> str:
        how = "exact" if self.is_exact else f"recall {self.recall:.3f}" if self.recall else "approximate"
        return f"NeighbourGraph({len(self):,} points, {self.k} neighbours each, {how})"
