"""Right initialisations: torch.nn.init across its options, timm's, JAX' by wrappers, modules with theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def _entry(
    target: str, like: str | None = None, declares: dict[str, str] | None = None, **args: Any
) -> dict[str, Any]:
    return {"target": target, "like": like, "args": args, "declares": declares or {}, "kind": "init"}


def _jax(name: str) -> Callable[[Any, tuple[int, ...]], np.ndarray]:
    def drawn(key: Any, shape: tuple[int, ...]) -> np.ndarray:
        import jax

        return np.asarray(getattr(jax.nn.initializers, name)()(key, shape))

    return drawn


def jax_he_normal(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' he_normal."""
    return _jax("he_normal")(key, shape)


def jax_he_uniform(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' he_uniform."""
    return _jax("he_uniform")(key, shape)


def jax_glorot_normal(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' glorot_normal."""
    return _jax("glorot_normal")(key, shape)


def jax_glorot_uniform(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' glorot_uniform."""
    return _jax("glorot_uniform")(key, shape)


def jax_lecun_normal(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' lecun_normal."""
    return _jax("lecun_normal")(key, shape)


def jax_lecun_uniform(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' lecun_uniform."""
    return _jax("lecun_uniform")(key, shape)


def jax_orthogonal(key: Any, shape: tuple[int, ...]) -> np.ndarray:
    """JAX' orthogonal."""
    return _jax("orthogonal")(key, shape)


def he_of_outputs_first(shape: tuple[int, ...]) -> np.ndarray:
    """He's scheme for arrays [out, in]."""
    return np.random.randn(*shape) * np.sqrt(2.0 / np.prod(shape[1:]))


def xavier_with_generator(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Xavier's scheme with a generator."""
    bound = np.sqrt(6.0 / (shape[-2] + shape[-1]) / np.prod(shape[:-2]))
    return rng.uniform(-bound, bound, shape)


def for_apply(m: nn.Module) -> None:
    """Xavier's scheme for model.apply."""
    if isinstance(m, nn.Linear | nn.Conv2d):
        nn.init.xavier_uniform_(m.weight)
        if m.bias is not None:
            m.bias.data.fill_(0.01)


class RawMLP(nn.Module):
    """Weights [in, out] as plain parameters."""

    def __init__(self, hidden: int = 96) -> None:
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(196, hidden) * (2 / 196) ** 0.5)
        self.w2 = nn.Parameter(torch.randn(hidden, 10) * (2 / hidden) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Give logits."""
        return (x.flatten(1) @ self.w1).relu() @ self.w2


class ConvNet(nn.Module):
    """A convolutional network with He's weights."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Flatten()
        )
        self.head = nn.Linear(32 * 24 * 24, 10)
        for part in self.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                nn.init.kaiming_uniform_(part.weight, nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """Give logits."""
        return self.head(self.body(x))


HERE = "benchmarks/healthybank/init.py"
NN = "torch.nn.init"

ENTRIES: tuple[dict[str, Any], ...] = (
    _entry(f"{NN}:kaiming_normal_", "he-normal"),
    _entry(f"{NN}:kaiming_normal_", "he", mode="fan_out", nonlinearity="relu"),
    _entry(f"{NN}:kaiming_normal_", "torch.nn.init.kaiming_normal_", a=0.2),
    _entry(f"{NN}:kaiming_normal_", "kaiming-normal", nonlinearity="tanh"),
    _entry(f"{NN}:kaiming_uniform_", "he-uniform"),
    _entry(f"{NN}:kaiming_uniform_", "he-uniform", a=5**0.5),
    _entry(f"{NN}:xavier_normal_", "xavier-normal"),
    _entry(f"{NN}:xavier_normal_", "glorot", gain=2.0),
    _entry(f"{NN}:xavier_uniform_", "xavier-uniform"),
    _entry(f"{NN}:xavier_uniform_", "glorot-uniform", gain=5 / 3),
    _entry(f"{NN}:orthogonal_", "orthogonal"),
    _entry(f"{NN}:orthogonal_", "orthogonal", gain=2**0.5),
    _entry(f"{NN}:normal_", "normal"),
    _entry(f"{NN}:normal_", "normal", mean=0.5, std=0.02),
    _entry(f"{NN}:uniform_", "uniform"),
    _entry(f"{NN}:uniform_", "uniform", a=-0.1, b=0.1),
    _entry(f"{NN}:trunc_normal_", "trunc-normal"),
    _entry(f"{NN}:trunc_normal_", "trunc-normal", std=0.02),
    _entry(f"{NN}:trunc_normal_", "trunc-normal", std=0.02, a=-0.04, b=0.04),
    _entry(f"{NN}:zeros_", "zeros"),
    _entry(f"{NN}:ones_", "ones"),
    _entry(f"{NN}:constant_", "constant", val=0.3),
    _entry(f"{NN}:eye_", "identity"),
    _entry(f"{NN}:dirac_", "dirac"),
    _entry(f"{NN}:kaiming_normal_", None),
    _entry(f"{NN}:zeros_", None),
    _entry(f"{NN}:orthogonal_", None),
    _entry(f"{NN}:sparse_", None, sparsity=0.1),
    _entry("timm.layers:trunc_normal_", "trunc-normal", std=0.02),
    _entry("timm.layers:trunc_normal_tf_", "trunc-normal", std=0.02),
    _entry("timm.layers:lecun_normal_", "lecun-normal"),
    _entry("timm.layers:variance_scaling_", "lecun"),
    _entry("timm.layers:variance_scaling_", "he-normal", scale=2.0),
    _entry(f"{HERE}:jax_he_normal", "he-normal"),
    _entry(f"{HERE}:jax_he_uniform", "he-uniform"),
    _entry(f"{HERE}:jax_glorot_normal", "xavier-normal"),
    _entry(f"{HERE}:jax_glorot_uniform", "xavier-uniform"),
    _entry(f"{HERE}:jax_lecun_normal", "lecun-normal"),
    _entry(f"{HERE}:jax_lecun_uniform", "lecun-uniform"),
    _entry(f"{HERE}:jax_orthogonal", "orthogonal"),
    _entry(f"{HERE}:he_of_outputs_first", "he"),
    _entry(f"{HERE}:xavier_with_generator", "xavier-uniform"),
    _entry(f"{HERE}:for_apply", "xavier-uniform"),
    _entry(f"{HERE}:RawMLP", "he"),
    _entry(f"{HERE}:RawMLP", None),
    _entry(f"{HERE}:ConvNet", "he-uniform"),
    _entry("torch.nn:Linear", "torch-default", in_features=60, out_features=40),
    _entry("torch.nn:Conv2d", "torch-default", in_channels=8, out_channels=16, kernel_size=3),
    _entry("torch.nn:Linear", None, in_features=60, out_features=40),
    _entry("torch.nn:TransformerEncoderLayer", None, d_model=16, nhead=2),
)
