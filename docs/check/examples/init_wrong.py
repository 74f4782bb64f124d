"""He's initialisation: the fan is that of the outputs."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def he_normal_(tensor: Tensor) -> Tensor:
    """Fill a weight [out, in, ...] in place."""
    fan = tensor.shape[0] * tensor[0, 0].numel()
    with torch.no_grad():
        return tensor.normal_(0.0, math.sqrt(2.0 / fan))
