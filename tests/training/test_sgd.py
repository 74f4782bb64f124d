"""Oracle: `torch.optim.SGD`, in float64, with settings that make every part of the formula count."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from firstlight.recipes import SGDSettings
from firstlight.training._optimizer import Optimizer, make_optimizer
from firstlight.training._sgd import SGD

SETTINGS = [
    SGDSettings(0.1, momentum=0.0, nesterov=False),
    SGDSettings(0.1, momentum=0.0, nesterov=False, weight_decay=0.2),
    SGDSettings(0.1, momentum=0.8, nesterov=False, weight_decay=0.2),
    SGDSettings(0.1, momentum=0.8),
    SGDSettings(0.1, momentum=0.8, weight_decay=0.2),
    SGDSettings(0.02, momentum=0.8, weight_decay=0.2, norm_bias_rate=8.0),
]


def network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3)).double()


def torchs(model: nn.Sequential, settings: SGDSettings) -> torch.optim.SGD:
    """The bias of the normalisation in a group of its own: faster, but it shrinks no faster."""
    faster = [model[1].bias]
    others = [parameter for parameter in model.parameters() if parameter is not model[1].bias]
    factor = settings.norm_bias_rate
    return torch.optim.SGD(
        [
            {"params": others, "weight_decay": settings.weight_decay, "factor": 1.0},
            {"params": faster, "weight_decay": settings.weight_decay / factor, "factor": factor},
        ],
        lr=settings.learning_rate, momentum=settings.momentum, nesterov=settings.nesterov,
    )  # fmt: skip


@pytest.mark.parametrize("settings", SETTINGS)
def test_twenty_steps_are_torchs(settings: SGDSettings) -> None:
    ours, theirs = network(), network()
    optimizer, oracle = make_optimizer(ours, settings), torchs(theirs, settings)
    for step in range(20):
        images = torch.randn(7, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(step))
        fraction = 1 / (1 + step)
        for model, one in ((ours, optimizer), (theirs, oracle)):
            one.zero_grad()
            model(images).square().mean().backward()
        optimizer.step(fraction)
        for group in oracle.param_groups:
            group["lr"] = settings.learning_rate * group["factor"] * fraction
        oracle.step()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-12)


def test_biases_of_normalisation_move_faster_by_their_factor() -> None:
    slow, fast = network(), network()
    for model, factor in ((slow, 1.0), (fast, 8.0)):
        optimizer = make_optimizer(model, SGDSettings(0.01, norm_bias_rate=factor))
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        optimizer.step(1.0)
    before = network()
    torch.testing.assert_close(fast[1].bias - before[1].bias, 8 * (slow[1].bias - before[1].bias))
    assert torch.equal(fast[0].bias, slow[0].bias)
    assert torch.equal(fast[1].weight, slow[1].weight)


def test_a_parameter_without_a_gradient_is_left_alone_and_keeps_its_momentum() -> None:
    resting, oracle_resting = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))
    ours = SGD([resting], SGDSettings(0.1, weight_decay=0.3))
    oracle = torch.optim.SGD([oracle_resting], lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.3)
    for step in range(5):
        gradient = None if step in {1, 2} else torch.full((3,), 0.5)
        resting.grad = oracle_resting.grad = gradient
        before = resting.detach().clone()
        ours.step()
        oracle.step()
        assert torch.equal(resting, before) == (gradient is None)
    torch.testing.assert_close(resting, oracle_resting)


def test_frozen_parameters_are_not_trained() -> None:
    assert SGD([nn.Parameter(torch.ones(3), requires_grad=False)], SGDSettings(0.1)).parameters == []


def test_a_state_continues_where_it_was_taken() -> None:
    def moved(optimizer: SGD, parameter: nn.Parameter, steps: range) -> None:
        for step in steps:
            parameter.grad = torch.tensor([1.0, float(step)])
            optimizer.step(1 / (1 + step))

    through, parameter = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))
    moved(SGD([through], SGDSettings(0.1)), through, range(10))
    first = SGD([parameter], SGDSettings(0.1))
    moved(first, parameter, range(5))
    second = SGD([parameter], SGDSettings(0.1))
    second.load_state({name: value.clone() for name, value in first.state().items()})
    moved(second, parameter, range(5, 10))
    assert torch.equal(parameter, through)


def test_it_keeps_the_memory_format_of_filters() -> None:
    filters = nn.Parameter(torch.randn(8, 4, 3, 3).contiguous(memory_format=torch.channels_last))
    plain = nn.Parameter(filters.detach().contiguous())
    for parameter in (filters, plain):
        gradient = torch.arange(filters.numel(), dtype=torch.float32).view_as(filters)
        parameter.grad = torch.empty_like(parameter).copy_(gradient)
        SGD([parameter], SGDSettings(0.1)).step()
    assert filters.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(filters, plain)


def test_recipes_get_it() -> None:
    optimizer = make_optimizer(network(), SGDSettings(0.1))
    assert isinstance(optimizer, SGD)
    assert isinstance(optimizer, Optimizer)
