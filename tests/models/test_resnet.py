"""Oracle: the paper's counts and torch's functions; behaviour: at first, a block mostly passes on what it gets."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.models import WideResNet


def count(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


# Table 4 of arXiv 1605.07146: 0.6, 2.2, 8.9 million parameters.
@pytest.mark.parametrize(("depth", "width", "millions"), [(40, 1, 0.6), (40, 2, 2.2), (40, 4, 8.9)])
def test_it_has_as_many_numbers_as_the_paper_says(depth: int, width: int, millions: float) -> None:
    assert count(WideResNet((3, 32, 32), 10, depth=depth, width=width)) / 1e6 == pytest.approx(
        millions, abs=0.06
    )


def test_a_block_adds_to_what_it_was_given() -> None:
    model = WideResNet((3, 8, 8), 10, depth=16, width=1, generator=torch.Generator().manual_seed(0))
    same, halved = model.blocks[1], model.blocks[2]
    maps = torch.randn(2, 16, 8, 8)
    for block in (same, halved):
        torch.nn.init.zeros_(block.conv2.weight)
    assert torch.equal(same(maps), maps)
    active = torch.relu(halved.norm1(maps))
    assert torch.allclose(halved(maps), torch.conv2d(active, halved.shortcut.weight, stride=2), atol=1e-6)
    assert halved(maps).shape == (2, 32, 4, 4)


def test_first_weights_follow_the_generator_alone() -> None:
    before = torch.random.get_rng_state()
    one, same, other = (
        WideResNet((1, 28, 28), 10, depth=10, width=1, generator=torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(map(torch.equal, one.parameters(), same.parameters()))
    assert not torch.equal(one.conv.weight, other.conv.weight)


@pytest.mark.parametrize(("depth", "width"), [(4, 1), (15, 1), (16, 0)])
def test_depths_that_make_no_blocks_are_refused(depth: int, width: int) -> None:
    with pytest.raises(UsageError, match=rf"6 n \+ 4 layers .* got depth={depth}, width={width}"):
        WideResNet((1, 28, 28), 10, depth=depth, width=width)
