"""Oracle: the same layers put together by hand, and shapes counted by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models import ConvNet, ConvStage

STAGES = (ConvStage(4), ConvStage(6, kernel=5, padding=1, pool=True), ConvStage(8))


def seeded(number: int) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def test_it_is_the_layers_written_out() -> None:
    net = ConvNet((1, 28, 28), 10, stages=STAGES, generator=seeded(1)).eval()
    images = torch.randn(5, 1, 28, 28, generator=seeded(2))
    places = images.view(5, 14, 2, 14, 2).permute(0, 2, 4, 1, 3).reshape(5, 4, 14, 14)
    first = functional.gelu(functional.conv2d(places, net.conv1.weight) / (1 + 1e-5) ** 0.5)
    pooled = functional.max_pool2d(functional.conv2d(first, net.conv2.weight, padding=1), 2)
    second = functional.gelu(pooled / (1 + 1e-5) ** 0.5)
    third = functional.gelu(functional.conv2d(second, net.conv3.weight) / (1 + 1e-5) ** 0.5)
    expected = third.flatten(1) @ net.linear.weight.T + net.linear.bias
    torch.testing.assert_close(net(images), expected, rtol=1e-4, atol=1e-5)


def test_without_blocks_the_first_filters_see_single_pixels() -> None:
    net = ConvNet((3, 15, 13), 7, stages=STAGES, blocks=False)
    assert net.conv1.weight.shape == (4, 3, 3, 3)
    assert net(torch.zeros(2, 3, 15, 13)).shape == (2, 7)
    assert isinstance(net[0], nn.Conv2d)


def test_the_generator_decides_the_first_weights_and_the_global_one_does_not() -> None:
    before = torch.get_rng_state()
    one, same, other = (ConvNet((1, 28, 28), 10, stages=STAGES, generator=seeded(n)) for n in (1, 1, 2))
    assert torch.equal(one.conv2.weight, same.conv2.weight)
    assert not torch.equal(one.conv2.weight, other.conv2.weight)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 27, 28), r"needs images with even sides; got 27 x 28"),
        ((1, 10, 28), r"at least \d+ x \d+ pixels"),
    ],
)
def test_images_that_do_not_fit_are_refused(shape: tuple[int, int, int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ConvNet(shape, 10, stages=STAGES)


def test_the_smallest_side_that_is_let_in_leaves_one_place() -> None:
    with pytest.raises(UsageError, match=r"at least 20 x 20 pixels"):
        ConvNet((1, 18, 18), 10, stages=STAGES)
    assert ConvNet((1, 20, 20), 10, stages=STAGES).linear.in_features == 8
