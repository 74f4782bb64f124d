"""Oracle: `torch.optim.AdamW`, in float64, with settings that make every part of the formula count."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from firstlight.recipes import AdamWSettings
from firstlight.training._adamw import AdamW

SETTINGS = [
    AdamWSettings(0.1),
    AdamWSettings(0.1, betas=(0.5, 0.7)),
    AdamWSettings(0.1, betas=(0.0, 0.9), eps=0.1),
    AdamWSettings(0.1, eps=0.1, weight_decay=0.3),
]


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)).double()


@pytest.mark.parametrize("settings", SETTINGS)
def test_twenty_steps_are_torchs(settings: AdamWSettings) -> None:
    ours, theirs = network(), network()
    optimizer = AdamW(ours.parameters(), settings)
    oracle = torch.optim.AdamW(
        theirs.parameters(), betas=settings.betas, eps=settings.eps, weight_decay=settings.weight_decay
    )
    for step in range(20):
        images = torch.randn(7, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(step))
        rate = 0.1 / (1 + step)
        for model, one in ((ours, optimizer), (theirs, oracle)):
            one.zero_grad()
            model(images).square().mean().backward()
        optimizer.step(rate)
        oracle.param_groups[0]["lr"] = rate
        oracle.step()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-12)


def test_the_model_is_the_buffer() -> None:
    model = network()
    before = copy.deepcopy(model)
    optimizer = AdamW(model.parameters(), SETTINGS[0])
    for mine, other in zip(model.parameters(), before.parameters(), strict=True):
        assert torch.equal(mine, other)
    optimizer.values.zero_()
    assert not any(parameter.any() for parameter in model.parameters())


def test_gradients_add_up_until_they_are_cleared() -> None:
    model = network()
    optimizer = AdamW(model.parameters(), SETTINGS[0])
    images = torch.ones(2, 5, dtype=torch.float64)
    model(images).sum().backward()
    once = optimizer.gradient.clone()
    model(images).sum().backward()
    torch.testing.assert_close(optimizer.gradient, 2 * once)
    optimizer.zero_grad()
    assert not optimizer.gradient.any()
    assert once.any()
