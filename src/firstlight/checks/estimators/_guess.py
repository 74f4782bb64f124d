"""Which method an implementation is, where nobody said: by the name of its class, or by an option.

A guess never fails an implementation by itself: a failure under a guessed reference counts only where it is
surer than what the guess asks for, see `as_sure_as`; every other one becomes a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstlight.checks._outcome import Outcome, warned
from firstlight.checks.references.estimators import ESTIMATORS, EstimatorReference

__all__ = ["Guess", "as_sure_as", "guessed"]

NAMES = {
    "knn": "knn knearestneighbors knearestneighbours knearestneighbor kneighbors nearestneighbors",
    "gaussian-nb": "gaussiannb gaussiannaivebayes gaussianbayes naivebayes gnb naivebayesgaussian",
    "multinomial-nb": "multinomialnb multinomialnaivebayes naivebayesmultinomial",
    "bernoulli-nb": "bernoullinb bernoullinaivebayes naivebayesbernoulli",
    "lda": "lda lineardiscriminantanalysis lineardiscriminant",
    "qda": "qda quadraticdiscriminantanalysis quadraticdiscriminant",
    "nearest-centroid": "nearestcentroid nearestcentroids nearestmean nearestclassmean",
    "logistic": "logisticregression logreg softmaxregression multinomiallogisticregression "
    "multinomiallogistic logistic",
    "decision-tree": "decisiontree classificationtree cart",
    "random-forest": "randomforest",
    "adaboost": "adaboost",
    "gradient-boosting": "gradientboosting gbm gbdt gradientboostedtrees gradientboostingtrees",
    "mlp": "mlp multilayerperceptron neuralnetwork neuralnet",
    "ridge": "ridge ridgeregression",
    "linear-regression": "linearregression ols ordinaryleastsquares leastsquares",
    "kmeans": "kmeans kmeansplusplus kmeanspp lloydkmeans kmeanslloyd",
    "gmm": "gmm gaussianmixture gaussianmixturemodel",
    "pca": "pca principalcomponentanalysis",
    "standard-scaler": "standardscaler standardizer standardiser zscorescaler",
    "min-max-scaler": "minmaxscaler minmaxnormalizer minmaxnormaliser",
}
BY_NAME = {word: name for name, words in NAMES.items() for word in words.split()}
DRESS = ("fromscratch", "scratch", "custom", "simple", "basic", "numpy", "torch", "vanilla", "naive", "plain")
ENDINGS = ("fromscratch", "scratch", "classifier", "regressor", "clustering", "cluster", "model", "numpy")
NEIGHBOURS = ("n_neighbors", "n_neighbours", "num_neighbors", "k_neighbors")
SURE_BY_NAME = 0.7
SURE_BY_OPTION = 0.95


@dataclass(frozen=True)
class Guess:
    """A reference that nobody named.

    Attributes
    ----------
    reference
        What the implementation seems to be.
    least
        How sure a failure has to be to count.
    why
        What the guess was made by.
    """

    reference: EstimatorReference
    least: float
    why: str


def guessed(model: Any, role: str, parameters: Mapping[str, Any]) -> Guess | None:
    """Return what an implementation of that role is, where its class or an option says so plainly.

    Examples
    --------
    >>> class MyKNNClassifier: ...
    >>> guessed(MyKNNClassifier(), "classifier", {}).reference.name
    'knn'
    >>> guessed(MyKNNClassifier(), "regressor", {}) is None
    True
    """
    called = type(model).__name__
    for word in _undressed(called):
        name = BY_NAME.get(word)
        if name is not None and _fits(ESTIMATORS[name], role, called):
            return Guess(ESTIMATORS[name], SURE_BY_NAME, f"its class is called {called}")
    option = next((name for name in NEIGHBOURS if name in parameters), None)
    if role == "classifier" and option is not None:
        return Guess(ESTIMATORS["knn"], SURE_BY_OPTION, f"it has an option {option}")
    return None


def _fits(reference: EstimatorReference, role: str, called: str) -> bool:
    """Trees and boosting for numbers are held against the reference for classes, as with ``--like``."""
    if reference.role == role:
        return True
    return role == "regressor" and reference.name == "gradient-boosting" and "classif" not in called.lower()


def _undressed(called: str) -> list[str]:
    """Return a class's name in small letters, then without what people put before and behind it."""
    word = re.sub(r"[^a-z]", "", called.lower())
    found = [word]
    for start in ("my", *DRESS):
        word = word.removeprefix(start)
    found.append(word)
    for end in ENDINGS:
        word = word.removesuffix(end)
    return [*found, word]


def as_sure_as(outcome: Outcome, guess: Guess | None) -> Outcome:
    """Return an outcome; as a warning, where it is a failure that is less sure than the guess asks for."""
    if guess is None or outcome.status != "fail" or outcome.certainty >= guess.least:
        return outcome
    return warned(
        f"{outcome.seen} (taken for {guess.reference.name}, for {guess.why})",
        expected=outcome.expected,
        where=outcome.where,
        hint=f"Say --like {guess.reference.name} if it is that, and this is a failure.",
    )
