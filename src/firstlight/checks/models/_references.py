"""Networks of ours that a model may be held against."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch
from torch import nn

from firstlight.checks._given import Given
from firstlight.checks.models._subject import seeded

__all__ = ["NETWORKS", "reference_net"]

SHAPE = (1, 28, 28)


def _linear() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def _mlp() -> nn.Module:
    from firstlight.models import MLP

    return MLP(SHAPE, 10, hidden=(128,))


def _lenet() -> nn.Module:
    from firstlight.models import LeNet5

    return LeNet5(SHAPE, 10)


def _cnn() -> nn.Module:
    """Two convolutions with pooling and two linear layers, as in PyTorch's MNIST example."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "linear-model": _linear,
    "mlp": _mlp,
    "lenet": _lenet,
    "lenet5": _lenet,
    "cnn": _cnn,
}


def reference_net(given: Given, seed: int) -> nn.Module | None:
    """Return the network that ``--like`` named, freshly made; ``None`` where there is none."""
    with seeded(seed):
        if given.like is not None:
            return NETWORKS[given.like]().eval()
        if given.peer is None:
            return None
        peer = given.peer
        made = peer if isinstance(peer, nn.Module) and not inspect.isclass(peer) else peer(**given.args)
        if not isinstance(made, nn.Module):
            return None
        with torch.no_grad():
            made.eval()(torch.zeros(2, *SHAPE))  # layers that wait for a first batch get their weights
        return made
