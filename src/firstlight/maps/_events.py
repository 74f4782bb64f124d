"""What happens while a map is made. Whoever is told draws it, or does not."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LayoutStep", "MapStage"]


@dataclass(frozen=True)
class MapStage:
    """A part of the work begins: ``"features"``, ``"neighbours"``, ``"layout"`` or ``"quality"``."""

    name: str


@dataclass(frozen=True)
class LayoutStep:
    """Step ``step`` of ``steps`` of the layout is done, counted from 1."""

    step: int
    steps: int
