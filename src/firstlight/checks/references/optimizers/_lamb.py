"""LAMB. You et al. 2020.

"Large batch optimization for deep learning: training BERT in 76 minutes", Algorithm 2.

r = m' / (sqrt(v') + eps) + wd p with Adam's corrected averages, step = lr |p| / |r| r for each tensor; the
ratio is 1 where a norm is 0.
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

__all__ = ["LAMB", "trust_ratio"]


def trust_ratio(p: Tensor64, r: Tensor64, *, most: float = np.inf, eps: float = 0.0) -> float:
    """Return |p| / |r|, 1 where one of them is 0."""
    size, length = min(float(np.linalg.norm(p)), most), float(np.linalg.norm(r))
    return size / (length + eps) if size > 0 and length > 0 else 1.0


def update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of LAMB, weight decay included."""
    t = state["t"]
    state["m"] = m = o.beta1 * state.get("m", np.zeros_like(g)) + (1 - o.beta1) * g
    state["v"] = v = o.beta2 * state.get("v", np.zeros_like(g)) + (1 - o.beta2) * g * g
    if o.m_corrected and t:
        m = m / (1 - o.beta1**t)
    if o.v_corrected and t:
        v = v / (1 - o.beta2**t)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.nan_to_num(m / (np.sqrt(v + o.eps) if o.eps_place == "inside" else np.sqrt(v) + o.eps))
    decay = o.weight_decay * p
    if o.decay_in == "ratio":
        r = r + decay
    ratio = trust_ratio(p, r, most=o.most, eps=o.eps if o.ratio_eps else 0.0)
    if o.ratio == "none":
        ratio = 1.0
    if o.ratio == "inverse":
        ratio = 1 / ratio
    step = o.lr * ratio * r
    return np.asarray(step + o.lr * decay if o.decay_in == "step" else step)


LAMB = OptimizerReference(
    name="lamb",
    source="You et al. 2020, Algorithm 2",
    update=update,
    options={"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "weight_decay": 0.0},
    hidden={
        "m_corrected": True,
        "v_corrected": True,
        "eps_place": "outside",
        "decay_in": "ratio",
        "ratio": "right",
        "most": np.inf,
        "ratio_eps": False,
    },
    dialects=(
        Dialect("clip", "|p| is at most 10", {"most": 10.0}),
        Dialect("ratio", "eps in the ratio's denominator too", {"ratio_eps": True}),
        Dialect("eps", "eps inside the root", {"eps_place": "inside"}),
        Dialect(
            "correction",
            "no bias correction, as in the paper's third version",
            {"m_corrected": False, "v_corrected": False},
        ),
    ),
    suspects=(
        Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": False}),
        Suspect("bias-correction", "The second moment is not corrected.", {"v_corrected": False}),
        Suspect("rate-scale", "The trust ratio is not used.", {"ratio": "none"}),
        Suspect("rate-scale", "The trust ratio is upside down.", {"ratio": "inverse"}),
        Suspect("weight-decay", "Weight decay is left out of the trust ratio.", {"decay_in": "step"}),
        Suspect("weight-decay", "Weight decay is not used.", {"decay_in": "nothing"}),
    ),
    decay="none",
    scale=0.0,
    is_elementwise=False,
    is_lr_linear=False,
)
