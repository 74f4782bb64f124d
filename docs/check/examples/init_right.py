"""He's initialisation: the variance is two over the number of inputs of a unit."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def he_normal_(tensor: Tensor) -> Tensor:
    """Fill a weight [out, in, ...] in place."""
    fan_in = tensor[0].numel()
    with torch.no_grad():
        return tensor.normal_(0.0, math.sqrt(2.0 / fan_in))
