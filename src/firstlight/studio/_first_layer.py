"""What the first layer of a network answers to an image, before anything else is done to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from firstlight._errors import TargetError
from firstlight.prediction import Reader

__all__ = ["first_response"]


def first_response(reader: Reader, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the maps ``[maps, height, width]`` of the first layer that has weights.

    A convolution has a map for each filter; a linear layer one row with a number for each of its units.

    Parameters
    ----------
    reader
        The network and how its images are normalised.
    image
        784 bytes.

    Raises
    ------
    TargetError
        The network has no such layer, or does not use it.
    """
    layer = next((one for one in reader.model.modules() if isinstance(one, nn.Conv2d | nn.Linear)), None)
    if layer is None:
        raise TargetError(f"{reader.name} has neither a convolution nor a linear layer to look at.")
    heard: list[Tensor] = []

    def hear(_layer: nn.Module, _inputs: Any, output: Tensor) -> None:
        heard.append(output.detach())

    handle = layer.register_forward_hook(hear)
    try:
        reader.probabilities(torch.from_numpy(image.copy()).view(1, 1, 28, 28))
    finally:
        handle.remove()
    if not heard:
        raise TargetError(f"{reader.name} does not use its first layer, {type(layer).__name__}.")
    answer = heard[0][0].float()  # of several views of the image, the image as it is comes first
    shaped = answer if answer.ndim == 3 else answer.reshape(1, 1, -1)
    return np.ascontiguousarray(shaped.numpy(), dtype=np.float32)
