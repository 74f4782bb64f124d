"""Oracle: torch's attention; invariance: a transformer that knows no places does not see the patches' order."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models import ViT


def small(**settings: int) -> ViT:
    return ViT((1, 8, 8), 10, width=16, depth=2, **settings, generator=torch.Generator().manual_seed(0))


def test_attention_is_torchs() -> None:
    block = small().blocks[0]
    words = torch.randn(3, 5, 16)
    three = block.look(words).unflatten(2, (3, 4, 4)).permute(2, 0, 3, 1, 4)
    expected = functional.scaled_dot_product_attention(*three).transpose(1, 2).flatten(2)
    assert torch.allclose(block._attention(words), expected, atol=1e-6)


def test_only_places_tell_patches_apart() -> None:
    model = small().eval()
    images = torch.randn(2, 1, 8, 8)
    swapped = images.roll(4, dims=3)  # two patches a row: left and right change places
    with torch.no_grad():
        assert not torch.allclose(model(images), model(swapped), atol=1e-4)
        model.places.zero_()
        assert torch.allclose(model(images), model(swapped), atol=1e-5)


def test_first_weights_follow_the_generator_alone() -> None:
    before = torch.random.get_rng_state()
    one, same = small(), small()
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(map(torch.equal, one.parameters(), same.parameters()))
    assert one.blocks[0].answer.weight.var().item() == pytest.approx(1 / (32 * 4), rel=0.2)


def test_it_has_about_210_thousand_numbers() -> None:
    assert sum(parameter.numel() for parameter in ViT((1, 28, 28), 10).parameters()) == 205834


@pytest.mark.parametrize("settings", [{"patch": 3}, {"heads": 5}])
def test_sizes_that_do_not_divide_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=r"patches that fill the image, and heads that share its width; got"):
        small(**settings)
