"""Labels that are probably wrong: found by networks that never saw them, ranked, and counted."""

from __future__ import annotations

__all__: list[str] = []
