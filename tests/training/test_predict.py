"""Invariance: the answer depends on neither the batch size nor the model's mode, and changes neither."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from firstlight import load
from firstlight.models import MLP
from firstlight.training import predict_logits


class Noisy(nn.Module):
    """Wrong in training mode, as dropout is."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = MLP((1, 28, 28), 10, hidden=(16,))
        self.drop = nn.Dropout(0.5)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.inner(self.drop(images))
        return logits


@pytest.mark.parametrize("batch_size", [1, 7, 300])
def test_batch_size_and_mode_do_not_matter(batch_size: int) -> None:
    test = load("mnist")[1][:300]
    model = Noisy()
    assert model.training
    logits = predict_logits(model, test, batch_size=batch_size)
    assert model.training
    with torch.no_grad():
        pixels = (test.images.float() / 255 - test.mean[0]) / test.std[0]
        torch.testing.assert_close(logits, model.eval()(pixels), rtol=1e-4, atol=1e-4)
    assert logits.dtype == torch.float32
    assert not logits.requires_grad
