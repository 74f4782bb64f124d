"""What a reference of a learning-rate schedule holds.

A reference is one function, ``rate(t, o) -> learning rate``, of the number of updates that were made before
(``t = 0`` for the first) and of its options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["Rate", "Rates", "ScheduleDialect", "ScheduleReference", "ScheduleSuspect"]

Rate: TypeAlias = Callable[[int, SimpleNamespace], float]
Rates: TypeAlias = Float64[np.ndarray, " step"]


@dataclass(frozen=True)
class ScheduleDialect:
    """An accepted other way of counting or writing the schedule.

    Attributes
    ----------
    axis
        What it is about, such as ``"warm-up"``; of each axis at most one dialect holds.
    words
        As the report names it.
    hidden
        Hidden options that give it.
    """

    axis: str
    words: str
    hidden: Mapping[str, Any]


@dataclass(frozen=True)
class ScheduleSuspect:
    """A known mistake, as hidden options or as another formula of ``(t, o)``.

    Attributes
    ----------
    words
        What is wrong, as one sentence.
    hidden
        Hidden options that give it.
    rate
        The wrong formula, where options do not give it.
    family
        A key of `FAMILIES`.
    """

    words: str
    hidden: Mapping[str, Any] = field(default_factory=dict)
    rate: Rate | None = None
    family: str = "schedule"


@dataclass(frozen=True)
class ScheduleReference:
    """A schedule in float64.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper or the software that its usual form comes from.
    rate
        ``rate(t, o)``: the learning rate of update ``t``, counted from 0.
    options
        Canonical names and defaults. All rates are absolute; all lengths are in steps.
    needed
        Options without which there is no telling what is meant.
    hidden
        The ways of writing it, at their usual value.
    spellings
        Names under which targets take an option, where the usual ones do not serve.
    shares
        Names under which targets take it as a part of another option:
        ``{"min_lr": ("base_lr", ("alpha",))}``.
    dialects, suspects
        Accepted other ways, and known mistakes.
    settings
        Values that make each option matter, over few steps.
    length
        After how many steps all has happened.
    marks
        Steps at which something happens, with its name.
    has_jumps
        Whether neighbouring rates may differ by more than a factor of two.
    """

    name: str
    source: str
    rate: Rate
    options: Mapping[str, Any]
    length: Callable[[SimpleNamespace], int]
    needed: frozenset[str] = frozenset()
    hidden: Mapping[str, Any] = field(default_factory=dict)
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    dialects: tuple[ScheduleDialect, ...] = ()
    suspects: tuple[ScheduleSuspect, ...] = ()
    settings: tuple[Mapping[str, Any], ...] = ()
    marks: Callable[[SimpleNamespace], Mapping[int, str]] = lambda _: {}
    has_jumps: bool = False

    def with_options(self, options: Mapping[str, Any], **hidden: Any) -> SimpleNamespace:
        """Return all options, hidden ones included, as the formula reads them."""
        return SimpleNamespace(**{**self.hidden, **self.options, **options, **hidden})

    def rates(self, steps: Iterable[int], options: Mapping[str, Any], **hidden: Any) -> Rates:
        """Return the rate of each step.

        Examples
        --------
        >>> from firstlight.checks.references.schedules import SCHEDULES
        >>> SCHEDULES["step"].rates(range(4), {"base_lr": 1.0, "step_size": 2, "gamma": 0.5}).tolist()
        [1.0, 1.0, 0.5, 0.5]
        """
        o = self.with_options(options, **hidden)
        return np.array([self.rate(int(t), o) for t in steps], dtype=np.float64)

    def accepted(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Return all accepted ways, the usual one first: words (empty for it) and hidden options."""
        axes: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for dialect in self.dialects:
            axes.setdefault(dialect.axis, [("", {})]).append((dialect.words, dialect.hidden))
        ways = []
        for chosen in product(*axes.values()):
            merged = {key: value for _, hidden in chosen for key, value in hidden.items()}
            ways.append((", ".join(words for words, _ in chosen if words), merged))
        return tuple(sorted(ways, key=lambda way: len(way[1])))
