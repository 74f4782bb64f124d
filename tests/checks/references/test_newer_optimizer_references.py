"""Newer optimizers against pytorch_optimizer, Optax and torch (oracles), and against steps worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from firstlight.checks.references.optimizers import OPTIMIZERS

SHAPES = ((7,), (5, 3), (4, 3, 3, 3))
MATRICES = ((5, 3), (3, 5))
Stepped = Callable[[list[np.ndarray], list[list[np.ndarray]]], list[np.ndarray]]


def tape(
    shapes: tuple[tuple[int, ...], ...], count: int = 8
) -> tuple[list[np.ndarray], list[list[np.ndarray]]]:
    numbers = np.random.default_rng(0)
    params = [numbers.standard_normal(shape) for shape in shapes]
    sizes = [1.0 if step % 3 else 5.0 for step in range(count)]
    return params, [[size * numbers.standard_normal(shape) for shape in shapes] for size in sizes]


def by_torch(optimizer: Any, **options: Any) -> Stepped:
    def stepped(params: list[np.ndarray], grads: list[list[np.ndarray]]) -> list[np.ndarray]:
        weights = [torch.nn.Parameter(torch.tensor(one)) for one in params]
        made = optimizer(weights, **options)
        if hasattr(made, "train"):
            made.train()
        for step in grads:
            for weight, gradient in zip(weights, step, strict=True):
                weight.grad = torch.tensor(gradient)
            made.step()
        return [weight.detach().numpy() for weight in weights]

    return stepped


def by_optax(transformation: Any) -> Stepped:
    def stepped(params: list[np.ndarray], grads: list[list[np.ndarray]]) -> list[np.ndarray]:
        import jax
        import optax

        with jax.enable_x64(True):
            weights: Any = [jax.numpy.asarray(one) for one in params]
            state, update = transformation.init(weights), jax.jit(transformation.update)
            for step in grads:
                moves, state = update([jax.numpy.asarray(one) for one in step], state, weights)
                weights = optax.apply_updates(weights, moves)
            return [np.asarray(one) for one in weights]

    return stepped


def smallest_error(
    name: str, options: dict[str, Any], other: Stepped, shapes: tuple[tuple[int, ...], ...] = SHAPES
) -> float:
    """Return the error of the accepted way that is nearest, relative to how far the weights went."""
    params, grads = tape(shapes)
    wanted = other(params, grads)
    errors = []
    for _, hidden in OPTIMIZERS[name].accepted():
        ours = [one.copy() for one in params]
        rule = OPTIMIZERS[name].start(options, **hidden)
        for step in grads:
            rule.step(ours, step)
        pairs = zip(ours, wanted, params, strict=True)
        errors.append(max(float(np.abs(a - b).max() / np.abs(a - p).max()) for a, b, p in pairs))
    return min(errors)


ADAM = {"lr": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 0.1}
THEIRS = {"lr": 0.1, "betas": (0.8, 0.9), "eps": 0.1}
DECAY = {"weight_decay": 0.3}

PO_CASES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "lion": ("Lion", "lion", {"lr": 0.1, "beta1": 0.8, "beta2": 0.6, **DECAY}, {"lr": 0.1, "betas": (0.8, 0.6), **DECAY}),
    "tiger": ("Tiger", "tiger", {"lr": 0.1, "momentum": 0.7, **DECAY}, {"lr": 0.1, "beta": 0.7, **DECAY}),
    "signum": ("SignSGD", "sign-sgd", {"lr": 0.1, "momentum": 0.7, "decoupled": True, **DECAY}, {"lr": 0.1, "momentum": 0.7, **DECAY}),
    "adabelief": ("AdaBelief", "adabelief", {**ADAM, **DECAY, "decoupled": True}, {**THEIRS, **DECAY}),
    "lars": ("LARS", "lars", {"lr": 0.5, "momentum": 0.8, "trust_coefficient": 0.1, **DECAY}, {"lr": 0.5, "momentum": 0.8, "trust_coefficient": 0.1, **DECAY}),
    "yogi": ("Yogi", "yogi", {**ADAM, "initial_accumulator": 0.01, **DECAY, "decoupled": True}, {**THEIRS, "initial_accumulator": 0.01, **DECAY}),
    "adan": ("Adan", "adan", {**ADAM, "beta2": 0.7, "beta3": 0.9, **DECAY}, {**THEIRS, "betas": (0.8, 0.7, 0.9), **DECAY}),
    "adan, decoupled": ("Adan", "adan", {**ADAM, "beta2": 0.7, "beta3": 0.9, **DECAY}, {**THEIRS, "betas": (0.8, 0.7, 0.9), **DECAY, "weight_decouple": True}),
    "adopt": ("ADOPT", "adopt", {**ADAM, **DECAY}, {**THEIRS, **DECAY}),
    "adabound": ("AdaBound", "adabound", {**ADAM, "final_lr": 0.3, "gamma": 0.1}, {**THEIRS, "final_lr": 0.3, "gamma": 0.1}),
    "amsbound": ("AdaBound", "amsbound", {**ADAM, "final_lr": 0.3, "gamma": 0.1}, {**THEIRS, "final_lr": 0.3, "gamma": 0.1, "ams_bound": True}),
    "schedule-free": ("ScheduleFreeSGD", "schedule-free", {"lr": 0.1, "momentum": 0.7, **DECAY}, {"lr": 0.1, "momentum": 0.7, **DECAY}),
    "schedule-free-adamw": ("ScheduleFreeAdamW", "schedule-free-adamw", {**ADAM, **DECAY}, {**THEIRS, **DECAY}),
    "adafactor": (
        "AdaFactor",
        "adafactor",
        {"lr": 0.3, "beta2_decay": -0.5, "d": 0.5, "eps1": 1e-3, "eps2": 0.5},
        {"lr": 0.3, "betas": (None, 0.99999), "decay_rate": -0.5, "clip_threshold": 0.5, "eps1": 1e-3, "eps2": 0.5, "relative_step": False},
    ),
    "adamp": ("AdamP", "adamp", {**ADAM, **DECAY}, {**THEIRS, **DECAY}),
    "adamp, always projected": ("AdamP", "adamp", {**ADAM, **DECAY, "delta": 9.0}, {**THEIRS, **DECAY, "delta": 9.0}),
    "sgdp": ("SGDP", "sgdp", {"lr": 0.1, "momentum": 0.7, "delta": 9.0, **DECAY}, {"lr": 0.1, "momentum": 0.7, "delta": 9.0, **DECAY}),
}  # fmt: skip


@pytest.mark.parametrize("case", PO_CASES)
@pytest.mark.filterwarnings("ignore")
def test_as_pytorch_optimizer(case: str) -> None:
    library = pytest.importorskip("pytorch_optimizer", exc_type=ImportError)
    theirs, name, ours, options = PO_CASES[case]
    assert smallest_error(name, ours, by_torch(getattr(library, theirs), **options)) < 1e-7


OPTAX_CASES: dict[str, tuple[str, dict[str, Any], Callable[[Any], Any]]] = {
    "lion": ("lion", {"lr": 0.1, "beta1": 0.8, "beta2": 0.6, **DECAY}, lambda x: x.lion(0.1, b1=0.8, b2=0.6, weight_decay=0.3)),
    "sign-sgd": ("sign-sgd", {"lr": 0.1}, lambda x: x.sign_sgd(0.1)),
    "adabelief": ("adabelief", {**ADAM, "eps_root": 0.2}, lambda x: x.adabelief(0.1, b1=0.8, b2=0.9, eps=0.1, eps_root=0.2)),
    "lamb": ("lamb", {**ADAM, **DECAY}, lambda x: x.lamb(0.1, b1=0.8, b2=0.9, eps=0.1, weight_decay=0.3)),
    "lars": (
        "lars",
        {"lr": 0.5, "momentum": 0.8, "trust_coefficient": 0.1, "eps": 0.1, **DECAY},
        lambda x: x.lars(0.5, weight_decay=0.3, trust_coefficient=0.1, eps=0.1, momentum=0.8),
    ),
    "yogi": (
        "yogi",
        {**ADAM, "initial_accumulator": 0.01},
        lambda x: x.chain(x.scale_by_yogi(b1=0.8, b2=0.9, eps=0.1, initial_accumulator_value=0.01), x.scale(-0.1)),
    ),
    "adopt": ("adopt", ADAM, lambda x: x.contrib.adopt(0.1, b1=0.8, b2=0.9, eps=0.1)),
    "schedule-free": ("schedule-free", {"lr": 0.1, "momentum": 0.7}, lambda x: x.contrib.schedule_free_sgd(0.1, b1=0.7)),
    "schedule-free-adamw": ("schedule-free-adamw", ADAM, lambda x: x.contrib.schedule_free_adamw(0.1, b1=0.8, b2=0.9, eps=0.1)),
    "nadamw": ("nadamw", {**ADAM, **DECAY}, lambda x: x.nadamw(0.1, b1=0.8, b2=0.9, eps=0.1, weight_decay=0.3)),
}  # fmt: skip


@pytest.mark.parametrize("case", OPTAX_CASES)
@pytest.mark.filterwarnings("ignore")
def test_as_optax(case: str) -> None:
    library = pytest.importorskip("optax", exc_type=ImportError)
    name, ours, made = OPTAX_CASES[case]
    assert smallest_error(name, ours, by_optax(made(library))) < 1e-7


@pytest.mark.filterwarnings("ignore")
def test_muon_as_optax() -> None:
    library = pytest.importorskip("optax", exc_type=ImportError)
    theirs = by_optax(library.contrib.muon(0.1, beta=0.8, eps=1e-7))
    assert smallest_error("muon", {"lr": 0.1, "momentum": 0.8}, theirs, MATRICES) < 1e-7


@pytest.mark.filterwarnings("ignore")
def test_muon_as_torch_up_to_its_bfloat16() -> None:
    theirs = by_torch(torch.optim.Muon, lr=0.1, momentum=0.8, weight_decay=0.1)
    options = {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.1}
    assert smallest_error("muon", options, theirs, MATRICES) < 4e-2


def test_adafactor_and_nadamw_as_torch() -> None:
    theirs = by_torch(
        torch.optim.Adafactor,
        lr=0.3,
        beta2_decay=-0.5,
        d=1.0,
        eps=(1e-3, 0.5),
        weight_decay=0.1,
        foreach=False,
    )
    options = {"lr": 0.3, "beta2_decay": -0.5, "d": 1.0, "eps1": 1e-3, "eps2": 0.5, "weight_decay": 0.1}
    assert smallest_error("adafactor", options, theirs) < 1e-7
    nadam = by_torch(torch.optim.NAdam, **THEIRS, **DECAY, momentum_decay=0.1, decoupled_weight_decay=True)
    assert smallest_error("nadamw", {**ADAM, **DECAY, "momentum_decay": 0.1}, nadam) < 1e-6


def first_steps(name: str, gradients: list[float], **options: Any) -> list[float]:
    """Return where one weight that begins at 1 is after each step."""
    weight, found = [np.array([1.0])], []
    rule = OPTIMIZERS[name].start({"weight_decay": 0.0, **options})
    for gradient in gradients:
        rule.step(weight, [np.array([gradient])])
        found.append(float(weight[0][0]))
    return found


def test_lamb_by_hand() -> None:
    # Both averages are corrected, so the first r is 1; |p| = 1, so the first step is lr itself.
    assert first_steps("lamb", [3.0], lr=0.25, eps=0.0) == pytest.approx([0.75])


def test_adan_by_hand() -> None:
    # Step 2, all b = 0.5: d = 1, m = 0.75 (of 1, 2: (0.5 + 1) / 1.5 / ... corrected 1.6667), as the paper's formula.
    m, v = (0.25 * 1 + 0.5 * 2) / 0.75, (0.5 * 1.0) / 0.75
    n = (0.25 * 1 + 0.5 * (2 + 0.5 * 1) ** 2) / 0.75
    second = 1 - 0.1 - 0.1 * (m + 0.5 * v) / n**0.5
    found = first_steps("adan", [1.0, 2.0], lr=0.1, beta1=0.5, beta2=0.5, beta3=0.5, eps=0.0)
    assert found == pytest.approx([0.9, second])


def test_sophia_by_hand() -> None:
    # m = 0.5 * 2 = 1, h = 0.5 * 4 = 2: 1 / (0.25 * 2) = 2 is clipped to 1; with rho = 1 it is 0.5.
    options = {"lr": 0.1, "beta1": 0.5, "beta2": 0.5, "eps": 0.0}
    assert first_steps("sophia", [2.0], rho=0.25, **options) == pytest.approx([0.9])
    assert first_steps("sophia", [2.0], rho=1.0, **options) == pytest.approx([0.95])


def test_lion_does_not_go_with_the_size_of_gradients() -> None:
    assert first_steps("lion", [1e-9, 1e9], lr=0.25) == [0.75, 0.5]
