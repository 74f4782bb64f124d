"""What the loop asks of an optimiser, and how a recipe's settings become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from firstlight.recipes import AdamWSettings, OptimizerSettings, SGDSettings
from firstlight.training._adamw import AdamW
from firstlight.training._parameters import norm_biases
from firstlight.training._sgd import SGD

__all__ = ["Optimizer", "make_optimizer"]


@runtime_checkable
class Optimizer(Protocol):
    """Moves parameters. Schedules are plain functions: the rate comes with each step."""

    parameters: list[nn.Parameter]

    def zero_grad(self) -> None:
        """Forget every gradient; the next one is then stored, not added."""
        ...

    def step(self, fraction: float) -> None:
        """Move every parameter that has a gradient once, at that fraction of the highest rate."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return the live tensors that it remembers, by name; what `load_state` needs to go on."""
        ...

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        ...


def make_optimizer(model: nn.Module, settings: OptimizerSettings) -> Optimizer:
    """Return the optimiser that a recipe asks for, over the model's trainable parameters."""
    if isinstance(settings, AdamWSettings):
        return AdamW(model.parameters(), settings)
    if isinstance(settings, SGDSettings):
        return SGD(model.parameters(), settings, norm_biases=norm_biases(model))
    raise NotImplementedError(settings)
