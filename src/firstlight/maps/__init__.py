"""Maps of a data set: every image a point, near those that look like it."""

from __future__ import annotations

__all__: list[str] = []
