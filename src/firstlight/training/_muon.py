"""Muon: momentum whose step is made orthogonal, for the weights between hidden units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import UsageError
from firstlight.recipes import MuonSettings
from firstlight.training._adamw import AdamW
from firstlight.training._sgd import SGD

__all__ = ["Muon", "orthogonalised"]

# Of the polynomial a x + b x^3 + c x^5, chosen by Jordan et al. for a steep start: small singular values
# grow 3.4-fold each round. It never converges, but after a few rounds all values lie between 0.68 and 1.21.
_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon:
    """Momentum, made orthogonal by Newton-Schulz: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon.

    A filter bank ``[out, in, kh, kw]`` counts as the matrix ``[out, in * kh * kw]``. Matrices of equal shape
    are orthogonalised together. A step has the size of the rate times ``sqrt(max(1, out / in))``, as in the
    reference. With ``unit_filters`` each matrix is first brought to the norm ``sqrt(out)``, as in
    airbench94_muon, so that the rate is a relative change; that is for weights whose size does not matter,
    because a normalisation follows.

    A departure: the products are in bfloat16 on a GPU, as in the reference, but on a CPU in the weights' own
    precision, since matrices this small gain nothing there.

    Parameters
    ----------
    hidden
        Matrices and filters, each with at least two axes.
    settings
        Highest rate, momentum, rounds.
    others
        Trains everything else; it gets the same fraction of its own highest rate.

    Raises
    ------
    UsageError
        There is no hidden weight.
    """

    def __init__(
        self, hidden: Iterable[nn.Parameter], settings: MuonSettings, *, others: AdamW | SGD
    ) -> None:
        self.settings = settings
        self.others = others
        self._hidden = [weight for weight in hidden if weight.requires_grad]
        if not self._hidden:
            raise UsageError(
                "Muon trains the weights between hidden units, and this model has none (it takes at least "
                "three layers, and not all of them frozen). Use AdamWSettings or SGDSettings."
            )
        self.parameters = [*self._hidden, *others.parameters]
        self._velocities = [torch.zeros_like(weight) for weight in self._hidden]

    def zero_grad(self) -> None:
        """Forget every gradient; the next one is then stored, not added."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, fraction: float = 1.0) -> None:
        """Move every parameter that has a gradient once, at that fraction of the highest rate."""
        rate = fraction * self.settings.learning_rate
        for weights, gradients, velocities in self._groups():
            updates = self._updates(gradients, velocities)
            rows, columns = updates.shape[1:]
            size = rate * math.sqrt(max(1.0, rows / columns))
            for weight, update in zip(weights, updates.unbind(), strict=True):
                self._resize(weight, rate)
                weight.sub_(update.view_as(weight), alpha=size)
        self.others.step(fraction)

    def state(self) -> dict[str, Tensor]:
        """Return the live tensors that it remembers, by name."""
        own = {f"velocity.{place}": value for place, value in enumerate(self._velocities)}
        return own | {f"others.{name}": value for name, value in self.others.state().items()}

    @torch.no_grad()
    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        for place, value in enumerate(self._velocities):
            value.copy_(state[f"velocity.{place}"])
        prefix = "others."
        self.others.load_state(
            {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
        )

    def _groups(self) -> Iterable[tuple[list[Tensor], list[Tensor], list[Tensor]]]:
        """Return weights that have a gradient, with gradients and velocities, those of one shape together."""
        groups: dict[torch.Size, tuple[list[Tensor], list[Tensor], list[Tensor]]] = {}
        for weight, velocity in zip(self._hidden, self._velocities, strict=True):
            if weight.grad is not None:
                group = groups.setdefault(weight.flatten(1).shape, ([], [], []))
                for part, value in zip(group, (weight, weight.grad, velocity), strict=True):
                    part.append(value)
        return groups.values()

    def _updates(self, gradients: list[Tensor], velocities: list[Tensor]) -> Float[Tensor, "n rows columns"]:
        """Take the gradients into the velocities; return the directions to go in, as orthogonal matrices."""
        momentum = self.settings.momentum
        torch._foreach_mul_(velocities, momentum)
        torch._foreach_add_(velocities, gradients)
        directions = velocities
        if self.settings.nesterov:
            directions = list(torch._foreach_add(gradients, velocities, alpha=momentum))
        stacked = torch.stack([direction.flatten(1) for direction in directions])
        return orthogonalised(stacked, steps=self.settings.newton_schulz_steps)

    def _resize(self, weight: Tensor, rate: float) -> None:
        if self.settings.unit_filters:
            weight.mul_(math.sqrt(len(weight)) / weight.norm())
        elif self.settings.weight_decay:
            weight.mul_(1 - rate * self.settings.weight_decay)


def orthogonalised(
    matrices: Float[Tensor, "n rows columns"], *, steps: int
) -> Float[Tensor, "n rows columns"]:
    """Return matrices with about the same singular vectors and singular values near one.

    Newton-Schulz with the quintic polynomial of Jordan et al. 2024: products of matrices only, no
    decomposition. Of each matrix U S V^T every singular value s becomes p(p(...p(s / |S|))) with
    ``p(x) = 3.4445 x - 4.7750 x^3 + 2.0315 x^5``: after five rounds it lies within [0.68, 1.14] if it was at
    least a hundredth of the norm |S|. A matrix of zeros stays so.

    Parameters
    ----------
    matrices
        On a GPU they are rounded to bfloat16 for the products; the result has their own dtype.
    steps
        Rounds, at least 1.

    Examples
    --------
    >>> orthogonalised(0.01 * torch.eye(4)[None], steps=5).diagonal(dim1=1, dim2=2)
    tensor([[0.7655, 0.7655, 0.7655, 0.7655]])
    """
    x = matrices.bfloat16() if matrices.is_cuda else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    is_tall = x.shape[1] > x.shape[2]  # the smaller square is the cheaper one
    x = x.mT if is_tall else x
    for _ in range(steps):
        square = x @ x.mT
        x = _A * x + (_B * square + _C * square @ square) @ x
    result: Tensor = x.mT if is_tall else x
    return result.to(matrices.dtype)
