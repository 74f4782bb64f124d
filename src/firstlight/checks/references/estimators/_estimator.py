"""What a reference of an estimator holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["Answer", "EstimatorReference", "Mistake", "Option", "Role"]

Role: TypeAlias = Literal["classifier", "regressor", "clusterer", "transformer"]


@dataclass(frozen=True)
class Answer:
    """What a reference says of queries.

    Attributes
    ----------
    scores
        One column a class, classes in rising order; the largest is the predicted one, equal ones are ties.
    probabilities
        Of the classes; ``None`` where the method has none.
    values
        Predicted numbers, or transformed rows.
    """

    scores: Float64[np.ndarray, "n k"] | None = None
    probabilities: Float64[np.ndarray, "n k"] | None = None
    values: Float64[np.ndarray, "n ..."] | None = None


@dataclass(frozen=True)
class Option:
    """An option, under all names that implementations give it.

    Attributes
    ----------
    default
        Of the reference.
    names
        Under which implementations know it; its own name first.
    words
        What the values of others mean in ours, such as ``{"l1": "manhattan"}``.
    candidates
        What is tried where the implementation does not say its value.
    is_loose
        Whether a word that is not among ``words`` means the default; else it cannot be compared.
    """

    default: Any
    names: tuple[str, ...]
    words: Mapping[Any, Any] = field(default_factory=dict)
    candidates: tuple[Any, ...] = ()
    is_loose: bool = False


@dataclass(frozen=True)
class Mistake:
    """A known wrong way: the reference computed with these options is what it gives.

    Attributes
    ----------
    family
        A key of `firstlight.checks.FAMILIES`.
    sentence
        What is wrong.
    options
        Of the reference's ``answer``, beside those that the implementation was given.
    is_choice
        Whether somebody may do so on purpose: a failure only where the reference was named.
    """

    family: str
    sentence: str
    options: Mapping[str, Any]
    is_choice: bool = False


@dataclass(frozen=True)
class EstimatorReference:
    """An estimator in float64, or scikit-learn's where that is the reference of the field.

    Attributes
    ----------
    name
        The word for ``--like``.
    role
        What it is.
    source
        Paper and equation.
    answer
        ``answer(X, y, queries, **options) -> Answer``; ``None`` where the method has no closed form.
    options
        By their names in ``answer`` or in the peer.
    variants
        Options under which agreement is asked, beside the implementation's own.
    dialects
        Other accepted formulas of the same name, by what the report calls them.
    mistakes
        Known wrong formulas.
    peer
        Makes scikit-learn's estimator from options; statistics are held against it.
    values
        ``"plain"`` numbers of both signs or non-negative ``"counts"``.
    tolerance
        Up to which probabilities and values agree.
    is_iterative
        Whether an implementation that stops early is still a right one.
    free_signs
        Whether each column of values may be turned round.
    """

    name: str
    role: Role
    source: str
    answer: Callable[..., Answer] | None = None
    options: Mapping[str, Option] = field(default_factory=dict)
    variants: tuple[Mapping[str, Any], ...] = ()
    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    peer: Callable[..., Any] | None = None
    values: Literal["plain", "counts"] = "plain"
    tolerance: float = 1e-4
    is_iterative: bool = False
    free_signs: bool = False
