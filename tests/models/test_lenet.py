"""Oracle: the layers of the paper's figure 2, written out with torch's functions; behaviour: sizes that fit or not."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models import LeNet5


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_forward_is_the_figure() -> None:
    model = LeNet5((1, 28, 28), 10, generator=seeded())
    weights = dict(model.named_parameters())
    images = torch.randn(4, 1, 28, 28)
    maps = functional.pad(images, (2, 2, 2, 2))
    for name, pixels in (("conv1", 14), ("conv2", 5)):
        maps = functional.conv2d(maps, weights[f"{name}.weight"], weights[f"{name}.bias"]).relu()
        maps = functional.max_pool2d(maps, 2)
        assert maps.shape[2:] == (pixels, pixels)
    row = maps.flatten(1)
    for name in ("linear1", "linear2"):
        row = (row @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]).relu()
    expected = row @ weights["linear3.weight"].T + weights["linear3.bias"]
    assert torch.allclose(model(images), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 48), (1, 12, 12)])
def test_any_size_that_can_be_pooled_twice_fits(shape: tuple[int, int, int]) -> None:
    assert LeNet5(shape, 7, generator=seeded())(torch.zeros(2, *shape)).shape == (2, 7)


@pytest.mark.parametrize(("shape", "classes"), [((1, 11, 28), 10), ((1, 28, 28), 1)])
def test_what_does_not_fit_is_refused(shape: tuple[int, int, int], classes: int) -> None:
    with pytest.raises(UsageError, match=r"LeNet-5 needs images of at least 12 x 12 .* and two classes; got"):
        LeNet5(shape, classes)
