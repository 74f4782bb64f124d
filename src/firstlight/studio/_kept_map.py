"""`KeptMap`: a map as the page reads it, made once and kept under the home by what it was made from."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import inspect
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight._errors import CacheError
from firstlight._settings import home
from firstlight.studio._contents import contents

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from firstlight.maps import ImageMap
    from firstlight.studio._studio import Studio

__all__ = ["KeptMap", "audit_column", "exact_map", "kept_map", "make_map", "map_file"]

_SCHEMA = 1
_PARTS = "parts/"
_BATCH = 500
_SHAPE = (1, 28, 28)
Told = Callable[..., None]


@dataclass(frozen=True, eq=False)
class KeptMap:
    """What the page reads.

    Attributes
    ----------
    facts
        Of `firstlight.maps.PageParts`, and whether the network was asked about the images: ``is_read``.
    html
        The markup that the map's modules are started on.
    files
        Bytes by name.
    """

    facts: Mapping[str, Any]
    html: str
    files: Mapping[str, bytes]


def map_file(studio: Studio) -> Path:
    """Where the page's map of these images, read by this network, is kept."""
    return _file(["page", *contents(studio), _network(studio)], "zip")


def kept_map(studio: Studio) -> KeptMap | None:
    """Read the map; ``None`` where there is none, or none that makes sense."""
    try:
        with zipfile.ZipFile(io.BytesIO(map_file(studio).read_bytes())) as stored:
            names = [name for name in stored.namelist() if name.startswith(_PARTS)]
            files = {name.removeprefix(_PARTS): stored.read(name) for name in names}
            return KeptMap(json.loads(stored.read("facts.json")), stored.read("body.html").decode(), files)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def make_map(studio: Studio, tell: Told) -> KeptMap:
    """Lay out the images, ask the network about each, and keep both.

    Parameters
    ----------
    studio
        Whose images and network.
    tell
        Called with ``words`` and ``done``, from 0 to 1.
    """
    import torch

    from firstlight.maps import ImageColumn, page_parts
    from firstlight.maps._page import map_body

    image_map = exact_map(studio, tell)
    images = torch.cat([part.images for part in studio.images()])
    columns = []
    if tuple(images.shape[1:]) == _SHAPE:
        reader = studio.reader()
        if reader.classes == image_map.classes:
            read = _read(studio, images, tell)
            columns.append(ImageColumn("prediction", read, f"By the network that is shown, {reader.name}."))
    tell(words="Packing the images", done=0.95)
    parts = page_parts(image_map, images, columns=columns)
    made = KeptMap({**parts.facts, "is_read": bool(columns)}, map_body(image_map, parts), parts.files)
    _keep(made, map_file(studio))
    return made


def exact_map(studio: Studio, tell: Told = lambda **_: None) -> ImageMap:
    """Return the map itself, to place new images on: read if it was made before."""
    return studio.once("map/exact", lambda: _exact(studio, tell))


def audit_column(kept: KeptMap, suspicion: Mapping[str, NDArray[np.float32]]) -> tuple[dict[str, Any], bytes]:
    """Return what audits say of each image as one more thing to colour by: its facts, and its bytes.

    Parameters
    ----------
    kept
        The map.
    suspicion
        By split: the probability that each label is wrong.
    """
    values = np.concatenate(
        [suspicion.get(split, np.full(length, np.nan, np.float32)) for split, length in kept.facts["splits"]]
    )
    shades = np.where(np.isnan(values), 255, np.rint(np.nan_to_num(values) * 254)).astype(np.uint8)
    splits = " and ".join(suspicion)
    note = f"Probability that the label is wrong, by the audit of {splits} on page Audit."
    facts = {"part": "audit", "name": "suspicion by the audit", "kind": "number", "note": note}
    return {**facts, "low": 0.0, "high": 1.0}, gzip.compress(shades.tobytes(), mtime=0)


def _exact(studio: Studio, tell: Told) -> ImageMap:
    from firstlight._errors import DataError
    from firstlight.maps import load_map
    from firstlight.maps import map as make

    path = _file(["map", *contents(studio)], "npz")
    try:
        return load_map(path)
    except DataError:
        made = make(studio.images(), on_event=lambda event: _tell(tell, event))
    with contextlib.suppress(CacheError):  # a full disk costs the next start a while, not this one its map
        made.save(path)
    return made


def _tell(tell: Told, event: Any) -> None:
    from firstlight.maps import LayoutStep, MapStage

    stages = {"features": ("Looking at the pixels", 0.0), "neighbours": ("Finding what looks alike", 0.1),
              "layout": ("Laying out", 0.3), "quality": ("Measuring how good the map is", 0.7)}  # fmt: skip
    if isinstance(event, MapStage) and event.name in stages:
        words, done = stages[event.name]
        tell(words=words, done=done)
    elif isinstance(event, LayoutStep):
        share = event.step / event.steps
        tell(words=f"Laying out: step {event.step} of {event.steps}", done=0.3 + 0.4 * share)
    else:
        tell()


def _read(studio: Studio, images: Tensor, tell: Told) -> NDArray[np.int64]:
    from firstlight.studio._asking import read_images

    answers = []
    for first in range(0, len(images), _BATCH):
        tell(
            words=f"Asking the network: image {first:,} of {len(images):,}",
            done=0.75 + 0.2 * first / len(images),
        )
        rows = images[first : first + _BATCH].reshape(-1, _SHAPE[1] * _SHAPE[2])
        answers.append(read_images(studio, rows.numpy()).argmax(axis=1))
    return np.concatenate(answers)


def _keep(made: KeptMap, path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as stored:
        stored.writestr("facts.json", json.dumps(made.facts))
        stored.writestr("body.html", made.html)
        for name, content in made.files.items():
            stored.writestr(_PARTS + name, content)
    with contextlib.suppress(CacheError):
        write_file(path, buffer.getvalue())


def _network(studio: Studio) -> str:
    """Return what tells one network from another: its weights, and the file that holds its code."""
    if studio.is_shipped:
        return "pretrained"
    return studio.once("map/network", lambda: _hashed(studio.reader().model))


def _hashed(model: nn.Module) -> str:
    import torch

    digest = hashlib.sha256()
    with contextlib.suppress(OSError, TypeError):  # classes made in a terminal have no file
        digest.update(Path(inspect.getfile(type(model))).read_bytes())
    for name, tensor in itertools.chain(model.named_parameters(), model.named_buffers()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        plain = tensor.detach().cpu().contiguous().flatten()
        digest.update(plain.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _file(what: list[str], ending: str) -> Path:
    text = json.dumps([_SCHEMA, __version__, *what])
    return home() / "studio" / f"map-{hashlib.sha256(text.encode()).hexdigest()[:32]}.{ending}"
