"""Nearest neighbours against scikit-learn's (oracle), and by behaviour: copies, cells, bad input."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from firstlight._errors import UsageError
from firstlight.neighbours import NeighboursFound, Searching, _search, nearest_neighbours, nearest_of


def cloud(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


@pytest.mark.parametrize("has_faiss", [True, False])
def test_exact_neighbours_are_those_of_scikit_learn(has_faiss: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_faiss:
        monkeypatch.setattr(_search, "_faiss", lambda: None)
    points = cloud(2000)
    graph = nearest_neighbours(points, k=7)
    distances, indices = NearestNeighbors(n_neighbors=8, algorithm="brute").fit(points).kneighbors(points)
    assert (graph.indices == indices[:, 1:]).mean() > 0.999
    np.testing.assert_allclose(graph.distances, distances[:, 1:], rtol=1e-3, atol=1e-3)
    assert graph.is_exact
    assert graph.recall is None
    assert (graph.indices.dtype, graph.distances.dtype) == (np.int32, np.float32)


def test_cells_find_nearly_all_and_say_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_search, "EXACT_BELOW", 5000)
    points, told = cloud(12_000, d=4), []
    graph = nearest_neighbours(points, k=10, seed=3, on_event=told.append)
    true = nearest_neighbours(points, k=10, exact=True)
    found = np.mean(
        [len(np.intersect1d(a, b)) / 10 for a, b in zip(graph.indices, true.indices, strict=True)]
    )
    assert not graph.is_exact
    assert graph.recall == pytest.approx(found, abs=0.01)
    assert found > 0.97
    assert (np.diff(graph.distances, axis=1) >= 0).all()
    assert told[0] == Searching(12_000, 10, False)
    assert isinstance(told[1], NeighboursFound)
    again = nearest_neighbours(points, k=10, seed=3)
    np.testing.assert_array_equal(again.indices, graph.indices)


def test_no_point_is_its_own_neighbour_even_among_copies() -> None:
    points = np.concatenate([np.zeros((40, 3), np.float32), cloud(60, 3)])
    graph = nearest_neighbours(points, k=5)
    assert not (graph.indices == np.arange(100)[:, None]).any()
    assert (graph.distances[:40] == 0).all()


def test_queries_find_themselves_and_others_like_scikit_learn() -> None:
    points, queries = cloud(500), cloud(20, seed=1)
    indices, distances = nearest_of(queries, points, 4)
    true, near = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(queries)
    np.testing.assert_array_equal(indices, near)
    np.testing.assert_allclose(distances, true, rtol=1e-3)
    assert nearest_of(points[:5], points, 1)[0].ravel().tolist() == [0, 1, 2, 3, 4]


def test_the_first_few_of_a_graph() -> None:
    graph = nearest_neighbours(cloud(50), k=6)
    np.testing.assert_array_equal(graph.first(2).indices, graph.indices[:, :2])
    assert len(graph.first(2)) == 50
    assert repr(graph.first(2)) == "NeighbourGraph(50 points, 2 neighbours each, exact)"
    with pytest.raises(UsageError, match="holds 6 neighbours of each point; got k=7"):
        graph.first(7)


@pytest.mark.parametrize(
    ("features", "k", "message"),
    [
        (np.zeros(5, np.float32), 1, r"table \[n, d\] with n and d of at least 1; got \(5,\)"),
        (np.zeros((0, 5), np.float32), 1, r"got \(0, 5\)"),
        (np.array([["a", "b"]]), 1, "must be a table of numbers"),
        (np.array([[1.0, 2.0], [np.nan, 1.0], [0.0, 1.0]], np.float32), 1, "1 of 3 rows .* first at row 1"),
        (np.array([[1.0, np.inf]] * 3, np.float32), 1, "3 of 3 rows hold NaN or infinity"),
        (cloud(5), 5, "5 neighbours are too many: 5 points have at most 4"),
        (cloud(5), 0, "k is a whole number of at least 1; got 0"),
        (cloud(5), 2.5, "k is a whole number of at least 1; got 2.5"),
    ],
)
def test_what_cannot_be_searched_is_refused(features: np.ndarray, k: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        nearest_neighbours(features, k)


def test_queries_of_another_width_are_refused() -> None:
    with pytest.raises(UsageError, match="Queries have 3 numbers each, features 8"):
        nearest_of(cloud(4, 3), cloud(9), 2)
    with pytest.raises(UsageError, match="10 neighbours are too many: there are 9 points"):
        nearest_of(cloud(4), cloud(9), 10)
