"""AdamW by torch's fused kernel: one pass over the memory a step.

Why not `torch.optim.AdamW`: making the first optimizer of a process imports torch's compiler, which takes
longer than training the network does (about 1.5 s). Below its classes lies a function, which we call; the
tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw

from firstlight.recipes import AdamWSettings

__all__ = ["AdamW"]


class AdamW:
    """Adam with decoupled weight decay: Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2.

    `step` takes the fraction of the highest rate: schedules are plain functions. As in torch, the decay is
    the rate times ``weight_decay`` (the paper's separate multiplier is the schedule), and a parameter without
    a gradient is left alone.

    Parameters
    ----------
    parameters
        What to train.
    settings
        Highest rate, betas, eps and weight decay.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], settings: AdamWSettings) -> None:
        self.settings = settings
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        self._means = [torch.zeros_like(parameter) for parameter in self.parameters]
        self._squares = [torch.zeros_like(parameter) for parameter in self.parameters]
        # One count for each, since the kernel counts only for parameters that have a gradient.
        self._steps = [torch.zeros((), device=parameter.device) for parameter in self.parameters]

    def zero_grad(self) -> None:
        """Forget every gradient; the next one is then stored, not added."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, fraction: float = 1.0) -> None:
        """Move every parameter that has a gradient once, against it, at that fraction of the highest rate."""
        found = [place for place, parameter in enumerate(self.parameters) if parameter.grad is not None]
        beta1, beta2 = self.settings.betas
        adamw(
            [self.parameters[place] for place in found],
            [gradient for parameter in self.parameters if (gradient := parameter.grad) is not None],
            [self._means[place] for place in found],
            [self._squares[place] for place in found],
            [],
            [self._steps[place] for place in found],
            fused=True,
            amsgrad=False,
            beta1=beta1,
            beta2=beta2,
            lr=fraction * self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
            eps=self.settings.eps,
            maximize=False,
        )

    def state(self) -> dict[str, Tensor]:
        """Return the live tensors that it remembers, by name."""
        lists = {"mean": self._means, "square": self._squares, "steps": self._steps}
        return {
            f"{name}.{place}": value for name, values in lists.items() for place, value in enumerate(values)
        }

    @torch.no_grad()
    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        for name, value in self.state().items():
            value.copy_(state[name])
