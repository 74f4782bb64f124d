"""t-SNE by openTSNE, from the graph of neighbours that is there already.

van der Maaten and Hinton 2008; the repulsion by interpolation on a grid, Linderman and others 2019
(FIt-SNE), as openTSNE computes it.

Departures from openTSNE's defaults, with the reason:

- Pulls are UMAP's memberships of the 15 nearest, not a perplexity of 30 over 90. Böhm, Berens and Kobak 2022
  ("Attraction-repulsion spectrum in neighbor embeddings", JMLR) find the pictures all but equal; the search
  and each step have a sixth of the edges to deal with, and what is nearest stays nearer.
- Pulls are exaggerated 12, 4, 2, then 1 times, not 12 and then 1: groups that few edges hold together meet
  before they are held apart. Chosen, as the number of steps was, on MNIST's train split.
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
from firstlight.maps._memberships import memberships
from firstlight.neighbours import NeighbourGraph

__all__ = ["pulls", "tsne_layout"]

Rows = NDArray[np.float32]
# Steps, exaggeration of the pulls, momentum.
PHASES = ((150, 12.0, 0.5), (100, 4.0, 0.8), (100, 2.0, 0.8), (250, 1.0, 0.8))
_TELL_EVERY = 10
# Below this, walking a tree takes less time than a grid.
_FEW = 3_000


def tsne_layout(
    graph: NeighbourGraph,
    begin: Float32[Rows, "n 2"],
    *,
    seed: int,
    on_step: Callable[[int, int], None],
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
    n, total = len(graph), sum(steps for steps, _, _ in PHASES)
    done = 0

    def tell(iteration: int, *_: Any) -> None:
        on_step(done + iteration, total)

    embedding = TSNEEmbedding(
        begin.astype(np.float64) * 1e-4,
        PrecomputedAffinities(pulls(graph)),
        negative_gradient_method="bh" if n < _FEW else "fft",
        random_state=derived_seed(seed, "tsne") % 2**31,
        n_jobs=-1,
        callbacks=tell,
        callbacks_every_iters=_TELL_EVERY,
    )
    for steps, exaggeration, momentum in PHASES:
        embedding = embedding.optimize(
            steps, exaggeration=exaggeration, momentum=momentum, learning_rate="auto"
        )
        done += steps
    chosen = {"steps": total, "exaggerations": [exaggeration for _, exaggeration, _ in PHASES]}
    return np.asarray(embedding, np.float32), chosen


def pulls(graph: NeighbourGraph) -> sparse.csr_matrix:
    """Return how strongly each two points pull: symmetric ``[n, n]``, their sum 1."""
    both = memberships(graph).astype(np.float64).tocsr()
    both.data /= both.data.sum()
    return both
