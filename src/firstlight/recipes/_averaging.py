"""Settings for averaging a network's weights along its way."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.recipes._numbers import check_count, check_number

__all__ = ["AveragingSettings", "EMASettings", "LookaheadSettings"]


@dataclass(frozen=True)
class EMASettings:
    """An exponential moving average of the parameters, which is what is judged and kept.

    After step n (from 1) the average keeps ``min(decay, (1 + n) / (10 + n))`` of itself, as TensorFlow does.

    Attributes
    ----------
    decay
        The most it keeps of itself, in [0, 1).
    every
        Steps between two updates; each then counts as that many.
    """

    decay: float = 0.999
    every: int = 1

    def __post_init__(self) -> None:
        check_number("decay", self.decay, at_least=0.0, below=1.0)
        check_count("every", self.every)


@dataclass(frozen=True)
class LookaheadSettings:
    """Slow weights that the quick ones go back to: airbench's variant of Zhang 2019 (arXiv 1907.08610).

    Every ``every`` steps the slow weights keep ``decay ** every * (step / steps) ** 3`` of themselves, and
    the network goes on from them. At the end they are the result.

    Attributes
    ----------
    decay
        In [0, 1).
    every
        Steps between two updates.
    """

    decay: float = 0.95
    every: int = 5

    def __post_init__(self) -> None:
        check_number("decay", self.decay, at_least=0.0, below=1.0)
        check_count("every", self.every)


AveragingSettings = EMASettings | LookaheadSettings
