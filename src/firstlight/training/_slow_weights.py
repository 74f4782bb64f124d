"""A second set of weights beside the trained one: what every kind of averaging keeps and swaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

__all__ = ["SlowWeights"]


class SlowWeights:
    """Copies of tensors of a model, which can take their place.

    Parameters
    ----------
    quick
        The model's own tensors by name; the copies begin as they are now.
    """

    def __init__(self, quick: Mapping[str, Tensor]) -> None:
        self._names = list(quick)
        self._quick = list(quick.values())
        self._slow = [tensor.detach().clone() for tensor in self._quick]

    @torch.no_grad()
    def keep(self, share: float) -> None:
        """Keep that share of the slow weights; the rest comes from the quick ones."""
        if self._slow:
            torch._foreach_lerp_(self._slow, self._quick, 1 - share)

    @torch.no_grad()
    def finish(self) -> None:
        """Put the slow weights into the model for good: training is over."""
        _overwrite(self._quick, self._slow)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put the slow weights into the model for the time of a ``with`` block."""
        quick = [tensor.detach().clone() for tensor in self._quick]
        self.finish()
        try:
            yield
        finally:
            _overwrite(self._quick, quick)

    def state(self) -> dict[str, Tensor]:
        """Return the live slow weights, by the names of the quick ones."""
        return {f"slow.{name}": slow for name, slow in zip(self._names, self._slow, strict=True)}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take over what `state` gave, copied."""
        _overwrite(self._slow, [state[name] for name in self.state()])


@torch.no_grad()
def _overwrite(targets: list[Tensor], sources: list[Tensor]) -> None:
    if targets:
        torch._foreach_copy_(targets, sources)
