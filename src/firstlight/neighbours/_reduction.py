"""`Reduction`: rows of many numbers to their principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32
from numpy.typing import NDArray

from firstlight._errors import UsageError

__all__ = ["Reduction", "principal_components"]

Rows = NDArray[np.float32]
_BLOCK = 8192


@dataclass(frozen=True, eq=False)
class Reduction:
    """A mean and the directions along which rows vary most.

    Attributes
    ----------
    mean
        float32 ``[d]``.
    directions
        float32 ``[d, m]``, orthonormal columns, most variance first.
    explained
        float32 ``[m]``: each direction's share of all variance.
    """

    mean: Float32[Rows, " d"]
    directions: Float32[Rows, "d m"]
    explained: Float32[Rows, " m"]

    def of(self, rows: Rows | NDArray[np.uint8]) -> Float32[Rows, "n m"]:
        """Return the components of each row ``[n, d]``; bytes are not scaled."""
        directions = torch.from_numpy(self.directions)
        offset = torch.from_numpy(self.mean) @ directions
        blocks = torch.split(torch.from_numpy(np.ascontiguousarray(rows)), _BLOCK)
        return torch.cat([block.float() @ directions - offset for block in blocks]).numpy()


def principal_components(rows: Rows | NDArray[np.uint8], count: int = 50) -> Reduction:
    """Find the ``count`` directions of most variance, by the eigenvectors of the covariance matrix.

    Exact, so nothing is drawn: the same rows give the same directions. The sign of each is chosen so that
    its greatest number is positive. Fewer come back where rows or columns are fewer.

    Parameters
    ----------
    rows
        float32 or uint8, ``[n, d]``, n at least 2.
    count
        At least 1.

    Raises
    ------
    UsageError
        All rows are equal, or there are fewer than two.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.arange(8, dtype=np.float32)[:, None] * np.array([3, 4], np.float32)
    >>> reduction = principal_components(line, 1)
    >>> reduction.directions.ravel(), reduction.explained
    (array([0.6, 0.8], dtype=float32), array([1.], dtype=float32))
    """
    if len(rows) < 2:
        raise UsageError(f"Principal components need at least 2 rows; got {len(rows)}.")
    table = torch.from_numpy(np.ascontiguousarray(rows))
    mean = table.double().mean(0) if len(table) <= _BLOCK else _mean(table)
    covariance = torch.zeros(table.shape[1], table.shape[1], dtype=torch.float64)
    for block in torch.split(table, _BLOCK):
        centred = block.float() - mean.float()
        covariance += centred.T @ centred
    values, vectors = torch.linalg.eigh(covariance / len(table))
    if not values[-1] > 0:
        raise UsageError(f"All {len(rows):,} rows are equal, so there is nothing to lay out.")
    kept = min(count, len(values), len(rows) - 1)
    directions = vectors.flip(1)[:, :kept]
    signs = directions.gather(0, directions.abs().argmax(0, keepdim=True)).sign()
    explained = values.flip(0)[:kept].clamp(min=0) / values.clamp(min=0).sum()
    return Reduction(
        mean.float().numpy(),
        (directions * signs).float().contiguous().numpy(),
        explained.float().numpy(),
    )


def _mean(table: torch.Tensor) -> torch.Tensor:
    sums = sum((block.sum(0, dtype=torch.float64) for block in torch.split(table, _BLOCK)), torch.zeros(()))
    return sums / len(table)
