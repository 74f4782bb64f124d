"""Random streams made from a seed and a purpose, never from global state."""

from __future__ import annotations

import hashlib

import torch

from firstlight._errors import UsageError

__all__ = ["check_seed", "derived_seed", "generator"]

SEED_LIMIT = 2**63


def check_seed(seed: int) -> int:
    """Return the seed if it is an integer in [0, 2**63); raise `UsageError` otherwise.

    Examples
    --------
    >>> check_seed(3)
    3
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < SEED_LIMIT:
        raise UsageError(f"A seed is an integer from 0 to 2**63 - 1; got {seed!r}.")
    return seed


def derived_seed(seed: int, *purpose: int | str) -> int:
    """Make an independent seed out of a seed and what it is for, the same on every machine.

    The words are hashed, so ``(0, "order", 1)`` and ``(1, "order", 0)`` have nothing in common, which
    ``seed + epoch`` would not give.

    Returns
    -------
    int
        In [0, 2**63).

    Examples
    --------
    >>> derived_seed(0, "order", 1) == derived_seed(0, "order", 1) != derived_seed(1, "order", 0)
    True
    """
    words = "/".join([str(check_seed(seed)), *map(str, purpose)])
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *purpose: int | str, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a torch generator seeded by `derived_seed`."""
    return torch.Generator(device=device).manual_seed(derived_seed(seed, *purpose))
