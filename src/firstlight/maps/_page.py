"""`write_page`: a map to walk about in, as one self-contained page that opens from disk."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jaxtyping import UInt8
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from torch import Tensor

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight.maps._columns import ImageColumn
from firstlight.maps._page_data import PageParts, page_parts

if TYPE_CHECKING:
    from firstlight.maps._image_map import ImageMap

__all__ = ["map_body", "map_page", "write_page"]

# In this order each module finds what it imports above itself. Last comes the one that starts the page.
MODULES = (
    "data", "pixels", "view", "grid", "room", "colours", "raster", "webgl", "canvas", "overlay",
    "address", "panel", "controls", "input", "main", "standalone",
)  # fmt: skip
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./\w+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async function|function|const|class|let)", re.MULTILINE)
_NAMES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}


def write_page(
    image_map: ImageMap,
    images: UInt8[Tensor, "n c h w"],
    path: str | Path,
    *,
    columns: Sequence[ImageColumn] = (),
) -> Path:
    """Write `map_page` to a file, whole or not at all. Less than 10 MB for 70,000 images of 28 by 28.

    Parameters
    ----------
    image_map
        The map.
    images
        One for each of its points: ``image_map.images_at_hand()``.
    path
        Of the page.
    columns
        What else is known of each image, to colour by: ``ImageColumn("suspicion", values)``.

    Raises
    ------
    UsageError
        Images or columns that are not one for each point.
    CacheError
        The disk refuses the file.
    """
    return write_file(
        Path(path).expanduser(), map_page(image_map, page_parts(image_map, images, columns=columns))
    )


def map_page(image_map: ImageMap, parts: PageParts) -> str:
    """Return the page: markup, style, script and data in one text, with a policy that forbids any request."""
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("map.html.j2")
        .render(
            name=parts.facts["dataset"],
            method=_NAMES.get(image_map.method, image_map.method),
            style=Markup(_read("templates", "frame.css") + _read("static", "map.css")),
            script=Markup(script),
            script_hash=Markup(f"sha256-{digest}"),
            facts=Markup(_embedded(parts.facts)),
            parts={name: Markup(base64.b64encode(part).decode()) for name, part in parts.files.items()},
            **_said(image_map, parts),
        )
    )


def map_body(image_map: ImageMap, parts: PageParts) -> str:
    """Return the markup of a map as a part of another page, which starts ``static/main.js`` on it."""
    return _environment().get_template("map_body.html.j2").render(**_said(image_map, parts))


def _said(image_map: ImageMap, parts: PageParts) -> dict[str, Any]:
    """Return what both say of a map."""
    return {
        "count": len(image_map),
        "made": _made(image_map),
        "scores": _scores(image_map),
        "pixels": parts.facts["pixels"],
        "notes": [(one["name"], one["note"]) for one in parts.facts["columns"] if one["note"]],
        "version": __version__,
    }


def _made(image_map: ImageMap) -> str:
    """Return how the map was made, in words."""
    settings = image_map.settings
    kind = {"own": "features of your own"}.get(
        str(settings.get("features")), f"{settings.get('features')} features"
    )
    words = [_NAMES.get(image_map.method, image_map.method) + f" of {kind}"]
    if image_map.method != "pca":
        words.append(f"from a {settings['initialisation']} start" if "initialisation" in settings else "")
        words.append(f"{settings['steps']} steps" if "steps" in settings else "")
    words.append(f"seed {settings.get('seed', 'unknown')}")
    return ", ".join(filter(None, words))


def _scores(image_map: ImageMap) -> list[tuple[str, str, str, str]]:
    quality = image_map.quality
    rows = (
        ("10-NN accuracy", quality.map.accuracy, quality.pca.accuracy, quality.accuracy_of),
        (
            "trustworthiness",
            quality.map.trustworthiness,
            quality.pca.trustworthiness,
            "near here means alike",
        ),
        (
            "neighbour recall",
            quality.map.neighbour_recall,
            quality.pca.neighbour_recall,
            "true neighbours that are near here",
        ),
    )
    return [
        (name, f"{100 * ours:.1f} %", f"{100 * plain:.1f} %", note)
        for name, ours, plain, note in rows
        if ours is not None and plain is not None
    ]


@cache
def _script() -> str:
    """Return all modules as one, without the lines that tie them together."""
    return "".join(_EXPORT.sub("", _IMPORT.sub("", _read("static", f"{module}.js"))) for module in MODULES)


def _embedded(fields: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the script element that it stands in."""
    return json.dumps(fields, separators=(",", ":")).replace("<", "\\u003c")


def _read(folder: str, name: str) -> str:
    return resources.files("firstlight.maps").joinpath(folder, name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("firstlight.maps"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
