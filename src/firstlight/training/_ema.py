"""The exponential moving average of the weights."""

from __future__ import annotations

from torch import nn

from firstlight.recipes import EMASettings
from firstlight.training._slow_weights import SlowWeights

__all__ = ["EMA", "kept_share"]


class EMA(SlowWeights):
    """Weights that follow the trained ones, more and more slowly, and so smooth out their noise.

    As in An et al. 2020 (arXiv 2008.10400) they begin as a copy of the first weights, and only parameters are
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
        super().__init__({name: each for name, each in model.named_parameters() if each.requires_grad})
        self.settings = settings

    def after_step(self, step: int, steps: int) -> None:
        """Take in the weights after step ``step`` of ``steps``, counted from 1; the last always counts."""
        every = self.settings.every
        if step % every == 0 or step == steps:
            unseen = (step - 1) % every + 1
            self.keep(kept_share(step, self.settings.decay) ** unseen)


def kept_share(step: int, decay: float) -> float:
    """Return how much of itself the average keeps after step ``step``, counted from 1.

    TensorFlow's ``min(decay, (1 + step) / (10 + step))``: the first, random weights are soon forgotten.

    Examples
    --------
    >>> [round(kept_share(step, 0.999), 3) for step in (1, 10, 100, 10_000)]
    [0.182, 0.55, 0.918, 0.999]
    """
    return min(decay, (1 + step) / (10 + step))
