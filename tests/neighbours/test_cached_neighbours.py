"""The cache of graphs, by behaviour: read again, made anew when damaged, done without when the disk refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firstlight.neighbours import NeighboursFound, cached_neighbours, nearest_neighbours
from firstlight.neighbours._cached import graph_file

POINTS = np.random.default_rng(0).standard_normal((200, 4)).astype(np.float32)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))
    return tmp_path


def was_cached(**options: Any) -> bool:
    told: list[Any] = []
    graph = cached_neighbours(POINTS, 5, on_event=told.append, **options)
    np.testing.assert_array_equal(graph.indices, nearest_neighbours(POINTS, 5).indices)
    return [event.from_cache for event in told if isinstance(event, NeighboursFound)] == [True]


def test_a_graph_is_searched_for_once(own_home: Path) -> None:
    assert [was_cached(), was_cached()] == [False, True]
    assert not was_cached(seed=1)
    assert not was_cached(exact=True)
    assert not list(own_home.rglob(".part-*"))


def test_changed_features_never_meet_an_old_graph() -> None:
    changed = POINTS.copy()
    changed[3, 2] += 1
    paths = {graph_file(rows, k, exact=False, seed=0) for rows in (POINTS, changed) for k in (5, 6)}
    assert len(paths) == 4


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "outside", "shape"])
def test_a_damaged_graph_is_made_anew(damage: str) -> None:
    was_cached()
    path = graph_file(POINTS, 5, exact=False, seed=0)
    whole = path.read_bytes()
    graph = nearest_neighbours(POINTS, 5)
    if damage == "outside":
        np.savez(path, indices=graph.indices + 1, distances=graph.distances, is_exact=True, recall=np.nan)
    elif damage == "shape":
        np.savez(path, indices=graph.indices[:9], distances=graph.distances[:9], is_exact=True, recall=np.nan)
    else:
        path.write_bytes({"cut": whole[:-300], "empty": b"", "text": b"no graph"}[damage])
    assert [was_cached(), was_cached()] == [False, True]


def test_a_disk_that_refuses_costs_no_graph(own_home: Path) -> None:
    (own_home / "neighbours").write_text("a file where the folder would be")
    assert not was_cached()
