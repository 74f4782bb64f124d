"""Oracle: `torch.nn.init.dirac_`; behaviour: images pass unchanged."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from firstlight.models._dirac import start_as_identity


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize(("inputs", "outputs"), [(4, 4), (4, 7), (7, 4)])
def test_the_first_filters_are_torchs_and_the_rest_stay(inputs: int, outputs: int, kernel: int) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(inputs, outputs, kernel)
    before = layer.weight.detach().clone()
    assert start_as_identity(layer) is layer
    oracle = nn.init.dirac_(torch.empty_like(before))
    shared = min(inputs, outputs)
    assert torch.equal(layer.weight[:shared], oracle[:shared])
    assert torch.equal(layer.weight[shared:], before[shared:])


def test_images_pass_and_gradients_come_back() -> None:
    torch.manual_seed(0)
    layer = start_as_identity(nn.Conv2d(3, 5, 3, padding=1, bias=False))
    images = torch.randn(2, 3, 8, 8)
    maps = layer(images)
    assert torch.equal(maps[:, :3], images)
    maps.sum().backward()
    assert layer.weight.grad is not None
