"""Oracle: the paper's counts, and its forward pass in torch's functions; invariance: the scale of the pixels."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models import SimpleCNN

M3 = {"kernel": 3, "channels": (32, 48, 64, 80, 96, 112, 128, 144, 160, 176)}
M5 = {"kernel": 5, "channels": (32, 64, 96, 128, 160)}
M7 = {"kernel": 7, "channels": (48, 96, 144, 192)}


def small(size: int = 9) -> SimpleCNN:
    return SimpleCNN(
        (1, size, size), 3, kernel=3, channels=(4, 6), generator=torch.Generator().manual_seed(0)
    )


@pytest.mark.parametrize(("net", "numbers"), [(M3, 1_124_180), (M5, 1_128_180), (M7, 2_291_972)])
def test_the_papers_networks_have_as_many_numbers_as_the_paper_says(net: dict, numbers: int) -> None:
    model = SimpleCNN((1, 28, 28), 10, **net)
    assert sum(parameter.numel() for parameter in model.parameters()) == numbers


def test_forward_is_the_papers() -> None:
    model = small().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
            nn.init.normal_(module.weight)
            nn.init.normal_(module.bias)
    images = torch.randn(5, 1, 9, 9)
    maps = images
    for number in (1, 2):
        maps = functional.conv2d(maps, model.get_submodule(f"conv{number}").weight)
        maps = by_hand(maps, model.get_submodule(f"norm{number}"), (1, -1, 1, 1)).relu()
    row = torch.stack([image.permute(1, 2, 0).flatten() for image in maps])
    expected = by_hand(row @ model.linear.weight.T, model.norm, (1, -1))
    assert torch.allclose(model(images), expected, atol=1e-5)
    assert torch.allclose(model.to(memory_format=torch.channels_last)(images), expected, atol=1e-5)


def by_hand(values: Tensor, norm: nn.BatchNorm1d | nn.BatchNorm2d, shape: tuple[int, ...]) -> Tensor:
    mean, scale = norm.running_mean, norm.weight / (norm.running_var + norm.eps).sqrt()
    return (values - mean.view(shape)) * scale.view(shape) + norm.bias.view(shape)


def test_no_layer_but_the_norms_has_a_bias_and_weights_start_as_torchs() -> None:
    model = small()
    assert {name for name, _ in model.named_parameters() if name.endswith("bias")} == {
        "norm1.bias", "norm2.bias", "norm.bias",
    }  # fmt: skip
    bound = 1 / (4 * 9) ** 0.5
    assert 0.9 * bound < model.get_submodule("conv2").weight.abs().max().item() <= bound


def test_images_that_leave_nothing_are_refused() -> None:
    assert small(5)(torch.zeros(2, 1, 5, 5)).shape == (2, 3)
    with pytest.raises(
        UsageError, match=r"2 unpadded 3 x 3 layers needs images of at least 5 x 5 .* got 1 x 4"
    ):
        small(4)
