"""Oracle: the running statistics by hand; behaviour of a frozen scale."""

from __future__ import annotations

import torch

from firstlight.models import batch_norm


def test_the_running_mean_keeps_that_share_of_itself() -> None:
    layer = batch_norm(2, memory=0.6)
    images = torch.randn(8, 2, 3, 3, generator=torch.Generator().manual_seed(0)) + 5
    layer(images)
    layer(images + 1)
    mean = images.mean(dim=(0, 2, 3))
    torch.testing.assert_close(layer.running_mean, 0.6 * 0.4 * mean + 0.4 * (mean + 1))


def test_eps_is_added_to_the_variance() -> None:
    images = torch.tensor([[-1.0], [1.0]])[:, :, None, None]
    torch.testing.assert_close(batch_norm(1, eps=3.0)(images), images / 2)


def test_the_scale_is_learnt_or_frozen_at_one() -> None:
    images = torch.randn(8, 2, 3, 3, generator=torch.Generator().manual_seed(0))
    for learns in (True, False):
        layer = batch_norm(2, learns_scale=learns)
        layer(images).square().sum().backward()
        assert (layer.weight.grad is not None) == learns
        assert layer.bias.grad is not None
        assert torch.equal(layer.weight.detach(), torch.ones(2))
