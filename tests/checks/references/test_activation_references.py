"""Oracles: each activation's value and derivative against torch and JAX or a formula in high precision."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch
from torch.nn import functional

from firstlight.checks.references.activations import ACTIVATIONS

POINTS = np.array([-12.3, -3.3, -1.2, -0.7, -0.31, 0.17, 0.4, 0.83, 1.6, 2.9, 5.1, 11.7])
TORCH = {
    "relu": functional.relu,
    "leaky-relu": functional.leaky_relu,
    "prelu": lambda x: functional.prelu(x, torch.full((1,), 0.25, dtype=x.dtype)),
    "elu": functional.elu,
    "selu": functional.selu,
    "celu": functional.celu,
    "gelu": functional.gelu,
    "gelu-tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "quick-gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "swish": functional.silu,
    "mish": functional.mish,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hardswish": functional.hardswish,
    "hardsigmoid": functional.hardsigmoid,
    "relu6": functional.relu6,
    "log-sigmoid": functional.logsigmoid,
    "hardtanh": functional.hardtanh,
    "softshrink": functional.softshrink,
    "hardshrink": functional.hardshrink,
    "tanhshrink": functional.tanhshrink,
    "relu-squared": lambda x: functional.relu(x) ** 2,
}
JAX = {
    "relu": "relu", "leaky-relu": "leaky_relu", "elu": "elu", "selu": "selu", "celu": "celu", "swish": "silu",
    "mish": "mish", "softplus": "softplus", "softsign": "soft_sign", "sigmoid": "sigmoid", "relu6": "relu6",
    "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid", "log-sigmoid": "log_sigmoid",
    "hardtanh": "hard_tanh", "gelu-tanh": "gelu",
}  # fmt: skip
EXACT = {
    "gelu": lambda x: x * mpmath.ncdf(x),
    "tanh": mpmath.tanh,
    "quick-gelu": lambda x: x / (1 + mpmath.exp(-mpmath.mpf("1.702") * x)),
    "prelu": lambda x: x if x > 0 else x / 4,
    "tanhshrink": lambda x: x - mpmath.tanh(x),
    "softshrink": lambda x: mpmath.sign(x) * max(abs(x) - 0.5, 0),
    "hardshrink": lambda x: x if abs(x) > 0.5 else 0,
    "relu-squared": lambda x: max(x, 0) ** 2,
}
NAMES = sorted({reference.name for reference in ACTIVATIONS.values() if reference.is_elementwise})


@pytest.mark.parametrize("name", NAMES)
def test_value_and_derivative_are_torchs(name):
    x = torch.tensor(POINTS, requires_grad=True)
    y = TORCH[name](x)
    y.sum().backward()
    reference = ACTIVATIONS[name]
    np.testing.assert_allclose(reference.value(POINTS), y.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(reference.derivative(POINTS), x.grad.numpy(), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_value_has_a_second_witness(name):
    seen = ACTIVATIONS[name].value(POINTS)
    if name in EXACT:
        np.testing.assert_allclose(seen, [float(EXACT[name](x)) for x in POINTS], rtol=1e-9, atol=1e-12)
        return
    jax = pytest.importorskip("jax")
    expected = np.asarray(getattr(jax.nn, JAX[name])(POINTS.astype(np.float32)))
    np.testing.assert_allclose(seen, expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", NAMES)
def test_values_far_out_are_numbers(name):
    x = np.array([-1e4, -750.0, 750.0, 1e4])
    assert np.isfinite(ACTIVATIONS[name].value(x)).all()
    assert np.isfinite(ACTIVATIONS[name].derivative(x)).all()


@pytest.mark.parametrize(("name", "theirs"), [("softmax", torch.softmax), ("log-softmax", torch.log_softmax)])
@pytest.mark.parametrize("axis", [0, -1])
def test_softmax_is_torchs_along_any_axis(name, theirs, axis):
    x = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    y = theirs(x, axis)
    (0.5 * y**2).sum().backward()
    reference = ACTIVATIONS[name]
    np.testing.assert_allclose(reference.value(x.detach().numpy(), axis=axis), y.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(
        reference.derivative(x.detach().numpy(), axis=axis), x.grad.numpy(), rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize(
    ("name", "options", "theirs"),
    [
        ("elu", {"alpha": 0.6}, lambda x: functional.elu(x, 0.6)),
        ("celu", {"alpha": 0.6}, lambda x: functional.celu(x, 0.6)),
        ("leaky-relu", {"negative_slope": 0.3}, lambda x: functional.leaky_relu(x, 0.3)),
        ("softplus", {"beta": 2.0}, lambda x: functional.softplus(x, 2.0)),
        ("hardtanh", {"min_val": -2.0, "max_val": 0.4}, lambda x: functional.hardtanh(x, -2.0, 0.4)),
        ("softshrink", {"threshold": 0.9}, lambda x: functional.softshrink(x, 0.9)),
        ("hardshrink", {"threshold": 0.9}, lambda x: functional.hardshrink(x, 0.9)),
        ("gelu", {"approximate": "tanh"}, lambda x: functional.gelu(x, approximate="tanh")),
        ("swish", {"beta": 1.7}, lambda x: x * torch.sigmoid(1.7 * x)),
    ],
)
def test_options_are_torchs(name, options, theirs):
    x = torch.tensor(POINTS, requires_grad=True)
    y = theirs(x)
    y.sum().backward()
    np.testing.assert_allclose(
        ACTIVATIONS[name].value(POINTS, **options), y.detach().numpy(), rtol=1e-6, atol=1e-12
    )
    np.testing.assert_allclose(
        ACTIVATIONS[name].derivative(POINTS, **options), x.grad.numpy(), rtol=1e-6, atol=1e-7
    )
