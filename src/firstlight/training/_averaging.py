"""Weights averaged along the way: what the loop asks for, and how a recipe's settings become it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from firstlight.recipes import AveragingSettings, EMASettings
from firstlight.training._ema import EMA
from firstlight.training._lookahead import Lookahead

__all__ = ["Averaging", "NoAveraging", "make_averaging"]


@runtime_checkable
class Averaging(Protocol):
    """Follows a model's weights."""

    def after_step(self, step: int, steps: int) -> None:
        """Take in the weights after step ``step`` of ``steps``, counted from 1."""
        ...

    def finish(self) -> None:
        """Put the average into the model for good: training is over."""
        ...

    def applied(self) -> AbstractContextManager[None]:
        """Put the average into the model for the time of a ``with`` block."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return the live tensors that it remembers, by name."""
        ...

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        ...


class NoAveraging:
    """The weights of the last step are the result."""

    def after_step(self, step: int, steps: int) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Leave the model as it is."""
        yield

    def state(self) -> dict[str, Tensor]:
        """Return nothing: there is nothing to remember."""
        return {}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over nothing."""


def make_averaging(model: nn.Module, settings: AveragingSettings | None) -> Averaging:
    """Return the averaging that a recipe asks for."""
    if settings is None:
        return NoAveraging()
    if isinstance(settings, EMASettings):
        return EMA(model, settings)
    return Lookahead(model, settings)
