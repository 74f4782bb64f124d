"""Muon. Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".

b <- mu b + (1 - mu) g, looked ahead as (1 - mu) g + mu b; the matrix is made nearly orthogonal by five
Newton-Schulz steps X <- a X + b (X X') X + c (X X')^2 X from X / |X|; step = lr sqrt(max(1, rows /
columns)) X. Kernels are flattened to one row an output channel. Works in float64, where libraries use
bfloat16.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._optimizer import (
    Dialect,
    OptimizerReference,
    Suspect,
    Tensor64,
)

__all__ = ["MUON", "orthogonalised"]

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalised(matrix: Tensor64, *, steps: int, eps: float, added: bool = True) -> Tensor64:
    """Return the matrix with its singular values moved near 1, by Newton-Schulz steps."""
    a, b, c = COEFFICIENTS
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    length = float(np.linalg.norm(x))
    x = x / (length + eps if added else max(length, eps))
    for _ in range(int(steps)):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return np.asarray(x.T if matrix.shape[0] > matrix.shape[1] else x)


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Muon."""
    weight, t = 1 - o.momentum if o.averages else 1.0, max(state["t"], 1)
    state["b"] = b = o.momentum * state.get("b", np.zeros_like(g)) + weight * g
    looked = weight * g + o.momentum * b if o.nesterov else b
    if o.correction == "nadam" and o.nesterov:
        looked = o.momentum * b / (1 - o.momentum ** (t + 1)) + (1 - o.momentum) * g / (1 - o.momentum**t)
    if o.used == "g":
        looked = g
    flat = looked.reshape(looked.shape[0], -1) if looked.ndim > 1 else looked.reshape(1, -1)
    made = flat if o.used == "raw" else orthogonalised(flat, steps=o.ns_steps, eps=o.eps, added=o.eps_added)
    rows, columns = looked.shape[:2] if o.ratio_of == "first two" and looked.ndim > 1 else flat.shape
    scale = {
        "rows": np.sqrt(max(1.0, rows / columns)),
        "upside down": np.sqrt(max(1.0, columns / rows)),
        "rms": 0.2 * np.sqrt(max(rows, columns)),
        "largest": np.sqrt(max(rows, columns)),
        "spectral": np.sqrt(rows / columns),
        "none": 1.0,
    }[o.scaling]
    return np.asarray(o.lr * scale * made.reshape(g.shape))


MUON = OptimizerReference(
    name="muon",
    source="Jordan et al. 2024",
    update=update,
    options={
        "lr": 2e-2,
        "momentum": 0.95,
        "nesterov": True,
        "ns_steps": 5,
        "eps": 1e-7,
        "weight_decay": 0.0,
    },
    hidden={
        "averages": True,
        "correction": "none",
        "eps_added": True,
        "scaling": "rows",
        "ratio_of": "flat",
        "used": "orthogonal",
    },
    spellings={"ns_steps": ("ns_steps", "backend_steps", "newton_schulz_steps", "num_ns_steps", "steps")},
    dialects=(
        Dialect("buffer", "buffer and gradient are corrected as NAdam's", {"correction": "nadam"}),
        Dialect(
            "scale", "the rate is scaled for weights that are inputs x outputs", {"scaling": "upside down"}
        ),
        Dialect("buffer", "the buffer adds the whole gradient", {"averages": False}),
        Dialect("eps", "the norm is at least eps", {"eps_added": False}),
        Dialect("scale", "the rate is scaled by 0.2 sqrt(max(rows, columns))", {"scaling": "rms"}),
        Dialect("scale", "the rate is scaled by sqrt(max(rows, columns))", {"scaling": "largest"}),
        Dialect("scale", "the rate is scaled by sqrt(rows / columns)", {"scaling": "spectral"}),
        Dialect("scale", "the rate is not scaled", {"scaling": "none"}),
    ),
    suspects=(
        Suspect(
            "shape", "The rate's scale takes the first two sizes of a kernel.", {"ratio_of": "first two"}
        ),
        Suspect("momentum", "The buffer is formed, and the raw gradient used.", {"used": "g"}),
        Suspect("forward", "The matrix is not made orthogonal.", {"used": "raw"}),
    ),
    decay="decoupled",
    scale=0.0,
    is_elementwise=False,
    neutral=frozenset({"eps"}),
    shapes="matrices",
    roughness=0.06,
)
