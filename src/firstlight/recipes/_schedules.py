"""Settings of the learning-rate schedules that recipes choose from."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.recipes._numbers import check_number

__all__ = ["Cosine", "Exponential", "ScheduleSettings", "Triangle"]


@dataclass(frozen=True)
class Triangle:
    """Up in a straight line, then down in another.

    Attributes
    ----------
    warmup
        Fraction of the steps in which the rate rises, in [0, 1).
    start, end
        Fractions of the highest rate at the two ends.
    """

    warmup: float = 0.2
    start: float = 0.0
    end: float = 0.0

    def __post_init__(self) -> None:
        check_number("warmup", self.warmup, at_least=0.0, below=1.0)
        check_number("start", self.start, at_least=0.0, at_most=1.0)
        check_number("end", self.end, at_least=0.0, at_most=1.0)


@dataclass(frozen=True)
class Cosine:
    """Up in a straight line, then down along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983).

    Attributes
    ----------
    warmup
        Fraction of the steps in which the rate rises from zero, in [0, 1).
    end
        Fraction of the highest rate at the end.
    """

    warmup: float = 0.1
    end: float = 0.0

    def __post_init__(self) -> None:
        check_number("warmup", self.warmup, at_least=0.0, below=1.0)
        check_number("end", self.end, at_least=0.0, at_most=1.0)


@dataclass(frozen=True)
class Exponential:
    """The rate is multiplied by ``decay`` after each epoch; 1 keeps it constant.

    Attributes
    ----------
    decay
        Above 0, at most 1.
    """

    decay: float = 1.0

    def __post_init__(self) -> None:
        check_number("decay", self.decay, above=0.0, at_most=1.0)


ScheduleSettings = Triangle | Cosine | Exponential
