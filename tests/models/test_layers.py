"""Oracle: torch's own first weights, by their range and variance; invariance: the global generator stays put."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import nn

from firstlight.models._layers import conv, linear

MAKERS = pytest.mark.parametrize(
    ("make", "inputs"),
    [
        (lambda **given: linear(400, 300, **given), 400),
        (lambda **given: conv(40, 300, 3, bias=True, **given), 360),
    ],
    ids=["linear", "conv"],
)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@MAKERS
def test_without_a_gain_weights_are_torchs(make: Callable[..., nn.Linear], inputs: int) -> None:
    layer = make(generator=seeded())
    for values in (layer.weight, layer.bias):
        assert values.abs().max().item() == pytest.approx(1 / math.sqrt(inputs), rel=0.02)
        assert values.var().item() == pytest.approx(1 / (3 * inputs), rel=0.15)
    ours = layer.weight.var().item()
    layer.reset_parameters()
    assert layer.weight.var().item() == pytest.approx(ours, rel=0.02)


@MAKERS
def test_a_gain_sets_the_variance_and_clears_the_bias(make: Callable[..., nn.Linear], inputs: int) -> None:
    layer = make(gain=2.0, generator=seeded())
    assert layer.weight.var().item() == pytest.approx(2 / inputs, rel=0.02)
    assert layer.weight.abs().max().item() > 3 * math.sqrt(2 / inputs)
    assert not layer.bias.any()


@MAKERS
def test_the_generator_alone_decides(make: Callable[..., nn.Linear], inputs: int) -> None:
    before = torch.random.get_rng_state()
    one, same, other = (make(generator=seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.equal(one.weight, same.weight)
    assert torch.equal(one.bias, same.bias)
    assert not torch.equal(one.weight, other.weight)


def test_a_convolution_has_the_form_that_was_asked_for() -> None:
    layer = conv(3, 8, 5, stride=2, padding=2, generator=seeded())
    assert layer.bias is None
    assert layer(torch.zeros(2, 3, 28, 28)).shape == (2, 8, 14, 14)
    assert layer.weight.requires_grad
