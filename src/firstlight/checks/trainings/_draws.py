"""Watch what a training draws from NumPy, torch and Python: orders of images, and weights."""

from __future__ import annotations

import functools
import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

__all__ = ["Draw", "Draws", "watched_draws"]

MOST = 5_000
LEAST = 200  # numbers in a draw of weights
ORDERS = ("permutation", "permuted", "shuffle", "choice")
WEIGHTS = ("standard_normal", "normal", "uniform", "random")
LEGACY = (
    "permutation",
    "shuffle",
    "choice",
    "randn",
    "rand",
    "normal",
    "uniform",
    "random",
    "standard_normal",
)


@dataclass(frozen=True)
class Draw:
    """One draw: how many numbers, and a digest of them."""

    count: int
    digest: bytes

    @staticmethod
    def of(values: Any) -> Draw:
        """Digest them."""
        array = np.ascontiguousarray(values)
        return Draw(array.size, hashlib.blake2b(array.tobytes(), digest_size=12).digest())


@dataclass
class Draws:
    """All that was drawn, the first few thousand.

    Attributes
    ----------
    orders
        Permutations of whole numbers, one for each that was drawn.
    weights
        Large draws of floating numbers.
    """

    orders: list[Draw] = field(default_factory=list)
    weights: list[Draw] = field(default_factory=list)

    def saw(self, values: Any) -> None:
        """Keep a draw, if it is an order or of many numbers."""
        array = values.numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
        if len(self.orders) + len(self.weights) >= MOST or array.dtype == object:
            return
        if array.dtype.kind == "f" and array.size >= LEAST:
            self.weights.append(Draw.of(array))
        elif array.dtype.kind in "iu" and array.ndim == 1 and _is_order(array):
            self.orders.append(Draw.of(array.astype(np.int64)))

    def orders_of(self, least: int, most: int) -> list[Draw]:
        """Return the orders of so many things."""
        return [one for one in self.orders if least <= one.count <= most]


def _is_order(array: Any) -> bool:
    """Whether no number comes twice and all are places among about as many."""
    if len(array) < 2 or array.min() < 0 or array.max() >= 2 * len(array):
        return False
    return int(np.bincount(array).max()) == 1


@contextmanager
def watched_draws(modules: list[ModuleType]) -> Iterator[Draws]:
    """Watch the draws of a block; ``modules`` may have imported the functions by name."""
    draws = Draws()
    with ExitStack() as stack:

        def put(place: Any, name: str, wrap: Callable[..., Any]) -> None:
            original = getattr(place, name)
            replaced = wrap(draws, original)
            for holder in (place, *modules):
                for alias, value in list(vars(holder).items()) if holder is not place else [(name, original)]:
                    if value is original:
                        stack.enter_context(patch.object(holder, alias, replaced))

        for name in LEGACY:
            put(np.random, name, _drawing)
        put(np.random, "default_rng", _made)
        put(torch, "randperm", _drawing)
        put(random, "shuffle", _drawing)
        put(random, "sample", _drawing)
        yield draws


def _drawing(draws: Draws, original: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what is returned; where nothing is, the first argument was put into another order in place."""

    @functools.wraps(original)
    def drawn(*args: Any, **named: Any) -> Any:
        found = original(*args, **named)
        seen = args[0] if found is None and args else found
        if isinstance(seen, np.ndarray | torch.Tensor | list):
            draws.saw(seen)
        return found

    return drawn


def _made(draws: Draws, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return generators that tell what they draw."""

    @functools.wraps(original)
    def default_rng(*args: Any, **named: Any) -> Any:
        made = original(*args, **named)
        if isinstance(made, _telling()):
            return made
        told = _telling()(made.bit_generator)
        told.draws = draws  # type: ignore[attr-defined]
        return told

    return default_rng


@functools.cache
def _telling() -> type[np.random.Generator]:
    """Return a generator that tells its draws to ``draws``."""

    def telling(name: str) -> Callable[..., Any]:
        plain = getattr(np.random.Generator, name)

        @functools.wraps(plain)
        def drawn(self: Any, *args: Any, **named: Any) -> Any:
            draws, self.draws = self.draws, None  # permutation calls shuffle: that is one draw
            try:
                found = plain(self, *args, **named)
            finally:
                self.draws = draws
            seen = args[0] if found is None and args else found
            if draws is not None and isinstance(seen, np.ndarray | list):
                draws.saw(seen)
            return found

        return drawn

    told = {name: telling(name) for name in (*ORDERS, *WEIGHTS)}
    return type("Generator", (np.random.Generator,), {"draws": None, **told})
