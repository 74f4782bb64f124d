"""What a sweep is going to do: a recipe, a data set, settings and seeds. Pure: nothing is read or written."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal

from firstlight._machine import software_versions
from firstlight.recipes import AnyRecipe, EnsembleRecipe
from firstlight.training._sweep_grid import Grid, Settings, products

__all__ = ["SweepPlan", "SweepTask"]


@dataclass(frozen=True)
class SweepTask:
    """One run of a sweep.

    Attributes
    ----------
    settings
        Pairs of a setting and its value, for what differs from the recipe.
    seed
        Of the run.
    """

    settings: Settings
    seed: int

    @property
    def key(self) -> str:
        """The name of its folder, the same for ever for the same task.

        Examples
        --------
        >>> SweepTask((("learning_rate", 0.01),), 7).key
        'learning_rate=0.01,seed=7'
        """
        pairs = [*self.settings, ("seed", self.seed)]
        return ",".join(f"{name}={re.sub(r'[^A-Za-z0-9.+_-]', '_', str(value))}" for name, value in pairs)


@dataclass(frozen=True)
class SweepPlan:
    """All runs of a sweep, and what they have in common.

    Attributes
    ----------
    recipe
        What is trained, before any setting is changed.
    dataset
        The data set's name, or its path.
    data_sha256
        Of its images and labels.
    grid
        The settings to try with their values; empty where only the seed varies.
    seeds
        One run for each, of each combination of settings.
    device
        Where each run computes; ``None`` takes a GPU if there is one.
    """

    recipe: AnyRecipe
    dataset: str
    data_sha256: str
    grid: Grid
    seeds: range
    device: str | None = None

    @property
    def validates(self) -> bool:
        """Whether training images are held out and judged in the test images' stead.

        So it is wherever settings are compared: choosing among them is the reason to compare, and nothing
        is chosen on the test set. A grid of one combination compares nothing.
        """
        return len(self.combinations) > 1

    @property
    def measured(self) -> Literal["test_accuracy", "validation_accuracy"]:
        """What is averaged over the seeds."""
        return "validation_accuracy" if self.validates else "test_accuracy"

    @property
    def combinations(self) -> tuple[Settings, ...]:
        """Every combination of settings; one that changes nothing where there is no grid."""
        return products(self.grid)

    @cached_property
    def tasks(self) -> tuple[SweepTask, ...]:
        """All runs, seed by seed, so that every combination is soon known a little."""
        return tuple(SweepTask(settings, seed) for seed in self.seeds for settings in self.combinations)

    @property
    def identity(self) -> dict[str, Any]:
        """What makes runs comparable, as plain values. Seeds and grid do not count: they may grow."""
        versions = software_versions()
        return {
            "recipe": self.recipe.name,
            "model": _described(self.recipe),
            "settings": self.recipe.settings,
            "dataset": self.dataset,
            "data_sha256": self.data_sha256,
            "measured": self.measured,
            "device": self.device,
            "versions": {name: versions[name] for name in ("firstlight", "torch") if name in versions},
        }

    @property
    def name(self) -> str:
        """A folder's name that only plans of the same identity have."""
        words = json.dumps(self.identity, sort_keys=True, default=str)
        digest = hashlib.sha256(words.encode()).hexdigest()[:8]
        parts = [self.recipe.name, Path(self.dataset).name, "grid" if self.validates else "seeds", digest]
        return "-".join(re.sub(r"[^A-Za-z0-9._]+", "-", part) for part in parts)


def _described(recipe: AnyRecipe) -> str:
    """Return which function makes the model, with its bound arguments; not what stands in the function."""
    if isinstance(recipe, EnsembleRecipe):
        return ", ".join(f"{count} x {_described(member)}" for member, count in recipe.members)
    make, bound = recipe.model, ""
    if isinstance(make, partial):
        words = [*map(repr, make.args), *(f"{name}={value!r}" for name, value in make.keywords.items())]
        make, bound = make.func, f"({', '.join(words)})"
    name = getattr(make, "__qualname__", type(make).__name__)
    # An address in memory is another one in the next process.
    return re.sub(r" at 0x[0-9a-f]+", "", f"{make.__module__}.{name}{bound}")
