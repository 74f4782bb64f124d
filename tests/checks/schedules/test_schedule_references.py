"""References of schedules against torch and Optax (oracles) and against numbers worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from firstlight.checks.references.schedules import SCHEDULES
from firstlight.checks.schedules._forms import new_optimizer, steps_of

SCHEDULERS = torch.optim.lr_scheduler

TORCH_CASES: dict[str, tuple[str, dict[str, Any], Callable[[Any], Any]]] = {
    "constant": ("constant", {"factor": 0.5, "total": 7}, lambda o: SCHEDULERS.ConstantLR(o, 0.5, 7)),
    "step": ("step", {"step_size": 7, "gamma": 0.3}, lambda o: SCHEDULERS.StepLR(o, 7, 0.3)),
    "multi-step": ("multi-step", {"milestones": (4, 9), "gamma": 0.3}, lambda o: SCHEDULERS.MultiStepLR(o, [4, 9], 0.3)),
    "exponential": ("exponential", {"gamma": 0.9}, lambda o: SCHEDULERS.ExponentialLR(o, 0.9)),
    "linear": ("linear", {"start_factor": 0.2, "min_lr": 0.45, "total": 12}, lambda o: SCHEDULERS.LinearLR(o, 0.2, 0.9, 12)),
    "polynomial": ("polynomial", {"total": 25, "power": 2.0}, lambda o: SCHEDULERS.PolynomialLR(o, 25, 2.0)),
    "cosine": ("cosine", {"total": 25, "min_lr": 0.1}, lambda o: SCHEDULERS.CosineAnnealingLR(o, 25, 0.1)),
    "restarts": (
        "cosine-restarts",
        {"period": 4, "multiplier": 2, "min_lr": 0.1},
        lambda o: SCHEDULERS.CosineAnnealingWarmRestarts(o, 4, 2, 0.1),
    ),
    "one-cycle": ("one-cycle", {"total": 25}, lambda o: SCHEDULERS.OneCycleLR(o, 0.5, 25)),
    "one-cycle, three phases": (
        "one-cycle",
        {"total": 25, "pct_start": 0.4, "three_phase": True, "anneal": "linear"},
        lambda o: SCHEDULERS.OneCycleLR(o, 0.5, 25, pct_start=0.4, three_phase=True, anneal_strategy="linear"),
    ),
    "cyclic": ("cyclic", {"min_lr": 0.1, "up": 5, "down": 3}, lambda o: SCHEDULERS.CyclicLR(o, 0.1, 0.5, 5, 3)),
    "triangular2": (
        "cyclic",
        {"min_lr": 0.1, "up": 4, "mode": "triangular2"},
        lambda o: SCHEDULERS.CyclicLR(o, 0.1, 0.5, 4, mode="triangular2"),
    ),
    "exp_range": (
        "cyclic",
        {"min_lr": 0.1, "up": 4, "mode": "exp_range", "gamma": 0.9},
        lambda o: SCHEDULERS.CyclicLR(o, 0.1, 0.5, 4, mode="exp_range", gamma=0.9),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TORCH_CASES)
def test_as_torch(case: str) -> None:
    name, options, made = TORCH_CASES[case]
    optimizer = new_optimizer(0.5)
    seen = steps_of(made(optimizer), optimizer, 25)[0].values
    expected = SCHEDULES[name].rates(range(25), {"base_lr": 0.5, **options})
    np.testing.assert_allclose(seen, expected, atol=1e-12)


OPTAX_CASES: dict[str, tuple[str, dict[str, Any], Callable[[Any], Any]]] = {
    "cosine": ("cosine", {"total": 20, "min_lr": 0.05}, lambda x: x.cosine_decay_schedule(0.5, 20, alpha=0.1)),
    "linear": ("linear", {"total": 20, "min_lr": 0.05}, lambda x: x.linear_schedule(0.5, 0.05, 20)),
    "polynomial": ("polynomial", {"total": 20, "min_lr": 0.05, "power": 2}, lambda x: x.polynomial_schedule(0.5, 0.05, 2, 20)),
    "exponential": ("exponential", {"gamma": 0.5, "decay_steps": 6}, lambda x: x.exponential_decay(0.5, 6, 0.5)),
    "staircase": (
        "exponential",
        {"gamma": 0.5, "decay_steps": 6, "staircase": True},
        lambda x: x.exponential_decay(0.5, 6, 0.5, staircase=True),
    ),
    "warmup-cosine": (
        "warmup-cosine",
        {"warmup": 5, "total": 20, "start_lr": 0.1, "min_lr": 0.05},
        lambda x: x.warmup_cosine_decay_schedule(0.1, 0.5, 5, 20, 0.05),
    ),
    "linear-warmup": ("linear-warmup", {"warmup": 5, "start_lr": 0.1}, lambda x: x.warmup_constant_schedule(0.1, 0.5, 5)),
    "multi-step": ("multi-step", {"milestones": (4, 9), "gamma": 0.3}, lambda x: x.piecewise_constant_schedule(0.5, {4: 0.3, 9: 0.3})),
}  # fmt: skip


@pytest.mark.parametrize("case", OPTAX_CASES)
@pytest.mark.filterwarnings("ignore")
def test_as_optax(case: str) -> None:
    library = pytest.importorskip("optax", exc_type=ImportError)
    name, options, made = OPTAX_CASES[case]
    schedule = made(library)
    seen = [float(schedule(step)) for step in range(20)]
    expected = SCHEDULES[name].rates(range(20), {"base_lr": 0.5, **options})
    np.testing.assert_allclose(seen, expected, atol=1e-6)


def test_noam_and_inverse_sqrt_by_hand() -> None:
    noam = SCHEDULES["noam"].rates([0, 3, 15], {"base_lr": 1.0, "d_model": 4, "warmup": 4})
    assert noam.tolist() == pytest.approx([0.5 / 8, 0.5 / 2, 0.5 / 4])
    root = SCHEDULES["inverse-sqrt"].rates([0, 2, 4, 16], {"base_lr": 1.0, "warmup": 4})
    assert root.tolist() == pytest.approx([0.0, 0.5, 1.0, 0.5])


def test_trapezoid_by_hand() -> None:
    options = {"base_lr": 1.0, "warmup": 2, "stable": 3, "decay": 2}
    assert SCHEDULES["wsd"].rates(range(8), options).tolist() == [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0]


def test_warmup_linear_inverse_time_and_piecewise_by_hand() -> None:
    line = SCHEDULES["warmup-linear"].rates([1, 2, 4, 6], {"base_lr": 1.0, "warmup": 2, "total": 6})
    assert line.tolist() == pytest.approx([0.5, 1.0, 0.5, 0.0])
    time = SCHEDULES["inverse-time"].rates([0, 1, 2], {"base_lr": 1.0, "gamma": 1.0})
    assert time.tolist() == pytest.approx([1.0, 1 / 2, 1 / 3])
    pieces = SCHEDULES["piecewise"].rates([1, 2, 3], {"boundaries": (2,), "values": (1.0, 0.5)})
    assert pieces.tolist() == [1.0, 0.5, 0.5]


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_every_suspect_differs_from_every_accepted_way(name: str) -> None:
    reference = SCHEDULES[name]
    steps = range(40)
    for suspect in reference.suspects:
        differs = []
        for setting in reference.settings:
            o = reference.with_options(
                {**setting, **{k: v for k, v in suspect.hidden.items() if k in setting}}
            )
            o = type(o)(**{**vars(o), **suspect.hidden})
            try:
                wrong = np.array([(suspect.rate or reference.rate)(t, o) for t in steps])
            except ArithmeticError:
                differs.append(True)
                continue
            ways = [hidden for _, hidden in reference.accepted() if "total_is" not in hidden]
            right = [reference.rates(steps, setting, **hidden) for hidden in ways]
            differs.append(min(float(np.abs(wrong - one).max()) for one in right) > 1e-6)
        assert any(differs), f"{name}: {suspect.words}"
    assert all(math.isfinite(rate) for rate in reference.rates(steps, reference.settings[0]))
