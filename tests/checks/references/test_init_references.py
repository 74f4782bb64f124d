"""References of initialisations against oracles: torch.nn.init and JAX, by the variance of many weights."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import truncnorm
from torch import nn

from firstlight.checks.references.inits import INITS, fans

SHAPE = (300, 500)
TORCH: tuple[tuple[Any, str, dict[str, Any]], ...] = (
    (nn.init.kaiming_normal_, "he-normal", {}),
    (nn.init.kaiming_normal_, "he", {"mode": "fan_out", "nonlinearity": "relu"}),
    (nn.init.kaiming_uniform_, "he-uniform", {"a": 0.3}),
    (nn.init.xavier_normal_, "xavier-normal", {"gain": 2.0}),
    (nn.init.xavier_uniform_, "xavier-uniform", {}),
    (nn.init.normal_, "normal", {"std": 0.3}),
    (nn.init.uniform_, "uniform", {"a": -0.2, "b": 0.4}),
    (nn.init.trunc_normal_, "trunc-normal", {"std": 0.5, "a": -0.4, "b": 0.7}),
)


@pytest.mark.parametrize(("function", "name", "options"), TORCH)
def test_variance_equals_torch(function: Any, name: str, options: dict[str, Any]) -> None:
    reference = INITS[name]
    assert reference.variance is not None
    torch.manual_seed(0)
    seen = function(torch.empty(SHAPE, dtype=torch.float64), **options).var().item()
    expected = reference.variance(*fans(SHAPE), {**reference.options, **options})
    assert seen == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("he_normal", "he-normal"),
        ("glorot_uniform", "xavier-uniform"),
        ("lecun_normal", "lecun-normal"),
        ("lecun_uniform", "lecun-uniform"),
    ],
)
def test_variance_equals_jax(function: str, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jax = pytest.importorskip("jax")
        drawn = np.asarray(getattr(jax.nn.initializers, function)()(jax.random.key(0), SHAPE))
    reference = INITS[name]
    assert reference.variance is not None
    expected = reference.variance(*fans(SHAPE, layout="in_out"), reference.options)
    assert drawn.var() == pytest.approx(expected, rel=0.02)


def test_truncated_variance_equals_scipy() -> None:
    reference = INITS["trunc-normal"]
    assert reference.variance is not None
    options = {"mean": 0.1, "std": 0.5, "a": -0.4, "b": 0.7}
    assert reference.variance(1, 1, options) == pytest.approx(truncnorm.var(-1.0, 1.2) * 0.25)


def test_constants_equal_torch() -> None:
    for name, filled in (("identity", nn.init.eye_), ("zeros", nn.init.zeros_), ("ones", nn.init.ones_)):
        exact = INITS[name].exact
        assert exact is not None
        np.testing.assert_array_equal(exact((3, 5), {}), filled(torch.empty(3, 5)).numpy())
    exact = INITS["dirac"].exact
    assert exact is not None
    np.testing.assert_array_equal(exact((4, 3, 3, 3), {}), nn.init.dirac_(torch.empty(4, 3, 3, 3)).numpy())


def test_fans_equal_torch() -> None:
    assert fans((8, 3, 5, 5)) == nn.init._calculate_fan_in_and_fan_out(torch.empty(8, 3, 5, 5))
    assert math.prod(fans((7, 4))) == 28
