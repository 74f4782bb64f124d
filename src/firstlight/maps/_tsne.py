"""t-SNE by openTSNE, from the graph of neighbours that is there already.

van der Maaten and Hinton 2008; the repulsion by interpolation on a grid, Linderman and others 2019
(FIt-SNE), as openTSNE computes it.

Departures from openTSNE's defaults, with the reason:

- Each point is pulled alike by its 15 nearest, not by 90 with weights of perplexity 30. Böhm, Berens and
  Kobak 2022 ("Attraction-repulsion spectrum in neighbor embeddings", JMLR) find the pictures all but equal;
  the search and each step have a sixth of the edges to deal with, and what is nearest stays nearer.
- Fewer steps, with the number chosen where the scores of the map no longer rise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy.typing import NDArray
from scipy import sparse

from firstlight._errors import MissingExtraError
from firstlight._seeds import derived_seed
from firstlight.neighbours import NeighbourGraph

__all__ = ["alike", "tsne_layout"]

Rows = NDArray[np.float32]
EXAGGERATED_STEPS, STEPS = 150, 350
EXAGGERATION = 12
_TELL_EVERY = 10
# Below this, walking a tree takes less time than a grid.
_FEW = 3_000


def tsne_layout(
    graph: NeighbourGraph,
    begin: Float32[Rows, "n 2"],
    *,
    seed: int,
    on_step: Callable[[int, int], None],
    exaggerated_steps: int = EXAGGERATED_STEPS,
    steps: int = STEPS,
) -> tuple[Float32[Rows, "n 2"], dict[str, Any]]:
    """Return points that keep the graph's neighbourhoods, and what was chosen.

    Parameters
    ----------
    graph
        The nearest neighbours of each point.
    begin
        Where points begin, of standard deviation about 1; shrunk to 0.0001, as t-SNE wants it.
    seed
        Nothing is drawn but by openTSNE, to which it is handed.
    on_step
        Called with the step and how many there are, every tenth.
    exaggerated_steps, steps
        First with the pulls multiplied by 12, then as they are.

    Raises
    ------
    MissingExtraError
        openTSNE is not installed.
    """
    try:
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PrecomputedAffinities
    except ImportError as error:
        raise MissingExtraError("A t-SNE map", package="openTSNE", extra="maps") from error
    n, total = len(graph), exaggerated_steps + steps
    done = 0

    def tell(iteration: int, *_: Any) -> None:
        on_step(done + iteration, total)

    embedding = TSNEEmbedding(
        begin.astype(np.float64) * 1e-4,
        PrecomputedAffinities(alike(graph)),
        negative_gradient_method="bh" if n < _FEW else "fft",
        random_state=derived_seed(seed, "tsne") % 2**31,
        n_jobs=-1,
        callbacks=tell,
        callbacks_every_iters=_TELL_EVERY,
    )
    phases = ((exaggerated_steps, EXAGGERATION, 0.5), (steps, 1, 0.8))
    for iterations, exaggeration, momentum in phases:
        embedding = embedding.optimize(
            iterations, exaggeration=exaggeration, momentum=momentum, learning_rate="auto"
        )
        done += iterations
    chosen = {"steps": total, "exaggerated_steps": exaggerated_steps, "affinity": "uniform"}
    return np.asarray(embedding, np.float32), chosen


def alike(graph: NeighbourGraph) -> sparse.csr_matrix:
    """Return pulls that are alike for all neighbours: symmetric ``[n, n]``, their sum 1."""
    n, k = graph.indices.shape
    starts = np.arange(0, n * k + 1, k, dtype=np.int32)
    one_sided = sparse.csr_matrix((np.ones(n * k), graph.indices.ravel(), starts), shape=(n, n))
    both = (one_sided + one_sided.T).tocsr()
    both.data /= both.data.sum()
    return both
