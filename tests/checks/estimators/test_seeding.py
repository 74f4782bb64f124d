"""Oracle: how often ten drawn centres lie in ten clouds, by the drawing's own formula."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from firstlight.checks._given import Given
from firstlight.checks._target import load_object
from firstlight.checks.estimators._seeding import PLAIN, SQUARED, begins_as_plus_plus, far_clouds
from firstlight.checks.estimators._subject import EstimatorSubject


class KMeans:
    """Draws centres in proportion to a power of the distance; k-means++ where the power is 2."""

    power = 2.0

    def __init__(self, n_clusters=8, max_iter=20, random_state=0):
        self.n_clusters, self.max_iter, self.random_state = n_clusters, max_iter, random_state

    def _plus_plus(self, X, rng):
        centers = [X[rng.integers(len(X))]]
        while len(centers) < self.n_clusters:
            away = np.sqrt(((X[:, None] - np.array(centers)) ** 2).sum(axis=2).min(axis=1))
            shares = away**self.power
            centers.append(X[rng.choice(len(X), p=shares / shares.sum())])
        return np.array(centers)

    def fit(self, X):
        centers = self._plus_plus(X, np.random.default_rng(self.random_state))
        for _ in range(self.max_iter):
            groups = ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
            for c in np.unique(groups):
                centers[c] = X[groups == c].mean(axis=0)
        self.cluster_centers_ = centers
        return self

    def predict(self, X):
        return ((X[:, None] - self.cluster_centers_) ** 2).sum(axis=2).argmin(axis=1)


class ByDistance(KMeans):
    power = 1.0


class Evenly(KMeans):
    power = 0.0

    def _plus_plus(self, X, rng):
        return super()._plus_plus(X, rng)


class ByDistanceOfItsOwn(ByDistance):
    def _plus_plus(self, X, rng):
        return super()._plus_plus(X, rng)


def outcome_of(target):
    return begins_as_plus_plus.run(EstimatorSubject.of(Given(target, target.__name__, like="kmeans")))


def test_right_one_passes():
    assert outcome_of(KMeans).status == "pass"


@pytest.mark.parametrize(
    ("target", "cause"), [(ByDistanceOfItsOwn, "proportion to the distance d"), (Evenly, "evenly")]
)
def test_other_powers_fail(target, cause):
    outcome = outcome_of(target)
    assert (outcome.status, outcome.family) == ("fail", "initialisation")
    assert cause in outcome.cause


def test_what_says_nothing_of_it_is_not_asked():
    import sklearn.cluster

    class Lloyd:
        """Begins at random rows."""

        def __init__(self, n_clusters=8):
            self.n_clusters = n_clusters

        def fit_predict(self, X):
            return sklearn.cluster.KMeans(self.n_clusters, init="random", n_init=1).fit_predict(X)

    Lloyd.__module__ = "nowhere"
    assert outcome_of(Lloyd).status == "skip"


def covered_share(power: float, *, draws: int = 300) -> float:
    """Return how often ten centres lie in ten clouds, drawn by that power of the nearest one's distance."""
    random = np.random.default_rng(29)
    covered = 0
    for draw in range(draws):
        task = far_clouds(draw % 10)
        nearest = np.full(len(task.X), np.inf)
        chosen = [int(random.integers(len(task.X)))]
        while len(chosen) < 10:
            nearest = np.minimum(nearest, ((task.X - task.X[chosen[-1]]) ** 2).sum(axis=1))
            shares = nearest ** (power / 2)
            chosen.append(int(random.choice(len(shares), p=shares / shares.sum())))
        covered += len(set(task.y[chosen])) == 10
    return covered / draws


class Partition(KMeans):
    """Begins with a random partition, though there is a way to begin as k-means++."""

    def __init__(self, n_clusters=8, start="random", plus_plus=False):
        super().__init__(n_clusters)
        self.start, self.plus_plus = start, plus_plus

    def fit(self, X):
        self.random_state = None
        power, self.power = self.power, 2.0 if self.plus_plus else 0.0
        super().fit(X)
        self.power = power
        return self


class Named(Evenly):
    """Unlike k-means++ it begins at rows that are drawn evenly."""

    def __init__(self, n_clusters=8, max_iter=20, random_state=0):
        super().__init__(n_clusters, max_iter, random_state)


def test_one_of_the_bank_fails():
    bank = Path(__file__).parents[3] / "benchmarks/bugbank/estimator"
    wrong, right = (
        load_object(f"{bank / name}:KMeans")
        for name in ("kmeans_plus_plus_by_distance.py", "right_kmeans.py")
    )
    assert (outcome_of(wrong).status, outcome_of(right).status) == ("fail", "pass")


def test_one_that_can_begin_so_is_told_to():
    assert outcome_of(Partition).status == "pass"


def test_words_alone_accuse_nobody():
    assert outcome_of(Named).status == "warn"


def test_shares_are_those_of_drawing_so():
    assert covered_share(2.0) == pytest.approx(SQUARED, abs=0.05)
    assert covered_share(1.0) == pytest.approx(PLAIN, abs=0.09)


def test_clouds_lie_far_apart():
    task = far_clouds(1)
    middles = np.stack([task.X[task.y == one].mean(axis=0) for one in range(10)])
    away = np.sqrt(((middles[:, None] - middles[None]) ** 2).sum(axis=2))
    assert away[~np.eye(10, dtype=bool)].min() > 50
