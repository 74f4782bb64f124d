"""What an estimator is: by what is said of it, by scikit-learn's tags, by its methods."""

from __future__ import annotations

import inspect
from typing import Any

from firstlight._errors import UsageError
from firstlight.checks.references.estimators import EstimatorReference

__all__ = ["ROLES", "named_arguments", "role_of", "takes_labels"]

ROLES = ("classifier", "regressor", "clusterer", "transformer", "other")
LABELS = {
    "y",
    "Y",
    "labels",
    "label",
    "target",
    "targets",
    "y_train",
    "Y_train",
    "yy",
    "t",
    "ys",
    "train_y",
    "classes",
}
LINES = ("regressor", "regression", "ridge", "lasso", "elasticnet", "svr")
GROUPS = ("means", "cluster", "gmm", "mixture", "dbscan", "medoids")


def role_of(model: Any, declared: str | None, reference: EstimatorReference | None) -> str:
    """Return one of `ROLES`.

    Raises
    ------
    UsageError
        Another word was declared.
    """
    if declared is not None:
        if declared not in ROLES:
            raise UsageError(f"role is one of {', '.join(ROLES)}; got {declared!r}.")
        return declared
    if reference is not None:
        return _like(model, reference)
    return _by_tags(model) or _by_methods(model)


def _like(model: Any, reference: EstimatorReference) -> str:
    """A reference's role; a tree or a network may be the one for numbers."""
    is_line = any(word in type(model).__name__.lower() for word in LINES)
    tagged = _by_tags(model)
    if reference.role == "classifier" and (tagged == "regressor" or (is_line and tagged is None)):
        is_logistic = reference.name == "logistic"
        return "classifier" if is_logistic else "regressor"
    return reference.role


def _by_tags(model: Any) -> str | None:
    """Return what scikit-learn's own mark says."""
    kind = getattr(model, "_estimator_type", None)
    if kind is None and hasattr(model, "__sklearn_tags__"):
        try:
            kind = model.__sklearn_tags__().estimator_type
        except Exception:
            kind = None
    if kind in ("classifier", "regressor", "clusterer"):
        return str(kind)
    if kind in ("outlier_detector", "density_estimator"):
        is_mixture = hasattr(model, "predict") and hasattr(model, "predict_proba")
        return "clusterer" if is_mixture else "other"
    return "transformer" if kind == "transformer" else None


def _by_methods(model: Any) -> str:
    name = type(model).__name__.lower()
    if takes_labels(model) and hasattr(model, "predict"):
        is_line = any(word in name for word in LINES) and "logistic" not in name and "classif" not in name
        return "regressor" if is_line and not hasattr(model, "predict_proba") else "classifier"
    if hasattr(model, "predict") or hasattr(model, "fit_predict"):
        is_outlier = any(word in name for word in ("outlier", "isolation", "anomaly", "oneclass", "density"))
        return "other" if is_outlier else "clusterer"
    if hasattr(model, "transform") or hasattr(model, "fit_transform"):
        return "transformer"
    return "other"


def takes_labels(model: Any) -> bool:
    """Return whether `fit` has to be given labels."""
    positional, _ = named_arguments(getattr(model, "fit", None) or getattr(model, "fit_transform", None))
    if len(positional) < 2:
        return False
    second = positional[1]
    if second.default is inspect.Parameter.empty:
        return True
    # Labels that may be left out are of no use to a method that groups or transforms.
    return second.name in LABELS and hasattr(model, "predict") and not _is_grouping(model)


def _is_grouping(model: Any) -> bool:
    tagged = _by_tags(model)
    if tagged is not None:
        return tagged not in ("classifier", "regressor")
    name = type(model).__name__.lower()
    return any(word in name for word in GROUPS) or hasattr(model, "fit_predict")


def named_arguments(function: Any) -> tuple[list[inspect.Parameter], dict[str, inspect.Parameter]]:
    """Return positional parameters in order, and all by name; nothing where they cannot be known."""
    try:
        parameters = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return [], {}
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one for one in parameters.values() if one.kind in places], parameters
