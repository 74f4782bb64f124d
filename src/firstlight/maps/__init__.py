"""Maps of a data set: every image a point, near those that look like it."""

from __future__ import annotations

from firstlight.maps._columns import ImageColumn
from firstlight.maps._events import LayoutStep, MapStage
from firstlight.maps._image_map import ImageMap
from firstlight.maps._map import map  # noqa: A004 - `fl.map` is its name
from firstlight.maps._map_file import load_map
from firstlight.maps._page import write_page
from firstlight.maps._page_data import PageParts, page_parts
from firstlight.maps._place import place
from firstlight.maps._quality import LayoutScores, MapQuality

__all__ = [
    "ImageColumn",
    "ImageMap",
    "LayoutScores",
    "LayoutStep",
    "MapQuality",
    "MapStage",
    "PageParts",
    "load_map",
    "map",
    "page_parts",
    "place",
    "write_page",
]
