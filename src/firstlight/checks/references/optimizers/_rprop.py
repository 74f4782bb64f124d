"""Rprop. Riedmiller & Braun 1993; without weight backtracking (iRprop-) in Igel & Hüsken 2000, Algorithm 4.

Where g keeps its sign the step size is multiplied by eta_plus, where it changes by eta_minus, and g counts as
0 there; step = sign(g) size. The first size is lr.
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

__all__ = ["RPROP"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Rprop."""
    size = state.get("size", np.full_like(g, o.lr))
    turned = g * state.get("g", np.zeros_like(g))
    up, down = (o.eta_minus, o.eta_plus) if o.etas == "swapped" else (o.eta_plus, o.eta_minus)
    size = np.where(turned > 0, size * up, np.where(turned < 0, size * down, size))
    if o.is_bounded:
        size = np.clip(size, o.size_min, o.size_max)
    counted = g if o.on_turn == "step" else np.where(turned < 0, 0.0, g)
    state["size"] = size
    if o.is_late:
        size = np.where(turned == 0, state.get("size_before", np.full_like(g, o.lr)), size)
        state["size"] = state["size_before"] = size
        before = state.get("late", np.zeros_like(g))
        state["g"] = state["late"] = np.where(turned < 0, 0.0, np.sign(g) * size)
        return np.where(turned < 0, 0.0, before)
    state["g"] = {"counted": counted, "g": g}[o.kept]
    step = np.sign(counted) * size
    if o.on_turn == "back":
        step = np.where(turned < 0, -state.get("step", 0.0), step)
        state["step"] = step
    if o.steps_by == "g":
        step = counted * size
    return np.asarray(step)


RPROP = OptimizerReference(
    name="rprop",
    source="Riedmiller & Braun 1993; Igel & Hüsken 2000, Algorithm 4",
    update=update,
    options={"lr": 1e-2, "eta_minus": 0.5, "eta_plus": 1.2, "size_min": 1e-6, "size_max": 50.0},
    hidden={
        "etas": "right",
        "is_bounded": True,
        "on_turn": "stay",
        "kept": "counted",
        "steps_by": "sign",
        "is_late": False,
    },
    spellings={
        "lr": ("lr", "learning_rate", "step_size", "eta", "delta0", "initial_step"),
        "eta_minus": ("eta_minus", "etas[0]", "eta_down", "eta_neg"),
        "eta_plus": ("eta_plus", "etas[1]", "eta_up", "eta_pos"),
        "size_min": ("step_sizes[0]", "min_step_size", "step_min", "delta_min", "step_size_min"),
        "size_max": ("step_sizes[1]", "max_step_size", "step_max", "delta_max", "step_size_max"),
    },
    dialects=(
        Dialect(
            "turn",
            "Rprop-: a step of the smaller size where the sign turns",
            {"on_turn": "step", "kept": "g"},
        ),
        Dialect("turn", "each step is the one before's, as in Optax", {"is_late": True}),
        Dialect("turn", "Rprop+: the last step is taken back where the sign turns", {"on_turn": "back"}),
    ),
    suspects=(
        Suspect("rate-scale", "eta_plus and eta_minus are swapped.", {"etas": "swapped"}),
        Suspect("ignored-option", "The step sizes are not bounded.", {"is_bounded": False}),
        Suspect("sign", "The step is g times the size, not its sign times the size.", {"steps_by": "g"}),
        Suspect("state", "The gradient that was set to 0 is kept with its sign.", {"kept": "g"}),
    ),
    decay="none",
    scale=0.0,
    is_sign_based=True,
    is_lr_linear=False,
    amplified={"size_max": 0.3, "size_min": 0.05, "eta_minus": 0.6, "eta_plus": 1.3},
    neutral=frozenset({"size_min", "size_max"}),
)
