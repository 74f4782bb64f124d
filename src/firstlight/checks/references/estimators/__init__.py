"""Estimators: what a right one answers, one method a file; scikit-learn's where that is the reference."""

from __future__ import annotations

from firstlight.checks.references.estimators._discriminant import LDA, NEAREST_CENTROID, QDA
from firstlight.checks.references.estimators._estimator import (
    Answer,
    EstimatorReference,
    Mistake,
    Option,
    Role,
)
from firstlight.checks.references.estimators._knn import KNN
from firstlight.checks.references.estimators._logistic import LOGISTIC
from firstlight.checks.references.estimators._naive_bayes import BERNOULLI_NB, GAUSSIAN_NB, MULTINOMIAL_NB
from firstlight.checks.references.estimators._pca import PCA
from firstlight.checks.references.estimators._peers import ITERATIONS, PEERS
from firstlight.checks.references.estimators._ridge import LINEAR_REGRESSION, RIDGE
from firstlight.checks.references.estimators._scalers import MIN_MAX_SCALER, STANDARD_SCALER

__all__ = ["ESTIMATORS", "ITERATIONS", "Answer", "EstimatorReference", "Mistake", "Option", "Role"]

EXACT = (
    KNN,
    GAUSSIAN_NB,
    MULTINOMIAL_NB,
    BERNOULLI_NB,
    LDA,
    QDA,
    NEAREST_CENTROID,
    RIDGE,
    LINEAR_REGRESSION,
    LOGISTIC,
    PCA,
    STANDARD_SCALER,
    MIN_MAX_SCALER,
)
ESTIMATORS = {**{reference.name: reference for reference in EXACT}, **PEERS}
