"""`nearest_neighbours` and `nearest_of`: the points nearest to a point, without just-in-time compilation."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from types import ModuleType

import numpy as np
import torch
from jaxtyping import Float32, Int32
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight._seeds import derived_seed
from firstlight.neighbours._events import NeighbourEvent, NeighboursFound, Searching
from firstlight.neighbours._graph import NeighbourGraph

__all__ = ["check_features", "nearest_neighbours", "nearest_of"]

Rows = NDArray[np.float32]
Found = tuple[NDArray[np.int32], Rows]

# Below this many points, comparing all with all takes less time than sorting them into cells.
EXACT_BELOW = 20_000
_CELLS, _PROBES = 256, 16
_BLOCK = 1024
_SAMPLE = 500


def check_features(features: Rows, *, name: str = "The features") -> Rows:
    """Return features as a contiguous float32 table, or say what is wrong with them.

    Raises
    ------
    UsageError
        Not a table of numbers, empty, or some are NaN or infinite.
    """
    try:
        table = np.ascontiguousarray(features, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{name} must be a table of numbers [n, d]; got {type(features).__name__}."
        ) from error
    if table.ndim != 2 or 0 in table.shape:
        raise UsageError(f"{name} must be a table [n, d] with n and d of at least 1; got {table.shape}.")
    wrong = ~np.isfinite(table).all(1)
    if wrong.any():
        raise UsageError(
            f"{name} must be finite numbers; {wrong.sum():,} of {len(table):,} rows hold NaN or infinity, "
            f"the first at row {int(wrong.argmax())}."
        )
    return table


def nearest_neighbours(
    features: Float32[Rows, "n d"],
    k: int = 15,
    *,
    exact: bool = False,
    seed: int = 0,
    on_event: Callable[[NeighbourEvent], None] | None = None,
) -> NeighbourGraph:
    """Find the ``k`` nearest other points of each point, by Euclidean distance.

    Few points are compared all with all. Many are sorted into 256 cells, and only the 16 cells nearest to a
    point are searched (faiss, ``IndexIVFFlat``); what that missed is measured on 500 points. Without faiss
    the search is exact and takes about five times as long.

    Parameters
    ----------
    features
        float32 ``[n, d]``, finite.
    k
        From 1 to n - 1.
    exact
        Compare all with all, however many there are.
    seed
        Draws the sample that recall is measured on, and where the cells begin.
    on_event
        Called with each `NeighbourEvent`.

    Raises
    ------
    UsageError
        Features of another shape or with NaN; more neighbours wanted than there are points.

    Examples
    --------
    >>> import numpy as np
    >>> graph = nearest_neighbours(np.array([[0.0], [1.0], [3.0], [7.0]], np.float32), k=2)
    >>> graph.indices.tolist(), graph.distances[3].tolist()
    ([[1, 2], [0, 2], [1, 0], [2, 1]], [4.0, 6.0])
    """
    table = check_features(features)
    _check_k(k, len(table) - 1, f"{len(table):,} points have at most {len(table) - 1:,} neighbours each")
    started, tell = time.perf_counter(), on_event or (lambda _: None)
    faiss = _faiss()
    exact = exact or faiss is None or len(table) <= EXACT_BELOW
    tell(Searching(len(table), k, exact))
    if exact:
        graph = NeighbourGraph(*_without_self(*_compared(table, table, k + 1, faiss)))
    else:
        graph = _by_cells(table, k, faiss, derived_seed(seed, "neighbours"))
    tell(NeighboursFound(time.perf_counter() - started, graph.recall, from_cache=False))
    return graph


def nearest_of(
    queries: Float32[Rows, "m d"], features: Float32[Rows, "n d"], k: int = 15
) -> tuple[Int32[NDArray[np.int32], "m k"], Float32[Rows, "m k"]]:
    """Find the ``k`` points of ``features`` nearest to each query, exactly, nearest first.

    A query that is itself among the points finds itself.

    Returns
    -------
    indices : numpy.ndarray
        int32 ``[m, k]``, places in ``features``.
    distances : numpy.ndarray
        float32 ``[m, k]``.

    Raises
    ------
    UsageError
        Tables of another shape, of different widths, or with NaN; more neighbours wanted than points.
    """
    wanted, table = check_features(queries, name="The queries"), check_features(features)
    if wanted.shape[1] != table.shape[1]:
        raise UsageError(f"Queries have {wanted.shape[1]} numbers each, features {table.shape[1]}.")
    _check_k(k, len(table), f"there are {len(table):,} points")
    return _compared(wanted, table, k, _faiss())


def _check_k(k: int, most: int, why: str) -> None:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise UsageError(f"k is a whole number of at least 1; got {k!r}.")
    if k > most:
        raise UsageError(f"{k} neighbours are too many: {why}. Ask for fewer, or give more images.")


def _faiss() -> ModuleType | None:
    with contextlib.suppress(ImportError):
        import faiss

        return faiss
    return None


def _compared(queries: Rows, table: Rows, k: int, faiss: ModuleType | None) -> Found:
    """Compare all with all."""
    if faiss is None:
        return _compared_by_torch(queries, table, k)
    index = faiss.IndexFlatL2(table.shape[1])
    index.add(table)
    return _found(*index.search(queries, k))


def _compared_by_torch(queries: Rows, table: Rows, k: int) -> Found:
    points = torch.from_numpy(table)
    halves = (points * points).sum(1) / 2
    parts: list[tuple[Tensor, Tensor]] = []
    for block in torch.split(torch.from_numpy(queries), _BLOCK):
        # |q - p|^2 / 2 without |q|^2, which does not change who is nearest.
        near = torch.addmm(halves, block, points.T, alpha=-1).topk(k, largest=False).indices
        squares = (points[near] - block[:, None]).square().sum(2)
        squares, order = squares.sort(stable=True, dim=1)
        parts.append((squares, near.gather(1, order)))
    squares, near = (torch.cat(part) for part in zip(*parts, strict=True))
    return _found(squares.numpy(), near.numpy())


def _found(squares: Rows, indices: NDArray[np.int64]) -> Found:
    return indices.astype(np.int32), np.sqrt(np.maximum(squares, 0))


def _without_self(indices: NDArray[np.int32], distances: Rows) -> Found:
    """Drop each point from its own row; where copies of it crowded it out, drop the farthest instead."""
    own = indices == np.arange(len(indices), dtype=np.int32)[:, None]
    own[~own.any(1), -1] = True
    shape = len(indices), indices.shape[1] - 1
    return indices[~own].reshape(shape), distances[~own].reshape(shape)


def _by_cells(table: Rows, k: int, faiss: ModuleType | None, seed: int) -> NeighbourGraph:
    assert faiss is not None
    width = table.shape[1]
    # `cells` is held here: the index keeps a bare pointer to it.
    cells = faiss.IndexFlatL2(width)
    index = faiss.IndexIVFFlat(cells, width, _CELLS)
    index.cp.seed, index.nprobe = seed % 2**31, _PROBES
    index.train(table)
    index.add(table)
    indices, distances = _found(*index.search(table, k + 1))
    short = np.nonzero((indices < 0).any(1))[0]
    if len(short):  # too few points in those cells
        indices[short], distances[short] = _compared(table[short], table, k + 1, faiss)
    indices, distances = _without_self(indices, distances)
    recall = _recall(table, indices, distances, faiss, seed)
    return NeighbourGraph(indices, distances, is_exact=False, recall=recall)


def _recall(
    table: Rows, indices: NDArray[np.int32], distances: Rows, faiss: ModuleType | None, seed: int
) -> float:
    """Measure the share of true neighbours found; an equally far one counts as true."""
    sample = np.random.default_rng(seed).choice(len(table), min(_SAMPLE, len(table)), replace=False)
    k = indices.shape[1]
    _, true = _compared(table[sample], table, k + 1, faiss)  # the point itself is its own nearest
    farthest = true[:, -1:] * (1 + 1e-4)
    return float((distances[sample] <= farthest).mean())
