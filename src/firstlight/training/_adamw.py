"""AdamW on one flat buffer: a handful of vector operations a step, however many tensors a model has.

Why not `torch.optim.AdamW`: making the first optimizer of a process imports torch's compiler, which takes as
long as training the network does (about 1.5 s), and its loop over tensors is slower for small networks.
`torch.optim.AdamW` is the oracle in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from firstlight.recipes import AdamWSettings

__all__ = ["AdamW"]


class AdamW:
    """Adam with decoupled weight decay: Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2.

    Moves the parameters and their gradients into two flat buffers; each parameter becomes a view. The rate is
    an argument of `step`: schedules are plain functions. As in torch, the decay is the rate times
    ``weight_decay`` (the paper's separate multiplier is the schedule).

    Parameters
    ----------
    parameters
        Of one dtype, on one device.
    settings
        Betas, eps and weight decay; its learning rate is not used here.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], settings: AdamWSettings) -> None:
        self.settings = settings
        self.values, self.gradient = _flatten(list(parameters))
        self._mean = torch.zeros_like(self.values)
        self._square = torch.zeros_like(self.values)
        self._steps = 0

    def zero_grad(self) -> None:
        """Set every gradient to zero, in place."""
        self.gradient.zero_()

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Move every parameter once, against its gradient."""
        (beta1, beta2), gradient = self.settings.betas, self.gradient
        self._steps += 1
        self._mean.lerp_(gradient, 1 - beta1)
        self._square.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        if self.settings.weight_decay:
            self.values.mul_(1 - learning_rate * self.settings.weight_decay)
        spread = self._square.sqrt().div_(math.sqrt(1 - beta2**self._steps)).add_(self.settings.eps)
        self.values.addcdiv_(self._mean, spread, value=-learning_rate / (1 - beta1**self._steps))


def _flatten(parameters: list[nn.Parameter]) -> tuple[Tensor, Tensor]:
    values = torch.cat([parameter.detach().flatten() for parameter in parameters])
    gradient = torch.zeros_like(values)
    sizes = [parameter.numel() for parameter in parameters]
    for parameter, value, slope in zip(
        parameters, torch.split(values, sizes), torch.split(gradient, sizes), strict=True
    ):
        parameter.data = value.view_as(parameter)
        parameter.grad = slope.view_as(parameter)
    return values, gradient
