"""Oracle: the reference's layers in torch's functions; behaviour: what is frozen, where it begins, what fits."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models import AirbenchNet


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normalised(maps: Tensor) -> Tensor:
    mean, variance = maps.mean((0, 2, 3), keepdim=True), maps.var((0, 2, 3), correction=0, keepdim=True)
    return (maps - mean) / (variance + 1e-12).sqrt()


def test_forward_is_the_references() -> None:
    model = AirbenchNet((3, 32, 32), 10, widths=(8, 6, 12), logit_scale=0.5, generator=seeded()).double()
    model.whiten.prepare(torch.randn(50, 3, 32, 32, generator=seeded(1)).double())
    weights = model.state_dict()
    images = torch.randn(6, 3, 32, 32, generator=seeded(2)).double()
    maps = functional.gelu(functional.conv2d(images, weights["whiten.weight"], weights["whiten.bias"]))
    for group in ("group1", "group2", "group3"):
        maps = functional.conv2d(maps, weights[f"{group}.0.weight"], padding="same")
        maps = functional.gelu(normalised(functional.max_pool2d(maps, 2)))
        maps = functional.conv2d(maps, weights[f"{group}.4.weight"], padding="same")
        maps = functional.gelu(normalised(maps))
    assert maps.shape[2:] == (3, 3)
    expected = 0.5 * functional.max_pool2d(maps, 3).flatten(1) @ weights["head.weight"].T
    assert torch.allclose(model(images), expected, atol=1e-9)


def test_scales_and_filters_of_patches_are_frozen() -> None:
    model = AirbenchNet((3, 32, 32), 10, generator=seeded())
    learnt = {name for name, value in model.named_parameters() if value.requires_grad}
    assert "whiten.bias" in learnt
    assert "whiten.weight" not in learnt
    assert not any(name.endswith((".2.weight", ".5.weight")) for name in learnt)
    # The reference's network has as many: 1,972,792, of which 288 + 1,152 are frozen.
    assert sum(value.numel() for value in model.parameters()) == 1_972_792


def test_the_first_weights_are_those_asked_for() -> None:
    before = torch.random.get_rng_state()
    model = AirbenchNet((3, 32, 32), 100, head_gain=20.0, generator=seeded())
    assert torch.equal(before, torch.random.get_rng_state())
    assert model.head.weight.var().item() == pytest.approx(20 / 256, rel=0.03)
    filters = model.group1[0].weight
    assert torch.equal(filters[:24, :, 1, 1], torch.eye(24))
    assert filters[24:].abs().max().item() == pytest.approx(1 / (24 * 9) ** 0.5, rel=0.01)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 48), (1, 9, 9)])
def test_any_size_that_can_be_halved_thrice_fits(shape: tuple[int, int, int]) -> None:
    model = AirbenchNet(shape, 7, widths=(8, 8, 8), generator=seeded())
    assert model(torch.randn(2, *shape)).shape == (2, 7)


def test_smaller_images_are_refused() -> None:
    with pytest.raises(
        UsageError, match=r"airbench network needs images of at least 9 x 9 .* got 3 x 8 x 32"
    ):
        AirbenchNet((3, 8, 32), 10)
