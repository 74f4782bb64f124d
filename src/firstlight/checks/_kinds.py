"""All kinds: their names, where each one lives, and which references it knows."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from firstlight._errors import UnknownNameError
from firstlight.checks._definition import Kind

__all__ = ["KINDS", "find_kind", "kinds_knowing", "noun_of"]

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

# What a report calls one of them where the kind's name alone is no noun.
NOUNS = {
    "init": "an initialisation",
    "data": "a data pipeline",
    "augment": "an augmentation",
    "train": "a training function",
    "evaluate": "an evaluation function",
}


def noun_of(kind: str) -> str:
    """Return what a sentence calls one of that kind.

    Examples
    --------
    >>> noun_of("optimizer"), noun_of("train"), noun_of("loss")
    ('an optimizer', 'a training function', 'a loss')
    """
    return NOUNS.get(kind) or f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


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
