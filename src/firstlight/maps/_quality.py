"""`measure_quality`: how much of the neighbourhoods of the feature space a map keeps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int64
from numpy.typing import NDArray
from torch import Tensor

from firstlight._seeds import derived_seed

__all__ = [
    "LayoutScores",
    "MapQuality",
    "accuracy_in_plane",
    "measure_quality",
    "score_layout",
    "trustworthiness",
]

Rows = NDArray[np.float32]
_SAMPLE = 1000
_BLOCK = 500
_VOTERS = 10
_NEAR = 15


@dataclass(frozen=True)
class LayoutScores:
    """What a layout in the plane keeps. Each is at most 1, and more is better.

    Attributes
    ----------
    accuracy
        Share of images whose label is that of most of their 10 nearest in the plane. Test images ask train
        images; a map of one split asks its own other images. ``None`` without labels.
    trustworthiness
        1 minus the penalty for near points of the map that are far in feature space (Venna and Kaski 2001,
        15 neighbours), of a fixed sample of 1,000 points against all.
    neighbour_recall
        Share of the 15 nearest in feature space that are among the 15 nearest in the plane, same sample.
    """

    accuracy: float | None
    trustworthiness: float
    neighbour_recall: float


@dataclass(frozen=True)
class MapQuality:
    """The scores of a map, and those of the first two principal components of the same features."""

    map: LayoutScores
    pca: LayoutScores
    accuracy_of: str

    @property
    def accuracy(self) -> float | None:
        """10-nearest-neighbour accuracy in the plane."""
        return self.map.accuracy

    @property
    def trustworthiness(self) -> float:
        """How far near points can be trusted to be alike."""
        return self.map.trustworthiness

    @property
    def neighbour_recall(self) -> float:
        """Share of true neighbours that are neighbours on the map."""
        return self.map.neighbour_recall

    def fields(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        accuracy = "" if self.accuracy is None else f"10-NN accuracy {self.accuracy:.4f}, "
        return f"{accuracy}trustworthiness {self.trustworthiness:.4f}, recall {self.neighbour_recall:.3f}"


def measure_quality(
    points: Float32[Rows, "n 2"],
    features: Float32[Rows, "n m"],
    labels: Int64[NDArray[np.int64], " n"],
    splits: NDArray[np.str_],
    *,
    seed: int = 0,
) -> MapQuality:
    """Score a map and, for comparison, the first two columns of the features, which are their PCA.

    Parameters
    ----------
    points
        The map.
    features
        What it was made from, the most varying columns first.
    labels
        Not used where all are equal.
    splits
        Where both ``"train"`` and ``"test"`` occur, test images are judged by train images.
    seed
        Draws the sample.
    """
    plain = features[:, :2] if features.shape[1] >= 2 else np.repeat(features, 2, 1)
    both = {"train", "test"} <= set(splits.tolist())
    scores = score_layout(points, features, labels, splits, seed=seed)
    is_plain = np.array_equal(points, plain)
    return MapQuality(
        scores,
        scores
        if is_plain
        else score_layout(np.ascontiguousarray(plain), features, labels, splits, seed=seed),
        "test images among train images" if both else "each image among the others",
    )


def score_layout(
    points: Float32[Rows, "n 2"],
    features: Float32[Rows, "n m"],
    labels: Int64[NDArray[np.int64], " n"],
    splits: NDArray[np.str_],
    *,
    seed: int = 0,
) -> LayoutScores:
    """Score one layout; see `LayoutScores`."""
    k = max(1, min(_NEAR, (len(points) - 1) // 2))
    draw = np.random.default_rng(derived_seed(seed, "quality"))
    sample = np.sort(draw.choice(len(points), min(_SAMPLE, len(points)), replace=False))
    trusted, recall = _kept(points, features, sample, k)
    return LayoutScores(accuracy_in_plane(points, labels, splits), trusted, recall)


def accuracy_in_plane(
    points: Float32[Rows, "n 2"], labels: Int64[NDArray[np.int64], " n"], splits: NDArray[np.str_]
) -> float | None:
    """Return the share of images whose label most of their 10 nearest have; a tie goes to the lower class.

    Without two classes there is nothing to be right about: None.
    """
    if labels.min() == labels.max():
        return None
    train, test = splits == "train", splits == "test"
    if train.any() and test.any():
        asked, voters, own = points[test], points[train], 0
        truth, votes = labels[test], labels[train]
    else:
        asked, voters, own, truth, votes = points, points, 1, labels, labels
    k = min(_VOTERS, len(voters) - own)
    near = _nearest_in_plane(asked, voters, k + own)
    if own:
        near = _others(near, np.arange(len(asked)))
    counts = np.zeros((len(asked), int(labels.max()) + 1), np.int16)
    for column in votes[near].T:
        counts[np.arange(len(asked)), column] += 1
    return float((counts.argmax(1) == truth).mean())


def trustworthiness(points: Float32[Rows, "n 2"], features: Float32[Rows, "n m"], *, k: int = _NEAR) -> float:
    """Return the trustworthiness of all points, as `sklearn.manifold.trustworthiness` defines it."""
    return _kept(points, features, np.arange(len(points)), k)[0]


def _nearest_in_plane(asked: Rows, voters: Rows, k: int) -> NDArray[np.int64]:
    from scipy.spatial import cKDTree

    near = cKDTree(voters).query(asked, k=k, workers=-1)[1]
    return np.asarray(near, np.int64).reshape(len(asked), k)


def _others(near: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.int64]:
    """Drop each point from its own row; the last where copies of it crowded it out."""
    self_places = near == own[:, None]
    self_places[~self_places.any(1), -1] = True
    rest: NDArray[np.int64] = near[~self_places].reshape(len(near), near.shape[1] - 1)
    return rest


def _kept(points: Rows, features: Rows, sample: NDArray[np.int64], k: int) -> tuple[float, float]:
    """Return trustworthiness and neighbour recall of the sampled points, exact, a block at a time."""
    near = torch.from_numpy(_others(_nearest_in_plane(points[sample], points, k + 1), sample))
    table, rows = torch.from_numpy(features), torch.from_numpy(sample)
    halves = (table * table).sum(1) / 2
    penalty, kept = 0, 0
    for some, neighbours in zip(torch.split(rows, _BLOCK), torch.split(near, _BLOCK), strict=True):
        ranks = _ranks(table, halves, some, neighbours)
        penalty += int((ranks - k).clamp(min=0).sum())
        kept += int((ranks <= k).sum())
    n, m = len(points), len(sample)
    return 1 - penalty * 2 / (m * k * (2 * n - 3 * k - 1)), kept / (m * k)


def _ranks(table: Tensor, halves: Tensor, some: Tensor, neighbours: Tensor) -> Tensor:
    """Tell which neighbour, 1 for the nearest, each is in feature space."""
    squares = torch.addmm(halves, table[some], table.T, alpha=-1)
    squares.scatter_(1, some[:, None], float("-inf"))
    own = squares.gather(1, neighbours)
    # The point itself lies below all, so that the count of nearer ones is a rank. Counting beats sorting.
    return torch.stack([(squares < one[:, None]).sum(1) for one in own.T], 1)
