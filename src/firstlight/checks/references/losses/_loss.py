"""What a reference of a loss holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["Array", "Form", "LossReference", "Terms"]

Array: TypeAlias = Float64[np.ndarray, "..."]
Terms: TypeAlias = Callable[..., Array]
Form: TypeAlias = Literal["labels", "one-hot", "soft", "vector", "signs", "reals"]


@dataclass(frozen=True, eq=False)
class LossReference:
    """A loss in float64, before it is summed or averaged.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and equation.
    terms
        Takes outputs, targets of the same shape (one-hot rows, where the targets are labels) and the options
        by keyword. Gives one number a row, or one an element where it is elementwise.
    forms
        How targets may come: as labels [n], one-hot or soft rows [n, k], zeros and ones [n], signs [n], or
        numbers [n].
    from_log_probabilities
        The same as ``terms``, of log-probabilities, where a softmax comes first.
    inputs
        What the target is given: ``"logits"``, ``"log-probabilities"``, ``"probabilities"``, or ``"values"``.
    weights
        What a mean divides by: one number a row. ``None`` counts rows, or elements.
    is_elementwise
        Whether there is a term for each element.
    options, aliases, dialects, also
        As of an activation's reference.
    """

    name: str
    source: str
    terms: Terms
    forms: tuple[Form, ...] = ("labels", "one-hot")
    from_log_probabilities: Terms | None = None
    inputs: Literal["logits", "log-probabilities", "probabilities", "values"] = "logits"
    weights: Terms | None = None
    is_elementwise: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
