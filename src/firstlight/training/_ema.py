"""The exponential moving average of the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from firstlight.recipes import EMASettings

__all__ = ["EMA", "kept_share"]


class EMA:
    """Weights that follow the trained ones, more and more slowly, and so smooth out their noise.

    As in An et al. 2020 (arXiv 2008.10400) it begins as a copy of the first weights, and only parameters are
    averaged: the statistics of batch normalisation are buffers, with a short memory of their own, and stay
    those of the trained network. A departure, off by default: ``every`` above 1 looks at the weights less
    often, and each look then counts as that many.

    Parameters
    ----------
    model
        Whose trainable parameters are followed; those frozen by now are left out.
    settings
        The most it keeps of itself, and how often it looks.
    """

    def __init__(self, model: nn.Module, settings: EMASettings) -> None:
        self.settings = settings
        self._named = {name: each for name, each in model.named_parameters() if each.requires_grad}
        self._parameters: list[Tensor] = list(self._named.values())
        self._averages = [parameter.detach().clone() for parameter in self._parameters]

    @torch.no_grad()
    def after_step(self, step: int, steps: int) -> None:
        """Take in the weights after step ``step`` of ``steps``, counted from 1; the last always counts."""
        every = self.settings.every
        if step % every and step != steps:
            return
        kept = kept_share(step, self.settings.decay) ** ((step - 1) % every + 1)
        if self._parameters:
            torch._foreach_lerp_(self._averages, self._parameters, 1 - kept)

    @torch.no_grad()
    def finish(self) -> None:
        """Put the average into the model for good: training is over."""
        for parameter, average in zip(self._parameters, self._averages, strict=True):
            parameter.copy_(average)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put the average into the model for the time of a ``with`` block."""
        trained = [parameter.detach().clone() for parameter in self._parameters]
        self.finish()
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, own in zip(self._parameters, trained, strict=True):
                    parameter.copy_(own)

    def state(self) -> dict[str, Tensor]:
        """Return the live averages, by the parameters' names."""
        return {f"average.{name}": each for name, each in zip(self._named, self._averages, strict=True)}

    @torch.no_grad()
    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        for name, value in self.state().items():
            value.copy_(state[name])


def kept_share(step: int, decay: float) -> float:
    """Return how much of itself the average keeps after step ``step``, counted from 1.

    TensorFlow's ``min(decay, (1 + step) / (10 + step))``: the first, random weights are soon forgotten.

    Examples
    --------
    >>> [round(kept_share(step, 0.999), 3) for step in (1, 10, 100, 10_000)]
    [0.182, 0.55, 0.918, 0.999]
    """
    return min(decay, (1 + step) / (10 + step))
