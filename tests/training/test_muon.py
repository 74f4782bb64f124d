"""Oracles: the singular value decomposition in float64, and steps written out by hand; behaviour: it learns."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from firstlight import load
from firstlight.models import MLP
from firstlight.recipes import AdamWSettings, MuonSettings, Recipe, SGDSettings
from firstlight.training import StepDone, fit
from firstlight.training._muon import Muon, orthogonalised
from firstlight.training._optimizer import Optimizer, make_optimizer
from firstlight.training._sgd import SGD

OTHERS = SGDSettings(0.05)
SETTINGS = MuonSettings(0.1, others=OTHERS, momentum=0.8, newton_schulz_steps=5)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def quintic(values: Tensor, steps: int) -> Tensor:
    """The scalar polynomial, again and again."""
    for _ in range(steps):
        values = 3.4445 * values - 4.7750 * values**3 + 2.0315 * values**5
    return values


@pytest.mark.parametrize(("rows", "columns"), [(6, 6), (4, 30), (30, 4)])
@pytest.mark.parametrize("steps", [1, 3, 5])
def test_the_singular_values_follow_the_polynomial_and_the_vectors_stay(rows, columns, steps) -> None:
    matrices = random(3, rows, columns)
    results = orthogonalised(matrices, steps=steps)
    for matrix, result in zip(matrices, results, strict=True):
        u, s, vt = torch.linalg.svd(matrix, full_matrices=False)
        expected = u @ torch.diag(quintic(s / s.norm(), steps)) @ vt
        torch.testing.assert_close(result, expected, rtol=1e-5, atol=1e-5)


def test_five_rounds_bring_singular_values_near_one() -> None:
    u, _ = torch.linalg.qr(random(32, 32))
    v, _ = torch.linalg.qr(random(32, 32, seed=1))
    spread = torch.logspace(-1.5, 0, 32, dtype=torch.float64)
    matrix = u @ torch.diag(spread) @ v.T
    values = torch.linalg.svdvals(orthogonalised(matrix[None], steps=5)[0])
    assert 0.68 < values.min() < values.max() < 1.14
    assert spread.max() / spread.min() > 30, "they were far apart before"


def test_a_multiple_of_an_orthogonal_matrix_keeps_its_direction() -> None:
    q, _ = torch.linalg.qr(random(16, 16))
    result = orthogonalised(40 * q[None], steps=5)[0]
    torch.testing.assert_close(result / result.norm(), q / q.norm(), rtol=1e-5, atol=1e-7)


def test_zeros_stay_zeros() -> None:
    assert torch.equal(orthogonalised(torch.zeros(1, 4, 5), steps=5), torch.zeros(1, 4, 5))


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("unit_filters", [False, True])
@pytest.mark.parametrize("shape", [(8, 5), (4, 3, 3, 3)])
def test_steps_are_those_written_out_by_hand(nesterov, unit_filters, shape) -> None:
    weight = nn.Parameter(random(*shape))
    decay = 0.0 if unit_filters else 0.3
    settings = replace(SETTINGS, nesterov=nesterov, unit_filters=unit_filters, weight_decay=decay)
    muon = Muon([weight], settings, others=SGD([], OTHERS))
    expected, velocity = weight.detach().clone(), torch.zeros(shape, dtype=torch.float64)
    for step in range(4):
        gradient = random(*shape, seed=10 + step)
        weight.grad = gradient.clone()
        muon.step(0.5)
        velocity = 0.8 * velocity + gradient
        direction = gradient + 0.8 * velocity if nesterov else velocity
        u, s, vt = torch.linalg.svd(direction.reshape(shape[0], -1), full_matrices=False)
        update = u @ torch.diag(quintic(s / s.norm(), 5)) @ vt
        expected *= math.sqrt(shape[0]) / expected.norm() if unit_filters else 1 - 0.05 * 0.3
        size = math.sqrt(max(1, shape[0] / math.prod(shape[1:])))
        expected -= 0.05 * size * update.reshape(shape)
        torch.testing.assert_close(weight.detach(), expected, rtol=1e-5, atol=1e-5)


def test_matrices_of_one_shape_go_together_and_apart_alike() -> None:
    together = [nn.Parameter(random(6, 4, seed=seed)) for seed in range(3)]
    apart = [nn.Parameter(weight.detach().clone()) for weight in together]
    joint = Muon([*together, nn.Parameter(random(4, 6))], SETTINGS, others=SGD([], OTHERS))
    single = [Muon([weight], SETTINGS, others=SGD([], OTHERS)) for weight in apart]
    for seed, (one, other) in enumerate(zip(together, apart, strict=True)):
        one.grad, other.grad = random(6, 4, seed=10 + seed), random(6, 4, seed=10 + seed)
    joint.step()
    for muon in single:
        muon.step()
    torch.testing.assert_close(together, apart)


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3),
        nn.Flatten(), nn.Linear(4 * 22 * 22, 10),
    )  # fmt: skip


def with_gradients(model: nn.Module) -> nn.Module:
    for number, parameter in enumerate(model.parameters()):
        parameter.grad = random(*parameter.shape, seed=number).float()
    return model


@pytest.mark.parametrize("others", [OTHERS, AdamWSettings(0.01)])
def test_everything_else_is_trained_by_the_others(others) -> None:
    ours, theirs = with_gradients(network()), with_gradients(network())
    muon = make_optimizer(ours, replace(SETTINGS, others=others))
    other = make_optimizer(theirs, others)
    assert isinstance(muon, Muon)
    assert isinstance(muon, Optimizer)
    assert {id(parameter) for parameter in muon.parameters} == {id(each) for each in ours.parameters()}
    muon.step(0.5)
    other.step(0.5)
    same = [torch.equal(mine, his) for mine, his in zip(ours.parameters(), theirs.parameters(), strict=True)]
    names = [name for name, _ in ours.named_parameters()]
    assert [name for name, equal in zip(names, same, strict=True) if not equal] == ["2.weight", "4.weight"]


def test_a_weight_without_a_gradient_is_left_alone() -> None:
    model = with_gradients(network())
    before = model[2].weight.detach().clone()
    model[2].weight.grad = None
    make_optimizer(model, SETTINGS).step(1.0)
    assert torch.equal(model[2].weight, before)


def test_filters_may_be_channels_last() -> None:
    plain, other = with_gradients(network()), with_gradients(network())
    other.to(memory_format=torch.channels_last)
    for model in (plain, other):
        make_optimizer(model, SETTINGS).step(1.0)
    assert other[2].weight.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(list(plain.parameters()), list(other.parameters()))


def test_a_state_continues_where_it_was_taken() -> None:
    def train(model: nn.Module, optimizer: Optimizer, steps: range) -> None:
        for step in steps:
            with_gradients(model)
            optimizer.step(1 / (1 + step))

    through, model = network(), network()
    train(through, make_optimizer(through, SETTINGS), range(6))
    first = make_optimizer(model, SETTINGS)
    train(model, first, range(3))
    second = make_optimizer(model, SETTINGS)
    second.load_state({name: value.clone() for name, value in first.state().items()})
    train(model, second, range(3, 6))
    assert all(map(torch.equal, model.parameters(), through.parameters()))


def test_a_network_without_hidden_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="this model has none"):
        make_optimizer(MLP((1, 28, 28), 10, hidden=(4,)), SETTINGS)


def test_a_fixed_norm_that_shrinks_is_refused() -> None:
    with pytest.raises(ValueError, match="use unit_filters or weight_decay"):
        replace(SETTINGS, unit_filters=True, weight_decay=0.1)


def test_it_learns_digits() -> None:
    images = load("mnist")[0][:2000]
    recipe = Recipe(
        "muon", "for tests", MLP, epochs=3, batch_size=100,
        optimizer=MuonSettings(0.02, others=AdamWSettings(0.003)),
    )  # fmt: skip
    model = MLP((1, 28, 28), 10, hidden=(64, 64), generator=torch.Generator().manual_seed(0))
    losses = [
        float(event.loss) for event in fit(model, images, recipe, device="cpu") if isinstance(event, StepDone)
    ]
    assert losses[0] > 2.2
    assert sum(losses[-5:]) / 5 < 0.35
