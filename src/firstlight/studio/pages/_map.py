"""Page Map: all images as points, near like near. The modules that draw it are those of `firstlight.maps`.

The map is made on the first visit, in a thread of the server, and kept under the home; from then on it is
there within a second or so, before torch is imported.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from firstlight._errors import UnknownNameError, UsageError
from firstlight.studio._job import Job
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from firstlight.studio._kept_map import KeptMap

__all__ = ["PAGE"]

NEAREST = 5


def shown(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say whether the map is there, and how far its making is."""
    fields = {"dataset": studio.dataset, "run": studio.run and str(studio.run), "model": studio.model}
    return {**fields, "is_kept": _kept(studio) is not None, "job": _job(studio).state()}


def start(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Begin to make the map."""
    job = _job(studio)
    if _kept(studio) is None:
        with contextlib.suppress(UsageError):  # another tab has begun it
            job.start(lambda job: _made(studio, job), words="Loading the images", done=0.0)
    return job.state()


def progress(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say how far the map is."""
    return _job(studio).state()


def stop(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """End the making."""
    _job(studio).stop()
    return {}


def facts(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Send what is known of the map as a whole, and the markup to show it in."""
    kept = _needed(studio)
    columns = list(kept.facts["columns"])
    if suspicion := _suspicion(studio):
        from firstlight.studio._kept_map import audit_column

        column, content = audit_column(kept, suspicion)
        _extra(studio)["audit"] = content
        columns.append(column)
    return {"facts": {**kept.facts, "columns": columns}, "html": kept.html}


def part(studio: Studio, asked: Asked) -> bytes:
    """Send one of the map's files."""
    files = {**_needed(studio).files, **_extra(studio)}
    name = asked.query.get("name", "")
    if name not in files:
        raise UnknownNameError("part of the map", name[:40], list(files))
    return files[name]


def place(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Say where a drawing belongs on the map, and the labels of what looks most like it, nearest first."""
    import torch

    from firstlight.maps import place as places_of
    from firstlight.neighbours import nearest_of
    from firstlight.studio._asking import image_rows
    from firstlight.studio._kept_map import exact_map

    image = torch.from_numpy(image_rows(asked.body)[:1].copy()).view(1, 1, 28, 28)
    shape = studio.images()[0].image_shape
    if shape != tuple(image.shape[1:]):
        raise UsageError(
            f"A drawing has {list(image.shape[1:])} pixels, and the images of this map have {list(shape)}: "
            "it has no place here. Show a data set of grey images of 28 x 28, such as mnist."
        )
    _needed(studio)
    found = exact_map(studio)
    x, y = places_of(found, image)[0].tolist()
    assert found.space is not None, "the map is made from pixels"
    near, _ = nearest_of(found.space.of(image), found.features, min(NEAREST, len(found)))
    return {"x": x, "y": y, "near": [found.classes[label] for label in found.labels[near[0]]]}


def _made(studio: Studio, job: Job) -> dict[str, Any]:
    from firstlight.studio._kept_map import make_map

    made = make_map(studio, job.tell)
    studio.once("map/kept", lambda: made)
    return {}


def _kept(studio: Studio) -> KeptMap | None:
    """Return the map if it is there; it is read once."""
    from firstlight.studio._kept_map import kept_map

    if studio.has("map/kept"):
        return studio.once("map/kept", lambda: None)
    found = kept_map(studio)
    return found and studio.once("map/kept", lambda: found)


def _needed(studio: Studio) -> KeptMap:
    kept = _kept(studio)
    if kept is None:
        raise UsageError("The map is not made yet. Load the page again.")
    return kept


def _suspicion(studio: Studio) -> dict[str, NDArray[np.float32]]:
    """Return what the audits that were made say of each split, the thorough one where there are both."""
    from firstlight.studio._kept_audit import DEPTHS, audit_file, kept_audit

    found = {}
    for split in ("train", "test"):
        for seconds in DEPTHS.values():
            audit = kept_audit(audit_file(studio, split, seconds))
            if audit is not None:
                found[split] = audit.suspicion
                break
    return found


def _job(studio: Studio) -> Job:
    return studio.once("map/job", lambda: Job("map"))


def _extra(studio: Studio) -> dict[str, bytes]:
    return studio.once("map/extra", dict)


PAGE = Page(
    name="map",
    title="Map",
    place=3,
    purpose="Every image a point, near those that look like it. Zoom in until the points become images.",
    borrows=("maps",),
    routes=(
        api("map/shown", shown),
        api("map/start", start),
        api("map/progress", progress, method="GET"),
        api("map/stop", stop),
        api("map/facts", facts, method="GET"),
        api("map/part", part, method="GET"),
        api("map/place", place),
    ),
)
