"""Logits for a whole data set."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight.datasets import ImageDataset
from firstlight.loader import batches
from firstlight.training._precision import Precision, autocast

__all__ = ["predict_logits"]


def predict_logits(
    model: nn.Module,
    dataset: ImageDataset,
    *,
    batch_size: int = 1000,
    device: torch.device | str | None = None,
    precision: Precision | None = None,
) -> Float[Tensor, "n k"]:
    """Return the model's logits for every image, in the data set's order, in float32 on the CPU.

    Runs in evaluation mode without gradients and leaves the model in the mode it was in.

    Parameters
    ----------
    model
        Takes normalised images ``[b, c, h, w]``; already on the device.
    dataset
        The images.
    batch_size
        Images at once; changes the time, not the result.
    device
        Where the model is; ``None`` looks at its first parameter.
    precision
        Of the products; ``None`` is float32. Rounded products move a logit by about a hundredth.
    """
    place = torch.device(device) if device is not None else _device_of(model)
    products = precision or Precision(torch.float32, "asked for")
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode(), autocast(place, products):
            images = batches(dataset, batch_size, device=place, dtype=products.dtype)
            parts = [model(batch).float() for batch, _ in images]
            return torch.cat(parts).cpu()
    finally:
        model.train(was_training)


def _device_of(model: nn.Module) -> torch.device:
    parameter = next(model.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device
