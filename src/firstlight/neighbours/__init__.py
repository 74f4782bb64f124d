"""Neighbours: who is near whom among images, and the features that say what near means."""

from __future__ import annotations

from firstlight.neighbours._cached import cached_neighbours
from firstlight.neighbours._events import NeighbourEvent, NeighboursFound, Searching
from firstlight.neighbours._features import FeatureSpace, headless, learned_features, pixel_features
from firstlight.neighbours._graph import NeighbourGraph
from firstlight.neighbours._reduction import Reduction, principal_components
from firstlight.neighbours._search import check_features, nearest_neighbours, nearest_of

__all__ = [
    "FeatureSpace",
    "NeighbourEvent",
    "NeighbourGraph",
    "NeighboursFound",
    "Reduction",
    "Searching",
    "cached_neighbours",
    "check_features",
    "headless",
    "learned_features",
    "nearest_neighbours",
    "nearest_of",
    "pixel_features",
    "principal_components",
]
