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


def small(size: int = 9, image_channels: int = 1) -> SimpleCNN:
    shape = (image_channels, size, size)
    return SimpleCNN(shape, 3, kernel=3, channels=(4, 6), generator=torch.Generator().manual_seed(0))


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


def test_pixels_are_stretched_to_what_the_paper_computes_from_bytes() -> None:
    pixels = torch.rand(20, 3, 9, 9)
    pixels[3, :, 0, 0], pixels[7, :, 4, 4] = 0.0, 1.0
    mean, std = torch.tensor([0.1, 0.4, 0.6]).view(3, 1, 1), torch.tensor([0.3, 0.2, 0.1]).view(3, 1, 1)
    model = small(image_channels=3)
    normalised = (pixels - mean) / std
    assert torch.equal(model.stretch(normalised), normalised), "nothing was prepared yet"
    model.stretch.prepare(normalised)
    assert torch.allclose(model.stretch(normalised), (pixels - 0.5) * 2, atol=1e-5)
    assert {"stretch.scale", "stretch.offset"} <= set(model.state_dict())


def test_a_channel_without_contrast_stays_finite() -> None:
    model = small()
    model.stretch.prepare(torch.ones(2, 1, 9, 9))
    assert model.stretch(torch.ones(1, 1, 9, 9)).unique().tolist() == [-1.0]


def test_stretching_changes_nothing_but_what_averages_see() -> None:
    """The batch's own mean and deviation undo it; running ones do too, if they are of the same weights."""
    plain, stretched = small().double(), small().double()
    images = torch.randn(50, 1, 9, 9, dtype=torch.float64)
    stretched.stretch.prepare(images)
    for model in (plain, stretched):
        for norm in (model.norm1, model.norm2, model.norm):
            norm.eps, norm.momentum = 1e-12, 1.0
    assert torch.allclose(plain(images), stretched(images), atol=1e-7)
    for model in (plain.eval(), stretched.eval()):
        model.requires_grad_(False)
    assert torch.allclose(plain(images), stretched(images), atol=1e-7)
    for model in (plain, stretched):
        model.conv1.weight.add_(0.1)
    assert not torch.allclose(plain(images), stretched(images), atol=1e-2)


def test_one_image_alone_can_be_learnt_from() -> None:
    model = small().train()
    logits = model(torch.randn(1, 1, 9, 9))
    assert torch.isfinite(logits).all()
    logits.sum().backward()
    assert model.linear.weight.grad.abs().sum() > 0


def test_images_that_leave_nothing_are_refused() -> None:
    assert small(5)(torch.zeros(2, 1, 5, 5)).shape == (2, 3)
    with pytest.raises(
        UsageError, match=r"2 unpadded 3 x 3 layers needs images of at least 5 x 5 .* got 1 x 4"
    ):
        small(4)
