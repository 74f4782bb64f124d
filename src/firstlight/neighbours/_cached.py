"""`cached_neighbours`: a graph is searched for once, then kept under the home by what it was made from."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy.typing import NDArray

from firstlight._atomic import write_file
from firstlight._errors import CacheError
from firstlight._settings import home
from firstlight.neighbours._events import NeighbourEvent, NeighboursFound
from firstlight.neighbours._graph import NeighbourGraph
from firstlight.neighbours._search import check_features, nearest_neighbours

__all__ = ["cached_neighbours", "graph_file"]

_VERSION = 1


def graph_file(features: Float32[NDArray[np.float32], "n d"], k: int, *, exact: bool, seed: int) -> Path:
    """Where the graph of these features is kept, whether or not it is there."""
    settings = f"{_VERSION}/{features.shape}/{k}/{exact}/{seed}/"
    digest = hashlib.sha256(settings.encode())
    digest.update(features.data)
    return home() / "neighbours" / f"{digest.hexdigest()[:32]}.npz"


def cached_neighbours(
    features: Float32[NDArray[np.float32], "n d"],
    k: int = 15,
    *,
    exact: bool = False,
    seed: int = 0,
    on_event: Callable[[NeighbourEvent], None] | None = None,
) -> NeighbourGraph:
    """Do what `nearest_neighbours` does, but read the graph from the cache if it was made before.

    The name of the file is the SHA-256 of the features and the settings, so changed features never meet an
    old graph. A damaged file is made anew; where the disk refuses one, the graph is returned all the same.

    Parameters
    ----------
    features, k, exact, seed, on_event
        As for `nearest_neighbours`.

    Raises
    ------
    UsageError
        As for `nearest_neighbours`.
    """
    table = check_features(features)
    started, path = time.perf_counter(), graph_file(table, k, exact=exact, seed=seed)
    known = _read(path, len(table), k)
    if known is not None:
        if on_event:
            on_event(NeighboursFound(time.perf_counter() - started, known.recall, from_cache=True))
        return known
    graph = nearest_neighbours(table, k, exact=exact, seed=seed, on_event=on_event)
    _keep(graph, path)
    return graph


def _keep(graph: NeighbourGraph, path: Path) -> None:
    buffer = io.BytesIO()
    recall = np.float64(np.nan if graph.recall is None else graph.recall)
    np.savez(
        buffer,
        indices=graph.indices,
        distances=graph.distances,
        is_exact=np.bool_(graph.is_exact),
        recall=recall,
    )
    try:
        write_file(path, buffer.getvalue())
    except CacheError:
        return  # a full disk costs the next map some seconds, not this one its result


def _read(path: Path, n: int, k: int) -> NeighbourGraph | None:
    """Read a graph; None when there is none, or none that makes sense."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            indices, distances = stored["indices"], stored["distances"]
            is_exact, recall = bool(stored["is_exact"]), float(stored["recall"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    fits = indices.shape == distances.shape == (n, k)
    fits = fits and indices.dtype == np.int32 and distances.dtype == np.float32
    if not fits or indices.min() < 0 or indices.max() >= n:
        return None
    return NeighbourGraph(indices, distances, is_exact=is_exact, recall=None if np.isnan(recall) else recall)
