"""A network whose hidden layers lie in a plain list: only its last layer is trained, and saved."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """Three linear layers with ReLU between them."""

    def __init__(self, widths: tuple[int, ...] = (784, 64, 32)) -> None:
        super().__init__()
        self.layers = [nn.Linear(inputs, units) for inputs, units in pairwise(widths)]
        self.head = nn.Linear(widths[-1], 10)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        x = images.flatten(1)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.head(x)
