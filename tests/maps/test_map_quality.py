"""Scores of a map against scikit-learn's trustworthiness and k-NN classifier (oracles)."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness as peer_trustworthiness
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from firstlight.maps._quality import accuracy_in_plane, measure_quality, score_layout, trustworthiness

DRAW = np.random.default_rng(0)
FEATURES = DRAW.standard_normal((700, 10)).astype(np.float32)
POINTS = (FEATURES[:, :2] + 0.1 * DRAW.standard_normal((700, 2))).astype(np.float32)
LABELS = (FEATURES[:, 0] > 0).astype(np.int64) + (FEATURES[:, 1] > 0)
SPLITS = np.where(np.arange(700) < 500, "train", "test")


@pytest.mark.parametrize("k", [5, 15])
def test_trustworthiness_is_that_of_scikit_learn(k: int) -> None:
    ours = trustworthiness(POINTS, FEATURES, k=k)
    assert ours == pytest.approx(peer_trustworthiness(FEATURES, POINTS, n_neighbors=k), abs=1e-4)


def test_accuracy_is_that_of_a_classifier_of_scikit_learn() -> None:
    peer = KNeighborsClassifier(10).fit(POINTS[:500], LABELS[:500])
    assert accuracy_in_plane(POINTS, LABELS, SPLITS) == pytest.approx(peer.score(POINTS[500:], LABELS[500:]))


def test_an_image_does_not_vote_for_itself() -> None:
    alternating = np.arange(700) % 2
    lonely = accuracy_in_plane(POINTS, alternating, np.full(700, "train"))
    assert lonely is not None
    assert lonely < 0.6


def test_neighbour_recall_counts_who_stayed() -> None:
    scores = score_layout(POINTS, FEATURES, LABELS, SPLITS)
    far, near = (
        NearestNeighbors(n_neighbors=15).fit(table).kneighbors(return_distance=False)
        for table in (FEATURES, POINTS)
    )
    kept = np.mean([len(np.intersect1d(a, b)) / 15 for a, b in zip(far, near, strict=True)])
    assert scores.neighbour_recall == pytest.approx(kept, abs=1e-3)


def test_quality_stands_beside_plain_pca() -> None:
    quality = measure_quality(POINTS, FEATURES, LABELS, SPLITS)
    assert quality.pca.trustworthiness >= quality.trustworthiness
    assert quality.accuracy_of == "test images among train images"
    assert set(quality.fields()) == {"map", "pca", "accuracy_of"}
    assert str(quality).startswith("10-NN accuracy 0.")


def test_one_class_only_has_no_accuracy() -> None:
    quality = measure_quality(POINTS, FEATURES, np.zeros(700, np.int64), np.full(700, "train"))
    assert quality.accuracy is None
    assert "accuracy" not in str(quality)
