"""In which form an implementation takes numbers and labels, and data sets made in that form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float64, Int64

__all__ = ["FORMS", "Form", "Task", "blobs", "line"]

Labels: TypeAlias = Literal["integers", "signs", "one-hot", "numbers", "column", "none"]
SPREAD = 0.2  # of a class round its centre; centres are corners of a cube of side 2


@dataclass(frozen=True)
class Form:
    """What `fit` takes.

    Attributes
    ----------
    labels
        0 .. k-1, -1 and 1, one column a class, real numbers, a column of them, or nothing.
    classes
        How many there are.
    features
        Columns of X.
    values
        Numbers of both signs, or non-negative counts.
    """

    labels: Labels = "integers"
    classes: int = 3
    features: int = 6
    values: Literal["plain", "counts"] = "plain"

    def encoded(self, y: np.ndarray) -> np.ndarray:
        """Write labels 0 .. k-1 (or numbers) as the implementation takes them."""
        if self.labels == "signs":
            return np.where(y > 0, 1, -1)
        if self.labels == "one-hot":
            return np.asarray(np.eye(self.classes)[y])
        return y.reshape(-1, 1) if self.labels == "column" else y

    def decoded(self, answer: np.ndarray) -> np.ndarray:
        """Read labels 0 .. k-1 (or numbers) from what `predict` gave; -1 stands for anything else."""
        answer = answer.reshape(len(answer), -1)
        if self.labels in ("numbers", "column"):
            return np.asarray(answer[:, 0], dtype=np.float64)
        if answer.shape[1] > 1:
            return np.asarray(answer.argmax(axis=1))
        flat = answer[:, 0].astype(np.float64)
        if self.labels == "signs":
            return np.where(np.isnan(flat), -1, (flat > 0).astype(int))
        whole = np.round(flat)
        if self.classes == 2 and np.abs(flat - whole).max(initial=0) > 1e-6:
            flat = whole = (flat > 0.5).astype(float)  # it gives the probability of the second class
        known = (whole >= 0) & (whole < self.classes) & (np.abs(flat - whole) < 1e-6)
        return np.where(known, np.nan_to_num(whole), -1).astype(int)


@dataclass(frozen=True)
class Task:
    """Rows to fit to, rows to ask about, and what is right; labels from 0, before they are encoded."""

    X: Float64[np.ndarray, "n d"]
    y: np.ndarray
    queries: Float64[np.ndarray, "m d"]
    truth: np.ndarray

    def of_features(self, columns: np.ndarray) -> Task:
        """Take other columns, or the same in another order."""
        return Task(self.X[:, columns], self.y, self.queries[:, columns], self.truth)

    def with_columns(self, value: float, *, many: int) -> Task:
        """Append columns that are the same number everywhere."""
        extra = np.full((len(self.X), many), value)
        return Task(
            np.hstack([self.X, extra]),
            self.y,
            np.hstack([self.queries, np.full((len(self.queries), many), value)]),
            self.truth,
        )


FORMS = (
    Form(),
    Form(labels="one-hot"),
    Form(classes=2),
    Form(labels="signs", classes=2),
    Form(values="counts"),
    Form(features=784, classes=10),
    Form(features=64, classes=10),
    Form(features=784, classes=10, labels="one-hot"),
    Form(features=784, classes=2),
)


def blobs(
    form: Form,
    *,
    seed: int = 0,
    spread: float = SPREAD,
    rows: int = 30,
    queries: int = 20,
    shares: tuple[float, ...] | None = None,
) -> Task:
    """Make one cloud a class round corners of a cube; far apart unless the spread is large.

    Parameters
    ----------
    rows, queries
        For each class, on average.
    shares
        How many rows each class gets, relative to the average.
    """
    random = np.random.default_rng([seed, form.features, form.classes])
    centres = _corners(form, random)
    shares = shares or (1.0,) * form.classes
    y = np.concatenate([np.full(round(rows * share), c) for c, share in enumerate(shares)])
    y = _not_sorted(random.permutation(y))
    truth = random.permutation(np.repeat(np.arange(form.classes), queries))
    X, asked = (_drawn(centres, labels, form, spread, random) for labels in (y, truth))
    return Task(X, y, asked, truth)


def _corners(form: Form, random: np.random.Generator) -> Float64[np.ndarray, "k d"]:
    """Corners that differ in at least a third of the coordinates."""
    if (form.features, form.classes) == (6, 3):
        return np.array([[1, 1, -1, -1, 1, -1], [-1, 1, 1, -1, -1, 1], [1, -1, -1, 1, -1, 1]], dtype=float)
    found: list[np.ndarray] = []
    while len(found) < form.classes:
        corner = random.choice([-1.0, 1.0], form.features)
        if all((corner != other).sum() >= form.features / 3 for other in found):
            found.append(corner)
    return np.stack(found)


def _drawn(
    centres: np.ndarray, labels: np.ndarray, form: Form, spread: float, random: np.random.Generator
) -> Float64[np.ndarray, "n d"]:
    noise = spread * random.standard_normal((len(labels), form.features))
    if form.values == "plain":
        return np.asarray(centres[labels] + noise)
    rates = (
        np.array([1.0, 9.0])[(centres[labels] > 0).astype(int)] if spread <= SPREAD else 3 + centres[labels]
    )
    return np.asarray(random.poisson(rates), dtype=np.float64)


def _not_sorted(y: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    """Let the last class come first: classes in the order in which they come are then out of order."""
    first = int(np.flatnonzero(y == y.max())[0])
    y[0], y[first] = y[first], y[0]
    return y


def line(form: Form, *, seed: int = 0, rows: int = 90, queries: int = 60, noise: float = 0.1) -> Task:
    """Make numbers that depend on the features in a straight line, with a little noise."""
    random = np.random.default_rng([seed, 1])
    slopes = np.array([5.0, -4.0, 3.0, 2.0, -3.0, 4.0])[: form.features]
    X, asked = (random.standard_normal((many, form.features)) for many in (rows, queries))
    y, truth = (values @ slopes + noise * random.standard_normal(len(values)) for values in (X, asked))
    if form.values == "counts":  # numbers above zero, in a line after their logarithm
        y, truth = np.exp(y / 8), np.exp(truth / 8)
    return Task(X, y, asked, truth)


def labels_of(answer: Any) -> np.ndarray:
    """Return labels as an array of one dimension."""
    found = np.asarray(answer)
    return found.ravel() if found.ndim == 2 and found.shape[1] == 1 else found
