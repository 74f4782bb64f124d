"""SGD with momentum by torch's fused kernel: one pass over the memory a step.

Like `AdamW` here, it calls the function below ``torch.optim.SGD``, since making an optimizer of torch's own
imports its compiler.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn
from torch.optim.sgd import sgd

from firstlight.recipes import SGDSettings

__all__ = ["SGD"]


class SGD:
    """Stochastic gradient descent with momentum, plain or Nesterov's, as torch writes it.

    With gradient g, weights w and rate r a step is ``g += decay * w; v = momentum * v + g; w -= r * v``, or
    with Nesterov ``w -= r * (g + momentum * v)``. A departure from Sutskever et al. 2013 (section 2), who put
    the rate into v: the two differ while the rate changes.

    The biases of normalisation layers may learn faster. Their weights shrink no faster for that: their decay
    is divided by what their rate is multiplied by, as in the airbench recipes.

    Those recipes give a rate R and a decay D for 1,024 images and make them independent of momentum m and of
    batch size b. For the mean loss over a batch, which is ours, that is
    ``learning_rate = R * b / 1024 / (1 + 1 / (1 - m))`` and ``weight_decay = D / R``.

    Parameters
    ----------
    parameters
        What to train; those frozen by now are left out.
    settings
        Highest rate, momentum, decay.
    norm_biases
        Those of the parameters that learn ``norm_bias_rate`` times faster.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        settings: SGDSettings,
        *,
        norm_biases: Iterable[nn.Parameter] = (),
    ) -> None:
        self.settings = settings
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        self._velocities = [torch.zeros_like(parameter) for parameter in self.parameters]
        fast = {id(bias) for bias in norm_biases}
        self._factors = [
            settings.norm_bias_rate if id(parameter) in fast else 1.0 for parameter in self.parameters
        ]

    def zero_grad(self) -> None:
        """Forget every gradient; the next one is then stored, not added."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, fraction: float = 1.0) -> None:
        """Move every parameter that has a gradient once, at that fraction of the highest rate."""
        settings = self.settings
        for factor in sorted(set(self._factors)):
            parameters, gradients, velocities = self._group(factor)
            sgd(
                parameters,
                gradients,
                velocities,
                fused=True,
                lr=fraction * settings.learning_rate * factor,
                momentum=settings.momentum,
                nesterov=settings.nesterov,
                weight_decay=settings.weight_decay / factor,
                dampening=0.0,
                maximize=False,
            )

    def state(self) -> dict[str, Tensor]:
        """Return the live tensors that it remembers, by name."""
        return {f"velocity.{place}": value for place, value in enumerate(self._velocities)}

    @torch.no_grad()
    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        for name, value in self.state().items():
            value.copy_(state[name])

    def _group(self, factor: float) -> tuple[list[Tensor], list[Tensor], list[Tensor | None]]:
        """Return what belongs to that rate and has a gradient: parameters, gradients, velocities."""
        parameters: list[Tensor] = []
        gradients: list[Tensor] = []
        velocities: list[Tensor | None] = []
        for parameter, velocity, own in zip(self.parameters, self._velocities, self._factors, strict=True):
            if own == factor and parameter.grad is not None:
                parameters.append(parameter)
                gradients.append(parameter.grad)
                velocities.append(velocity)
        return parameters, gradients, velocities
