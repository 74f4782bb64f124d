"""An estimator after `fit`: its answers as arrays, whatever form it gives them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.estimators._forms import Form, labels_of

__all__ = ["Fitted", "plain_array"]


def plain_array(answer: Any) -> np.ndarray:
    """Return a NumPy array of a tensor, a list, a sparse matrix or a data frame."""
    if hasattr(answer, "detach"):
        answer = answer.detach().cpu()
    if hasattr(answer, "toarray"):
        answer = answer.toarray()
    return np.asarray(answer)


@dataclass(frozen=True)
class Fitted:
    """A model and what it answers.

    Attributes
    ----------
    model
        The implementation's object after `fit`.
    form
        In which it takes labels.
    rows
        That it was fitted to.
    called
        Calls one of its methods and marks what is raised as the implementation's.
    classes
        The labels of its classes, as the answers' columns are expected to stand.
    """

    model: Any
    form: Form
    rows: np.ndarray
    called: Callable[..., Any]
    classes: np.ndarray

    def answers(self, queries: np.ndarray) -> np.ndarray:
        """Return what `predict` gives, as it gives it."""
        return plain_array(self.called(self.model.predict, queries.copy()))

    def labels(self, queries: np.ndarray) -> np.ndarray:
        """Return predicted labels from 0, or numbers."""
        return self.form.decoded(self.answers(queries))

    def groups(self) -> np.ndarray:
        """Return which group each training row is in."""
        found = getattr(self.model, "labels_", None)
        if found is None:
            found = self.called(self.model.predict, self.rows.copy())
        return labels_of(plain_array(found))

    def probabilities(self, queries: np.ndarray) -> Float64[np.ndarray, "n k"] | None:
        """Return a column for each class; one column is that of the second. ``None`` without the method."""
        method = getattr(self.model, "predict_proba", None)
        if method is None:
            return None
        found = plain_array(self.called(method, queries.copy()))
        if found.dtype == object:
            return None
        found = found.astype(np.float64)
        found = found.reshape(len(found), -1)
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    def transformed(self, queries: np.ndarray) -> np.ndarray:
        """Return what `transform` gives, row by row."""
        found = plain_array(self.called(self.model.transform, queries.copy()))
        return found.reshape(len(found), -1)

    def own(self, names: tuple[str, ...]) -> np.ndarray | None:
        """Return the first of these attributes that it has, as numbers."""
        for name in names:
            found = getattr(self.model, name, None)
            if found is not None and not callable(found):
                try:
                    return plain_array(found).astype(np.float64)
                except (TypeError, ValueError):
                    continue
        return None
