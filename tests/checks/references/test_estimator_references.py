"""Oracle: scikit-learn, and for closed forms also SciPy's distances or another of its solvers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from firstlight.checks import FAMILIES
from firstlight.checks.references.estimators import ESTIMATORS
from firstlight.checks.references.estimators._knn import distances


def rows(k: int = 3, *, counts: bool = False):
    random = np.random.default_rng(k)
    y = random.permutation(np.repeat(np.arange(k), [12 + 9 * c for c in range(k)]))
    X = random.standard_normal((len(y), 4)) * (1 + 0.4 * y[:, None]) + 0.8 * y[:, None] + 0.5
    queries = random.standard_normal((30, 4)) + 1.0
    if counts:
        X, queries = np.round(np.abs(3 * X)), np.round(np.abs(3 * queries))
    return X, y, queries


SETTINGS = [
    ("knn", {}),
    ("knn", {"k": 4, "weights": "distance"}),
    ("knn", {"k": 7, "metric": "manhattan"}),
    ("gaussian-nb", {}),
    ("gaussian-nb", {"smoothing": 0.3}),
    ("multinomial-nb", {"alpha": 0.4}),
    ("multinomial-nb", {"prior": "equal"}),
    ("bernoulli-nb", {"alpha": 0.4, "threshold": 0.5}),
    ("lda", {}),
    ("qda", {}),
    ("qda", {"regularisation": 0.2}),
    ("logistic", {"C": 0.3}),
    ("logistic", {"C": 5.0, "intercept": False}),
]


@pytest.mark.parametrize(("name", "options"), SETTINGS)
@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_scikit_learns(name, options, classes):
    reference = ESTIMATORS[name]
    X, y, queries = rows(classes, counts=reference.values == "counts")
    peer = reference.peer(**options).fit(X, y)
    expected = peer.predict_proba(queries)
    ways = [{"divisor": "n"}, {"divisor": "n-1"}] if name == "qda" else [{}]  # it changed in scikit-learn 1.8
    answers = [reference.answer(X, y, queries, **options, **way) for way in ways]
    found = min(answers, key=lambda one: np.abs(one.probabilities - expected).max())
    tolerance = {"logistic": 2e-3, "lda": 0.08}.get(name, 1e-8)  # its lda divides by n, then rescales
    np.testing.assert_allclose(found.probabilities, expected, atol=tolerance)
    assert (found.scores.argmax(axis=1) == peer.predict(queries)).mean() >= 0.93


def test_lda_dialect_is_scikit_learns_least_squares_solver():
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    X, y, queries = rows()
    expected = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y).predict_proba(queries)
    np.testing.assert_allclose(ESTIMATORS["lda"].answer(X, y, queries).probabilities, expected, atol=1e-6)


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev", "cosine"])
def test_distances_are_scipys(metric):
    X, _, queries = rows()
    expected = cdist(queries, X, "cityblock" if metric == "manhattan" else metric)
    np.testing.assert_allclose(distances(queries, X, metric=metric), expected, atol=1e-12)


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_nearest_centroid_is_scikit_learns(metric):
    reference = ESTIMATORS["nearest-centroid"]
    X, y, queries = rows()
    centre = "median" if metric == "manhattan" else "mean"
    found = reference.answer(X, y, queries, metric=metric, centre=centre).scores.argmax(axis=1)
    assert (found == reference.peer(metric=metric).fit(X, y).predict(queries)).all()


@pytest.mark.parametrize("options", [{}, {"alpha": 7.0}, {"alpha": 2.0, "intercept": False}])
def test_ridge_is_scikit_learns_by_two_solvers(options):
    from sklearn.linear_model import Ridge

    X, y, queries = rows()
    target = X @ np.array([1.0, -2.0, 0.5, 3.0]) + y
    found = ESTIMATORS["ridge"].answer(X, target, queries, **options).values
    for solver in ("cholesky", "svd"):
        peer = Ridge(
            alpha=options.get("alpha", 1.0), fit_intercept=options.get("intercept", True), solver=solver
        )
        np.testing.assert_allclose(found, peer.fit(X, target).predict(queries), rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("pca", {}),
        ("pca", {"n_components": 2, "whiten": True}),
        ("standard-scaler", {}),
        ("standard-scaler", {"with_mean": False}),
        ("min-max-scaler", {"feature_range": (-2.0, 1.0), "clip": True}),
    ],
)
def test_values_are_scikit_learns(name, options):
    reference = ESTIMATORS[name]
    X, y, queries = rows()
    found = reference.answer(X, y, queries, **options).values
    expected = reference.peer(**options).fit(X).transform(queries)
    signs = np.where((found * expected).sum(axis=0) < 0, -1, 1) if reference.free_signs else 1
    np.testing.assert_allclose(found * signs, expected, atol=1e-9)


@pytest.mark.parametrize("name", [name for name, one in ESTIMATORS.items() if one.peer is not None])
def test_peers_can_be_fitted(name):
    reference = ESTIMATORS[name]
    X, y, _ = rows(counts=reference.values == "counts")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some do not converge on so few rows
        assert hasattr(reference.peer().fit(X, y), "n_features_in_")


@pytest.mark.parametrize("name", [name for name, one in ESTIMATORS.items() if one.answer is not None])
def test_mistakes_differ_from_what_is_right(name):
    reference = ESTIMATORS[name]
    X, y, queries = rows(counts=reference.values == "counts")
    given = {"k": 6} if name == "knn" else {"C": 0.2} if name == "logistic" else {}
    given |= {"feature_range": (-1.0, 2.0)} if name == "min-max-scaler" else {}
    given |= {"alpha": 3.0} if name == "ridge" else {}
    given |= {"smoothing": 0.2} if name == "gaussian-nb" else {"alpha": 3.0} if name.endswith("nb") else {}
    right = reference.answer(X, y, queries, **given)
    for mistake in reference.mistakes:
        assert mistake.family in FAMILIES
        if mistake.family == "ignored-option" or set(mistake.options) & {"weights", "power"}:
            continue  # the same wherever the option has that value anyhow
        wrong = reference.answer(X, y, queries, **{**given, **mistake.options})
        pair = (right.values, wrong.values) if right.scores is None else (right.scores, wrong.scores)
        assert pair[0].shape != pair[1].shape or not np.allclose(*pair), mistake.sentence
