"""Oracle: the layers written out by hand; behaviour: the first weights have the variance of their paper."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.models import MLP


def test_forward_is_linear_relu_linear() -> None:
    model = MLP((1, 4, 5), 3, hidden=(7,), generator=torch.Generator().manual_seed(0))
    images = torch.randn(6, 1, 4, 5)
    first, last = (model.get_submodule(name) for name in ("linear1", "linear2"))
    hidden = (images.flatten(1) @ first.weight.T + first.bias).clamp(min=0)
    assert torch.allclose(model(images), hidden @ last.weight.T + last.bias, atol=1e-6)


def test_the_articles_network_has_three_layers() -> None:
    model = MLP((1, 28, 28), 10)
    assert (
        sum(parameter.numel() for parameter in model.parameters()) == 784 * 256 + 256 * 128 + 128 * 10 + 394
    )


def test_first_weights_follow_he_and_the_generator_alone() -> None:
    before = torch.random.get_rng_state()
    one, same, other = (MLP((1, 28, 28), 10, generator=torch.Generator().manual_seed(s)) for s in (1, 1, 2))
    assert torch.equal(before, torch.random.get_rng_state())
    weights = [model.get_submodule("linear1").weight for model in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert weights[0].var().item() == pytest.approx(2 / 784, rel=0.02)
    assert one.get_submodule("linear3").weight.var().item() == pytest.approx(1 / 128, rel=0.15)
    assert not one.get_submodule("linear1").bias.any()


@pytest.mark.parametrize(("hidden", "classes"), [((0,), 10), ((-3, 5), 10), ((8,), 1)])
def test_impossible_widths_are_refused(hidden: tuple[int, ...], classes: int) -> None:
    with pytest.raises(UsageError, match="at least one unit and two classes; got"):
        MLP((1, 28, 28), classes, hidden=hidden)
