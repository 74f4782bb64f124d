"""All kinds: their names, where each one lives, and which references it knows."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from firstlight._errors import UnknownNameError
from firstlight.checks._definition import Kind

__all__ = ["KINDS", "find_kind", "kinds_knowing"]

# Each package exports KIND. Loaded on first use: a loss does not wait for scikit-learn.
HOMES = {
    "optimizer": "optimizers",
    "schedule": "schedules",
    "loss": "losses",
    "activation": "activations",
    "layer": "layers",
    "init": "inits",
    "model": "models",
    "data": "pipelines",
    "augment": "augmentations",
    "train": "trainings",
    "evaluate": "evaluations",
    "estimator": "estimators",
    "embedding": "embeddings",
}

KINDS = tuple(HOMES)


@cache
def find_kind(name: str) -> Kind:
    """Return a kind by its name.

    Raises
    ------
    UnknownNameError
        There is none; the message says the nearest.
    """
    if name not in HOMES:
        raise UnknownNameError("kind", name, KINDS)
    found: Kind = import_module(f"firstlight.checks.{HOMES[name]}").KIND
    return found


def kinds_knowing(reference: str) -> tuple[str, ...]:
    """Return the kinds that have a reference of that name."""
    return tuple(name for name in KINDS if reference in set(find_kind(name).references()))
