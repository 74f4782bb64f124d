"""Which images lie near which: features, reductions and one graph of nearest neighbours for all that needs it."""

from __future__ import annotations

__all__: list[str] = []
