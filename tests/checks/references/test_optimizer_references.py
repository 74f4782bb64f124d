"""The classic optimizers against torch.optim, Optax and pytorch_optimizer (oracles), and their dialects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from firstlight.checks.references.optimizers import OPTIMIZERS

Tensors = list[np.ndarray]
Stepped = Callable[[Tensors, list[Tensors]], Tensors]
SHAPES = ((7,), (5, 3), (2, 3, 2, 2))
STEPS = 12


def tape() -> tuple[Tensors, list[Tensors]]:
    numbers = np.random.default_rng(3)
    weights = [numbers.standard_normal(shape) for shape in SHAPES]
    return weights, [
        [numbers.standard_normal(shape) * (3.0 if step % 2 else 0.3) for shape in SHAPES]
        for step in range(STEPS)
    ]


def by_torch(optimizer: Any, **options: Any) -> Stepped:
    def stepped(weights: Tensors, grads: list[Tensors]) -> Tensors:
        params = [torch.nn.Parameter(torch.tensor(one)) for one in weights]
        made = optimizer(params, **options)
        for step in grads:
            for param, g in zip(params, step, strict=True):
                param.grad = torch.tensor(g)
            made.step()
        return [param.detach().numpy() for param in params]

    return stepped


def by_optax(transformation: Any) -> Stepped:
    def stepped(weights: Tensors, grads: list[Tensors]) -> Tensors:
        import jax

        with jax.enable_x64(True):
            state = transformation.init(weights)
            for step in grads:
                moves, state = transformation.update(step, state, weights)
                weights = [weight + np.asarray(move) for weight, move in zip(weights, moves, strict=True)]
        return weights

    return stepped


def smallest_error(name: str, options: dict[str, Any], other: Stepped) -> float:
    """The distance of the nearest accepted way of writing the reference."""
    weights, grads = tape()
    theirs = other([weight.copy() for weight in weights], grads)
    errors = []
    for _, hidden in OPTIMIZERS[name].accepted():
        ours = [weight.copy() for weight in weights]
        rule = OPTIMIZERS[name].start(options, **hidden)
        for step in grads:
            rule.step(ours, step)
        errors.append(max(float(np.abs(a - b).max()) for a, b in zip(theirs, ours, strict=True)))
    return min(errors)


BETAS = {"lr": 0.1, "beta1": 0.5, "beta2": 0.7, "eps": 0.1}
OF_TORCH: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 0.1, "weight_decay": 0.3}, {"lr": 0.1, "weight_decay": 0.3}),
    "momentum": (
        "SGD",
        {"lr": 0.1, "momentum": 0.6, "dampening": 0.3},
        {"lr": 0.1, "momentum": 0.6, "dampening": 0.3},
    ),
    "nesterov": ("SGD", {"lr": 0.1, "momentum": 0.6, "nesterov": True}, {"lr": 0.1, "momentum": 0.6}),
    "adam": (
        "Adam",
        {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1, "weight_decay": 0.3},
        {**BETAS, "weight_decay": 0.3},
    ),
    "amsgrad": ("Adam", {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1, "amsgrad": True}, BETAS),
    "adamw": (
        "AdamW",
        {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1, "weight_decay": 0.3},
        {**BETAS, "weight_decay": 0.3},
    ),
    "nadam": (
        "NAdam",
        {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1, "momentum_decay": 0.5},
        {**BETAS, "momentum_decay": 0.5},
    ),
    "radam": ("RAdam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 0.1}, {**BETAS, "beta2": 0.9}),
    "adamax": ("Adamax", {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1}, BETAS),
    "rmsprop": (
        "RMSprop",
        {"lr": 0.1, "alpha": 0.7, "eps": 0.1, "momentum": 0.6, "centered": True},
        {"lr": 0.1, "alpha": 0.7, "eps": 0.1, "momentum": 0.6, "centered": True},
    ),
    "adagrad": (
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 0.1},
        {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 0.1},
    ),
    "adadelta": ("Adadelta", {"lr": 0.5, "rho": 0.7, "eps": 0.1}, {"lr": 0.5, "rho": 0.7, "eps": 0.1}),
    "asgd": ("ASGD", {"lr": 0.1, "lambd": 0.5, "alpha": 0.6}, {"lr": 0.1, "lambd": 0.5, "alpha": 0.6}),
    "rprop": (
        "Rprop",
        {"lr": 0.1, "etas": (0.6, 1.3), "step_sizes": (0.05, 0.3)},
        {"lr": 0.1, "eta_minus": 0.6, "eta_plus": 1.3, "size_min": 0.05, "size_max": 0.3},
    ),
}
OF_OPTAX: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "sgd": ("sgd", {"learning_rate": 0.1}, {"lr": 0.1}),
    "momentum": ("sgd", {"learning_rate": 0.1, "momentum": 0.6}, {"lr": 0.1, "momentum": 0.6}),
    "nesterov": (
        "sgd",
        {"learning_rate": 0.1, "momentum": 0.6, "nesterov": True},
        {"lr": 0.1, "momentum": 0.6},
    ),
    "adam": ("adam", {"learning_rate": 0.1, "b1": 0.5, "b2": 0.7, "eps": 0.1}, BETAS),
    "amsgrad": ("amsgrad", {"learning_rate": 0.1, "b1": 0.5, "b2": 0.7, "eps": 0.1}, BETAS),
    "adamw": (
        "adamw",
        {"learning_rate": 0.1, "b1": 0.5, "b2": 0.7, "eps": 0.1, "weight_decay": 0.3},
        {**BETAS, "weight_decay": 0.3},
    ),
    "nadam": ("nadam", {"learning_rate": 0.1, "b1": 0.5, "b2": 0.7, "eps": 0.1}, BETAS),
    "radam": ("radam", {"learning_rate": 0.1, "b1": 0.5, "b2": 0.9, "eps": 0.1}, {**BETAS, "beta2": 0.9}),
    "adamax": ("adamax", {"learning_rate": 0.1, "b1": 0.5, "b2": 0.7, "eps": 0.1}, BETAS),
    "rmsprop": (
        "rmsprop",
        {"learning_rate": 0.1, "decay": 0.7, "eps": 0.1},
        {"lr": 0.1, "alpha": 0.7, "eps": 0.1},
    ),
    "adagrad": ("adagrad", {"learning_rate": 0.1, "eps": 0.1}, {"lr": 0.1, "eps": 0.1}),
    "adadelta": (
        "adadelta",
        {"learning_rate": 0.5, "rho": 0.7, "eps": 0.1},
        {"lr": 0.5, "rho": 0.7, "eps": 0.1},
    ),
    "rprop": ("rprop", {"learning_rate": 0.1}, {"lr": 0.1}),
}


@pytest.mark.parametrize("name", OF_TORCH)
def test_a_reference_steps_as_torch_does(name: str) -> None:
    theirs, given, ours = OF_TORCH[name]
    rounding = 1e-6 if name in ("nadam", "asgd") else 1e-12  # torch keeps a scalar of these in float32
    assert smallest_error(name, ours, by_torch(getattr(torch.optim, theirs), **given)) < rounding


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_OPTAX)
def test_a_reference_steps_as_optax_does(name: str) -> None:
    optax = pytest.importorskip("optax")
    theirs, given, ours = OF_OPTAX[name]
    assert smallest_error(name, ours, by_optax(getattr(optax, theirs)(**given))) < 1e-9


@pytest.mark.parametrize(
    ("theirs", "name", "given", "ours"),
    [
        ("AdaMax", "adamax", {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1}, BETAS),
        ("RAdam", "radam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 0.1}, {**BETAS, "beta2": 0.9}),
        ("AdaDelta", "adadelta", {"lr": 0.5, "rho": 0.7, "eps": 0.1}, {"lr": 0.5, "rho": 0.7, "eps": 0.1}),
    ],
)
def test_a_reference_steps_as_pytorch_optimizer_does(
    theirs: str, name: str, given: dict[str, Any], ours: dict[str, Any]
) -> None:
    library = pytest.importorskip("pytorch_optimizer")
    assert smallest_error(name, ours, by_torch(getattr(library, theirs), **given)) < 1e-9


def one_step(name: str, weight: float, grad: float, **options: Any) -> float:
    weights = [np.array([weight])]
    OPTIMIZERS[name].start(options).step(weights, [np.array([grad])])
    return float(weights[0][0])


def test_first_steps_are_those_of_the_papers() -> None:
    assert one_step("adam", 1.0, 7.0, lr=0.5, eps=0.0) == pytest.approx(0.5)
    assert one_step("adamw", 1.0, 7.0, lr=0.5, eps=0.0, weight_decay=0.2) == pytest.approx(0.9 - 0.5)
    assert one_step("adagrad", 1.0, 7.0, lr=0.5, eps=0.0) == pytest.approx(0.5)
    assert one_step("rmsprop", 1.0, 7.0, lr=0.5, eps=0.0, alpha=0.75) == pytest.approx(1 - 0.5 / 0.25**0.5)
    assert one_step("rprop", 1.0, -7.0, lr=0.5) == pytest.approx(1.5)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_each_dialect_and_suspect_is_another_formula_or_needs_other_options(name: str) -> None:
    reference = OPTIMIZERS[name]
    assert reference.source
    for words, hidden in reference.accepted():
        assert bool(words) == bool(hidden) or not hidden
        assert set(hidden) <= set(reference.hidden) | set(reference.options) | {
            "decay_kind",
            "decays_always",
            *vars(reference.start().options),
        }
    for suspect in reference.suspects:
        assert suspect.words.endswith(".")
        assert suspect.hidden or suspect.swaps


def test_maximize_turns_the_gradient() -> None:
    assert one_step("sgd", 1.0, 2.0, lr=0.1, maximize=True) == pytest.approx(1.2)


def test_a_tensor_without_gradient_stays() -> None:
    weights = [np.ones(2), np.ones(2)]
    rule = OPTIMIZERS["adamw"].start({"weight_decay": 0.3, "lr": 0.1})
    rule.step(weights, [None, np.ones(2)])
    assert weights[0].tolist() == [1.0, 1.0]
    assert weights[1][0] < 1
