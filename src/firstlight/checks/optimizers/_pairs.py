"""A run of two pure functions, ``init(params)`` and ``update(grads, state, params)``, as Optax has them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks._runner import theirs

__all__ = ["OptaxSession", "is_gradient_name", "is_pair", "pair_of", "with_x64"]

Array = Float64[np.ndarray, "..."]


class OptaxSession:
    """A pair of pure functions, ``init(params)`` and ``update(grads, state, params)``."""

    def __init__(
        self, make: Callable[..., Any], weights: Sequence[Array], options: Mapping[str, Any], *, dtype: str
    ) -> None:
        self._dtype = dtype
        self._weights = [np.asarray(weight, dtype=dtype) for weight in weights]
        with with_x64(dtype == "float64"), theirs():
            self._init, self._update = pair_of(make(**options))
            self._state = self._init(list(self._weights))

    def step(self, grads: Sequence[Array | None]) -> None:
        """Step once with these gradients."""
        given = [
            np.zeros_like(weight) if g is None else np.asarray(g, dtype=self._dtype)
            for g, weight in zip(grads, self._weights, strict=True)
        ]
        with with_x64(self._dtype == "float64"), theirs():
            moves, self._state = self._update(given, self._state, list(self._weights))
            self._weights = [
                np.asarray(weight + np.asarray(move), dtype=self._dtype)
                for weight, move in zip(self._weights, moves, strict=True)
            ]

    def values(self) -> list[Array]:
        """Return copies of the weights in float64."""
        return [weight.astype(np.float64) for weight in self._weights]


def is_pair(made: Any) -> bool:
    """Tell whether something has ``init`` and ``update``, or is a tuple of two such functions."""
    if hasattr(made, "init") and hasattr(made, "update"):
        return True
    if not (isinstance(made, tuple) and len(made) == 2 and all(map(callable, made))):
        return False
    init, update = map(_required, made)
    return len(init) == 1 and len(update) in (2, 3) and is_gradient_name(update[0])


def pair_of(made: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return init and update; an update that needs no weights is not given them."""
    if hasattr(made, "init"):
        return made.init, made.update
    init, update = made
    if len(_required(update)) == 2 and len(inspect.signature(update).parameters) == 2:
        return init, lambda grads, state, _: update(grads, state)
    return init, update


def is_gradient_name(name: str) -> bool:
    """Tell whether an argument's name speaks of gradients."""
    return "grad" in name.lower() or name.lower() in {"g", "gs", "dw", "dws", "dparams", "updates"}


def _required(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one.name for one in parameters if one.default is inspect.Parameter.empty]


@contextmanager
def with_x64(is_wanted: bool) -> Iterator[None]:
    """Let jax, where there is one, compute in float64."""
    try:
        import jax
    except ImportError:
        yield
        return
    # Newer versions have it at the top.
    switch: Any = getattr(jax, "enable_x64", None)
    if switch is None:
        switch = getattr(jax.experimental, "enable_x64")  # noqa: B009 - not in every version
    with switch(True) if is_wanted else nullcontext():
        yield
