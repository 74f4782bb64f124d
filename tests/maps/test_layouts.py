"""Layouts by behaviour: groups that lie apart stay apart, nothing is lost, and a seed decides everything."""

from __future__ import annotations

import numpy as np
import pytest

from firstlight._errors import UsageError
from firstlight.maps import LayoutStep
from firstlight.maps._layout import beginning, lay_out, neighbours_for
from firstlight.maps._memberships import memberships
from firstlight.maps._quality import score_layout
from firstlight.maps._tsne import pulls
from firstlight.neighbours import NeighbourGraph, nearest_neighbours

CLASSES, EACH = 4, 60
LABELS = np.repeat(np.arange(CLASSES), EACH)
SPLITS = np.where(np.arange(CLASSES * EACH) % 4, "train", "test")


def groups() -> np.ndarray:
    """Four clouds around the corners of a simplex, which PCA to the plane cannot part."""
    draw = np.random.default_rng(0)
    rows = 8 * np.eye(CLASSES, 6)[LABELS] + draw.standard_normal((len(LABELS), 6))
    return rows.astype(np.float32)


FEATURES = groups()
GRAPH = nearest_neighbours(FEATURES, 15)


@pytest.mark.parametrize(("method", "initialisation"), [("tsne", "pca"), ("umap", "pca"), ("umap", "random")])
def test_groups_that_lie_apart_stay_apart(method: str, initialisation: str) -> None:
    told: list[LayoutStep] = []
    points, chosen = lay_out(method, FEATURES, GRAPH, seed=0, initialisation=initialisation, tell=told.append)
    scores = score_layout(points, FEATURES, LABELS, SPLITS)
    assert points.shape == (len(LABELS), 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert scores.accuracy is not None
    assert scores.accuracy > 0.97
    assert scores.trustworthiness > 0.9
    assert told[-1] == LayoutStep(chosen["steps"], chosen["steps"])
    shuffled = np.random.default_rng(1).permutation(points)
    assert score_layout(shuffled, FEATURES, LABELS, SPLITS).trustworthiness < 0.6


def test_umap_is_decided_by_its_seed() -> None:
    def layout(seed: int) -> np.ndarray:
        options = {"initialisation": "pca", "tell": lambda _: None}
        return lay_out("umap", FEATURES, GRAPH, seed=seed, **options)[0]  # type: ignore[arg-type]

    np.testing.assert_array_equal(layout(3), layout(3))
    assert not np.array_equal(layout(3), layout(4))


def test_pca_is_the_first_two_columns() -> None:
    points, _ = lay_out("pca", FEATURES, GRAPH, seed=0, initialisation="pca", tell=lambda _: None)
    np.testing.assert_array_equal(points, FEATURES[:, :2])


@pytest.mark.slow  # umap-learn compiles itself first
def test_memberships_are_those_of_umap_learn() -> None:
    umap = pytest.importorskip("umap.umap_")
    with_self = np.concatenate([np.arange(len(GRAPH))[:, None], GRAPH.indices], 1)
    distances = np.concatenate([np.zeros((len(GRAPH), 1), np.float32), GRAPH.distances], 1)
    peer = umap.fuzzy_simplicial_set(
        FEATURES, 16, np.random.RandomState(0), "euclidean", knn_indices=with_self, knn_dists=distances
    )[0]
    np.testing.assert_allclose(memberships(GRAPH).toarray(), peer.toarray(), atol=2e-3)


def test_pulls_are_symmetric_and_sum_to_one() -> None:
    strengths = pulls(GRAPH)
    assert strengths.sum() == pytest.approx(1)
    assert abs(strengths - strengths.T).max() < 1e-12
    assert strengths.diagonal().sum() == 0


def test_copies_of_one_image_do_not_break_a_layout() -> None:
    rows = FEATURES.copy()
    rows[:50] = rows[0]
    graph = nearest_neighbours(rows, 15)
    points, _ = lay_out("umap", rows, graph, seed=0, initialisation="pca", tell=lambda _: None)
    assert np.isfinite(points).all()
    assert len(np.unique(points, axis=0)) == len(points)


def test_one_column_of_features_is_laid_out_on_a_line() -> None:
    row = np.linspace(0, 1, 30, dtype=np.float32)[:, None]
    assert (lay_out("pca", row, GRAPH, seed=0, initialisation="pca", tell=lambda _: None)[0][:, 1] == 0).all()
    begin = beginning(row, "pca", seed=0)
    assert begin[:, 0].std() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("method", "n", "least"), [("umap", 15, 16), ("tsne", 15, 16), ("pca", 2, 3)])
def test_too_few_images_are_refused(method: str, n: int, least: int) -> None:
    with pytest.raises(UsageError, match=f"{method} needs at least {least} images.*got {n}"):
        neighbours_for(method, n)
    assert neighbours_for(method, least) == min(15, least - 1)


def test_a_graph_says_how_it_was_found() -> None:
    assert "recall 0.990" in repr(NeighbourGraph(GRAPH.indices, GRAPH.distances, is_exact=False, recall=0.99))
