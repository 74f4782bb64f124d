"""Page Draw: a pad, what the network sees of it, and what it says."""

from __future__ import annotations

from typing import Any

from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

__all__ = ["PAGE"]


def shown(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say which network is shown, and what it can answer."""
    reader = studio.reader()
    return {"name": reader.name, "classes": list(reader.classes), "is_calibrated": reader.is_calibrated}


PAGE = Page(
    name="draw",
    title="Draw",
    place=1,
    purpose="Draw a digit, and see what a network sees of it.",
    routes=(api("draw/shown", shown),),
)
