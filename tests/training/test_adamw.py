"""Oracle: `torch.optim.AdamW`, in float64, with settings that make every part of the formula count."""

from __future__ import annotations

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
        optimizer.step(rate / 0.1)
        oracle.param_groups[0]["lr"] = rate
        oracle.step()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-12)


def test_a_parameter_without_a_gradient_is_left_alone_and_not_counted() -> None:
    used, unused = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))
    late, oracle_late = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))
    ours = AdamW([used, unused, late], AdamWSettings(0.1, weight_decay=0.3))
    oracle = torch.optim.AdamW([oracle_late], lr=0.1, betas=(0.9, 0.99), weight_decay=0.3)
    for step in range(4):
        used.grad = torch.full((3,), 0.5)
        if step >= 2:
            late.grad = oracle_late.grad = torch.full((3,), 0.5)
            oracle.step()
        ours.step()
    assert torch.equal(unused, torch.ones(3))
    assert (used < 0.9).all()
    torch.testing.assert_close(late, oracle_late)


def test_frozen_parameters_are_not_trained() -> None:
    frozen = nn.Parameter(torch.ones(3), requires_grad=False)
    assert AdamW([frozen], SETTINGS[0]).parameters == []


def test_gradients_add_up_until_they_are_cleared() -> None:
    model = network()
    optimizer = AdamW(model.parameters(), SETTINGS[0])
    images = torch.ones(2, 5, dtype=torch.float64)
    model(images).sum().backward()
    once = [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]
    assert len(once) == 4
    model(images).sum().backward()
    for parameter, gradient in zip(model.parameters(), once, strict=True):
        torch.testing.assert_close(parameter.grad, 2 * gradient)
    optimizer.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())
