"""Lookahead: every few steps the network goes back towards where it was."""

from __future__ import annotations

from itertools import chain

from torch import nn

from firstlight.recipes import LookaheadSettings
from firstlight.training._slow_weights import SlowWeights

__all__ = ["Lookahead"]


class Lookahead(SlowWeights):
    """Slow weights to which the quick ones return every few steps: airbench's variant of Zhang et al. 2019.

    In the paper (arXiv 1907.08610, algorithm 1) the slow weights keep a constant share of themselves. Here,
    as in the airbench recipes (Jordan 2024, arXiv 2404.00498, section 3.4), after step t of T they keep
    ``decay ** every * (t / T) ** 3``: hardly anything at first, most of themselves at the end. The statistics
    of batch normalisation are averaged like the parameters. What remains of an optimiser's momentum is not
    touched, and quick steps after the last return are dropped at the end.

    Parameters
    ----------
    model
        Whose trainable parameters and floating-point buffers are followed.
    settings
        The share to keep, and how often.
    """

    def __init__(self, model: nn.Module, settings: LookaheadSettings) -> None:
        trained = ((name, each) for name, each in model.named_parameters() if each.requires_grad)
        measured = ((name, each) for name, each in model.named_buffers() if each.is_floating_point())
        super().__init__(dict(chain(trained, measured)))
        self.settings = settings

    def after_step(self, step: int, steps: int) -> None:
        """After every so many steps move the slow weights, and let the network go on from there."""
        if step % self.settings.every == 0:
            self.keep(self.settings.decay**self.settings.every * (step / steps) ** 3)
            self.finish()
