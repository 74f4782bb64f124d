"""What happens while neighbours are looked for. Whoever is told draws it, or does not."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NeighbourEvent", "NeighboursFound", "Searching"]


@dataclass(frozen=True)
class Searching:
    """The ``k`` nearest of each of ``points`` points are being looked for."""

    points: int
    k: int
    exact: bool


@dataclass(frozen=True)
class NeighboursFound:
    """They were found, or read from the cache, in ``seconds``; ``recall`` is None where it is 1 for sure."""

    seconds: float
    recall: float | None
    from_cache: bool


NeighbourEvent = Searching | NeighboursFound
