"""An embedding that is checked: a function, or a class with fit_transform, behind one way to call it."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.embeddings._rows import clouds, digits
from firstlight.checks.references.embeddings import EMBEDDINGS, EmbeddingReference

__all__ = ["EmbeddingSubject", "Laid"]

SEEDS = ("random_state", "seed", "random_seed", "rng_seed")
PLANE = ("n_components", "dim", "dims", "out_dim", "no_dims")


@dataclass(frozen=True)
class Laid:
    """Rows, their classes, and where they were laid."""

    X: Float64[np.ndarray, "n d"]
    y: np.ndarray
    plane: Float64[np.ndarray, "n 2"]


@dataclass
class EmbeddingSubject:
    """Calls the target; keeps what several checks look at."""

    given: Given
    reference: EmbeddingReference | None
    made: Any = None  # the object of the latest call, where it is made and fitted

    @staticmethod
    def of(given: Given) -> EmbeddingSubject:
        """Look at the target.

        Raises
        ------
        TargetError
            It can neither be called nor fitted.
        UsageError
            Something unknown was declared.
        """
        if given.declares:
            raise UsageError(f"An embedding declares nothing; got {', '.join(sorted(given.declares))}.")
        is_fitted = any(hasattr(given.target, name) for name in ("fit_transform", "fit"))
        if not is_fitted and not callable(given.target):
            raise TargetError(f"{given.name} is no embedding: no function, and no class with fit_transform.")
        return EmbeddingSubject(given, EMBEDDINGS.get(given.like or ""))

    @property
    def like(self) -> str:
        """The name of the reference, or nothing."""
        return self.reference.name if self.reference else ""

    @cached_property
    def is_class(self) -> bool:
        """Whether it is made and fitted, or called."""
        target = self.given.target
        return inspect.isclass(target) or hasattr(target, "fit_transform") or hasattr(target, "fit")

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Its options and their values."""
        target = self.given.target
        found: dict[str, Any] = {}
        if hasattr(target, "get_params") and not inspect.isclass(target):
            found |= target.get_params(deep=False)
        try:
            named = inspect.signature(target).parameters.values()
        except (TypeError, ValueError):
            named = ()  # type: ignore[assignment]
        found |= {
            one.name: one.default for one in named if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        }
        return {**found, **self.given.args}

    def name_of(self, names: tuple[str, ...]) -> str | None:
        """Return under which of these names it has an option."""
        return next((name for name in names if name in self.parameters), None)

    @property
    def seed_name(self) -> str | None:
        """The option that seeds it, unless it was given."""
        name = self.name_of(SEEDS)
        return None if name in self.given.args else name

    def option(self, names: tuple[str, ...], default: Any) -> Any:
        """Return an option's value, or the reference's default."""
        name = self.name_of(names)
        value = self.parameters[name] if name else default
        return default if value is inspect.Parameter.empty or value is None else value

    def __call__(
        self,
        X: Float64[np.ndarray, "n d"],
        *,
        seed: int = 0,
        around: int = 0,
        options: Mapping[str, Any] | None = None,
    ) -> np.ndarray:
        """Lay rows out; what it raises is marked as the implementation's."""
        import torch

        random.seed(around)
        np.random.seed(around)
        torch.manual_seed(around)
        changed = dict(options or {})
        if self.seed_name is not None:
            changed = {self.seed_name: seed, **changed}
        with theirs():
            return _plain(self._laid(X, changed))

    def _laid(self, X: np.ndarray, changed: dict[str, Any]) -> Any:
        target = self.given.target
        if not self.is_class:
            return target(X, **{**self.given.args, **changed})
        made: Any = (
            target(**{**self.given.args, **changed}) if inspect.isclass(target) else copy.deepcopy(target)
        )
        self.made = made
        if not inspect.isclass(target) and changed and hasattr(made, "set_params"):
            made.set_params(**changed)
        if hasattr(made, "fit_transform"):
            return made.fit_transform(X)
        back = made.fit(X)
        if back is not None and not isinstance(back, type(made)) and np.ndim(back) == 2:
            return back
        for name in ("embedding_", "embedding", "Y", "Y_"):
            if hasattr(made, name):
                return getattr(made, name)
        return made.transform(X)

    @cached_property
    def clouds(self) -> Laid:
        """Three clouds far apart, and where they were laid."""
        X, y = clouds()
        return Laid(X, y, self(X.copy()))

    @cached_property
    def digits(self) -> Laid:
        """200 digits, and where they were laid."""
        X, y = digits()
        return Laid(X, y, self(X.copy()))


def _plain(answer: Any) -> np.ndarray:
    if hasattr(answer, "detach"):
        answer = answer.detach().cpu()
    answer = answer[0] if isinstance(answer, tuple) and len(answer) and np.ndim(answer[0]) == 2 else answer
    return np.asarray(answer)
