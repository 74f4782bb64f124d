"""Behaviour: what an estimator is, where nobody says so, and how sure a failure has to be then."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstlight.checks._given import Given
from firstlight.checks._outcome import failed
from firstlight.checks._target import load_object
from firstlight.checks.estimators._agreement import agrees_with_reference
from firstlight.checks.estimators._guess import as_sure_as, guessed
from firstlight.checks.estimators._subject import EstimatorSubject

BANK = Path(__file__).parents[3] / "benchmarks/bugbank/estimator"


def guess_of(name: str, role: str = "classifier", **parameters):
    return guessed(type(name, (), {})(), role, parameters)


@pytest.mark.parametrize(
    ("name", "role", "method"),
    [
        ("KNN", "classifier", "knn"),
        ("MyKNearestNeighborsClassifier", "classifier", "knn"),
        ("GaussianNB", "classifier", "gaussian-nb"),
        ("NumpyGaussianNaiveBayes", "classifier", "gaussian-nb"),
        ("LogisticRegressionScratch", "classifier", "logistic"),
        ("RidgeRegression", "regressor", "ridge"),
        ("KMeans", "clusterer", "kmeans"),
        ("PCA", "transformer", "pca"),
        ("GradientBoostingRegressor", "regressor", "gradient-boosting"),
    ],
)
def test_class_says_what_it_is(name, role, method):
    assert guess_of(name, role).reference.name == method


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("KMeans", "transformer"),
        ("MiniBatchKMeans", "clusterer"),
        ("RidgeClassifier", "classifier"),
        ("KernelPCA", "transformer"),
        ("KNNRegressor", "regressor"),
        ("Thing", "classifier"),
    ],
)
def test_what_is_not_said_is_not_guessed(name, role):
    assert guess_of(name, role) is None


def test_number_of_neighbours_hints_at_their_method():
    guess = guess_of("Thing", n_neighbors=5)
    assert guess.reference.name == "knn"
    assert guess.least > guess_of("KNN").least


def test_unsure_failure_is_a_warning_under_a_guess():
    doubt = failed("forward", expected="1", seen="2", certainty=0.5)
    sure = failed("forward", expected="1", seen="2", certainty=0.97)
    guess = guess_of("KNN")
    assert as_sure_as(doubt, guess).status == "warn"
    assert as_sure_as(sure, guess).status == "fail"
    assert as_sure_as(doubt, None).status == "fail"


def outcome_of(file: str, name: str, like: str | None = None):
    target = load_object(f"{BANK / file}:{name}")
    return agrees_with_reference.run(EstimatorSubject.of(Given(target, name, like=like)))


def test_known_mistake_fails_without_a_reference():
    assert outcome_of("knn_factor_two_missing.py", "KNN").family == "distance"


def test_what_may_be_meant_is_a_warning_without_a_reference():
    file = "gaussian_nb_without_prior.py", "GaussianNB"
    assert (outcome_of(*file, like="gaussian-nb").status, outcome_of(*file).status) == ("fail", "warn")
