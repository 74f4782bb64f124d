"""Naive Bayes: features are independent within a class. Three densities, one rule.

Gaussian: Zhang 2004, "The optimality of naive Bayes". Multinomial and Bernoulli: Manning, Raghavan & Schütze
2008, "Introduction to information retrieval", sections 13.2 and 13.3, with Lidstone smoothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.estimators._estimator import Answer, EstimatorReference, Mistake, Option
from firstlight.checks.references.estimators._probabilities import log_prior, normalised

__all__ = ["BERNOULLI_NB", "GAUSSIAN_NB", "MULTINOMIAL_NB"]


def gaussian(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    smoothing: float = 1e-9,
    floor: str = "relative",
    ddof: int = 0,
    prior: str = "data",
    variance: str = "class",
    normaliser: bool = True,
    half: bool = True,
) -> Answer:
    """Return log p(c) + Σ log N(x | mean, variance); the last three options are wrong ways."""
    extra = smoothing * (X.var(axis=0).max() if floor == "relative" else 1.0)
    scores = []
    for c in np.unique(y):
        rows = X[y == c]
        spread = (X if variance == "shared" else rows).var(axis=0, ddof=ddof) + extra
        spread = {"root": np.sqrt(spread), "square": spread**2}.get(variance, spread)
        exponent = (queries - rows.mean(axis=0)) ** 2 / spread
        logs = np.log(2 * np.pi * spread) if normaliser else np.zeros_like(spread)
        scores.append(-0.5 * logs.sum() - (0.5 if half else 1.0) * exponent.sum(axis=1))
    joint = np.stack(scores, axis=1) + (0.0 if prior == "none" else log_prior(y, kind=prior))
    return Answer(scores=joint, probabilities=normalised(joint))


def multinomial(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    alpha: float = 1.0,
    prior: str = "data",
    below: str = "d",
    presence: bool = False,
) -> Answer:
    """Return log p(c) + Σ x log p(feature | c); ``below`` says what the denominator gets."""
    scores = []
    for c in np.unique(y):
        counts = ((X > 0) if presence else X)[y == c].sum(axis=0)
        added = {"d": alpha * X.shape[1], "one": alpha, "none": 0.0, "rows": alpha * len(X)}[below]
        total = counts.sum() + added
        scores.append(((queries > 0) if presence else queries) @ np.log((counts + alpha) / total))
    joint = np.stack(scores, axis=1) + log_prior(y, kind=prior)
    return Answer(scores=joint, probabilities=normalised(joint))


def bernoulli(
    X: Float64[np.ndarray, "n d"],
    y: np.ndarray,
    queries: Float64[np.ndarray, "m d"],
    *,
    alpha: float = 1.0,
    threshold: float = 0.0,
    prior: str = "data",
    absent: bool = True,
    below: str = "two",
) -> Answer:
    """Return log p(c) + Σ x log p + (1 - x) log(1 - p); without ``absent`` the second term is left out."""

    def is_on(values: np.ndarray) -> np.ndarray:
        return values > threshold

    scores = []
    for c in np.unique(y):
        rows = is_on(X[y == c])
        added = {"two": 2 * alpha, "d": alpha * X.shape[1], "one": alpha, "none": 0.0}[below]
        share = np.clip((rows.sum(axis=0) + alpha) / (len(rows) + added), 1e-12, 1 - 1e-12)
        score = is_on(queries) @ np.log(share)
        scores.append(score + (~is_on(queries)) @ np.log(1 - share) if absent else score)
    joint = np.stack(scores, axis=1) + log_prior(y, kind=prior)
    return Answer(scores=joint, probabilities=normalised(joint))


def gaussian_peer(smoothing: float = 1e-9) -> Any:
    """Return scikit-learn's."""
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(var_smoothing=smoothing)


def multinomial_peer(alpha: float = 1.0, prior: str = "data") -> Any:
    """Return scikit-learn's."""
    from sklearn.naive_bayes import MultinomialNB

    return MultinomialNB(alpha=alpha, fit_prior=prior == "data")


def bernoulli_peer(alpha: float = 1.0, threshold: float = 0.0, prior: str = "data") -> Any:
    """Return scikit-learn's."""
    from sklearn.naive_bayes import BernoulliNB

    return BernoulliNB(alpha=alpha, binarize=threshold, fit_prior=prior == "data")


PRIOR = Option("data", ("fit_prior", "use_prior"), {True: "data", False: "equal"})
ALPHA = Option(1.0, ("alpha", "smoothing", "laplace", "k", "lambda_", "lam"), candidates=(1.0, 0.0, 1e-10))
NO_PRIOR = Mistake(
    "forward", "The shares of the classes (priors) are left out.", {"prior": "equal"}, is_choice=True
)

GAUSSIAN_NB = EstimatorReference(
    "gaussian-nb",
    "classifier",
    "Zhang 2004",
    gaussian,
    options={
        "smoothing": Option(
            1e-9,
            ("var_smoothing", "smoothing", "eps", "epsilon", "var_eps", "min_var"),
            candidates=(1e-9, 0.0),
        )
    },
    variants=({"smoothing": 0.2},),
    dialects={
        "unbiased variances (n - 1)": {"ddof": 1},
        "variance floor as it is, not times the largest variance": {"floor": "absolute"},
        "unbiased variances, floor as it is": {"ddof": 1, "floor": "absolute"},
    },
    mistakes=(
        NO_PRIOR,
        Mistake("forward", "The standard deviation stands where the variance belongs.", {"variance": "root"}),
        Mistake(
            "forward",
            "The variance stands where the standard deviation belongs: it is squared.",
            {"variance": "square"},
        ),
        Mistake(
            "forward", "All classes share the variances of all rows.", {"variance": "shared"}, is_choice=True
        ),
        Mistake(
            "forward", "The normaliser log(2 pi variance) of the density is left out.", {"normaliser": False}
        ),
        Mistake("forward", "The factor 1/2 in the exponent of the density is missing.", {"half": False}),
        Mistake("ignored-option", "The smoothing of variances changes nothing.", {"smoothing": 1e-9}),
    ),
    peer=gaussian_peer,
)

MULTINOMIAL_NB = EstimatorReference(
    "multinomial-nb",
    "classifier",
    "Manning et al. 2008, section 13.2",
    multinomial,
    options={"alpha": ALPHA, "prior": PRIOR},
    variants=({"alpha": 0.05}, {"alpha": 7.0}),
    mistakes=(
        NO_PRIOR,
        Mistake(
            "forward",
            "alpha is added once below, not once for each feature: shares do not add up to 1.",
            {"below": "one"},
        ),
        Mistake("forward", "alpha is added above and not below the line.", {"below": "none"}),
        Mistake(
            "forward", "alpha is added once for each row below, not for each feature.", {"below": "rows"}
        ),
        Mistake(
            "forward",
            "Only whether a feature is there counts, not how often.",
            {"presence": True},
            is_choice=True,
        ),
        Mistake("ignored-option", "alpha is ignored: always 1.", {"alpha": 1.0}),
        Mistake("ignored-option", "alpha is ignored: nothing is smoothed.", {"alpha": 1e-10}),
    ),
    peer=multinomial_peer,
    values="counts",
)

BERNOULLI_NB = EstimatorReference(
    "bernoulli-nb",
    "classifier",
    "Manning et al. 2008, section 13.3",
    bernoulli,
    options={
        "alpha": ALPHA,
        "threshold": Option(0.0, ("binarize", "threshold", "binarise", "cutoff"), {None: 0.0}, (0.0, 0.5)),
        "prior": PRIOR,
    },
    variants=({"alpha": 0.05}, {"alpha": 7.0}),
    mistakes=(
        Mistake(
            "forward",
            "Features that are absent do not count: the term (1 - x) log(1 - p) is missing.",
            {"absent": False},
        ),
        NO_PRIOR,
        Mistake(
            "forward", "The denominator gets alpha times the number of features, not 2 alpha.", {"below": "d"}
        ),
        Mistake(
            "forward", "The denominator gets alpha, not 2 alpha: there are two outcomes.", {"below": "one"}
        ),
        Mistake("forward", "alpha is added above and not below the line.", {"below": "none"}),
        Mistake("ignored-option", "alpha is ignored: always 1.", {"alpha": 1.0}),
        Mistake("ignored-option", "alpha is ignored: nothing is smoothed.", {"alpha": 1e-10}),
        Mistake(
            "forward",
            "Absent features do not count, nor do the classes' shares.",
            {"absent": False, "prior": "equal"},
            is_choice=True,
        ),
    ),
    peer=bernoulli_peer,
)
