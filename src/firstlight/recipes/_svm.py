"""A support vector machine with Gaussian kernel, one classifier for each pair of classes."""

from __future__ import annotations

from firstlight.models import SupportVectorModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe

__all__ = ["SVM_RECIPE"]

SVM_RECIPE = EstimatorRecipe(
    name="svm",
    summary="Support vectors with a Gaussian kernel, one against one.",
    estimator="sklearn.svm.SVC",
    model=SupportVectorModel,
    parameters={"C": 5.0, "gamma": 0.03, "cache_size": 1000, "break_ties": True},
)
