"""What the loop asks of an optimiser, and how a recipe's settings become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from firstlight.recipes import AdamWSettings, MuonSettings, OptimizerSettings, SGDSettings
from firstlight.training._adamw import AdamW
from firstlight.training._muon import Muon
from firstlight.training._parameters import hidden_weights, norm_biases
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
    """Return the optimiser that a recipe asks for, over the model's trainable parameters.

    Raises
    ------
    UsageError
        Muon is asked for, and the model has no hidden weights.
    """
    if not isinstance(settings, MuonSettings):
        return _over(model.parameters(), settings, model)
    hidden = hidden_weights(model)
    known = {id(weight) for weight in hidden}
    others = [parameter for parameter in model.parameters() if id(parameter) not in known]
    return Muon(hidden, settings, others=_over(others, settings.others, model))


def _over(
    parameters: Iterable[nn.Parameter], settings: AdamWSettings | SGDSettings, model: nn.Module
) -> AdamW | SGD:
    if isinstance(settings, SGDSettings):
        return SGD(parameters, settings, norm_biases=norm_biases(model))
    return AdamW(parameters, settings)
