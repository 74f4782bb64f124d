"""`write_map` and `load_map`: a map in one ``.npz`` file, without anything that could run code."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from firstlight._atomic import write_file
from firstlight._errors import DataCorruptError, DataMissingError
from firstlight.maps._image_map import ImageMap
from firstlight.maps._quality import LayoutScores, MapQuality
from firstlight.neighbours import FeatureSpace, NeighbourGraph, Reduction

__all__ = ["load_map", "write_map"]

_SCHEMA = 1
_NETWORK = "network."
Arrays = dict[str, NDArray[Any]]


def write_map(image_map: ImageMap, path: Path) -> Path:
    """Write a map whole, or leave the file as it was."""
    space = image_map.space
    facts = {
        "schema": _SCHEMA,
        "classes": image_map.classes,
        "method": image_map.method,
        "settings": dict(image_map.settings),
        "quality": image_map.quality.fields(),
        "graph": {"is_exact": image_map.graph.is_exact, "recall": image_map.graph.recall},
        "space": space
        and {"name": space.name, "shape": space.image_shape, "mean": space.mean, "std": space.std},
    }
    arrays: Arrays = {
        "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
        "points": image_map.points,
        "labels": image_map.labels,
        "splits": image_map.splits.astype(np.str_),
        "indices": image_map.graph.indices,
        "distances": image_map.graph.distances,
        "features": image_map.features,
        **({} if space is None else _space_arrays(space)),
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return write_file(path, buffer.getvalue())


def load_map(path: str | Path) -> ImageMap:
    """Read a map that `ImageMap.save` wrote as ``.npz``. Never runs code from the file.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        It is no map, or a damaged one.
    """
    place = Path(path).expanduser()
    if not place.is_file():
        raise DataMissingError(f"There is no map at {place}. Make one: firstlight map mnist -o {place.name}")
    try:
        with np.load(io.BytesIO(place.read_bytes()), allow_pickle=False) as stored:
            return _read({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, RuntimeError) as error:
        raise DataCorruptError(
            f"{place} is no map that firstlight wrote, or it is damaged ({error}). Make it anew."
        ) from error


def _read(arrays: Arrays) -> ImageMap:
    facts = json.loads(arrays["facts"].tobytes())
    if facts["schema"] != _SCHEMA:
        raise ValueError(f"its schema is {facts['schema']}, and this version reads {_SCHEMA}")
    points, labels, features = arrays["points"], arrays["labels"], arrays["features"]
    graph = NeighbourGraph(
        arrays["indices"],
        arrays["distances"],
        is_exact=facts["graph"]["is_exact"],
        recall=facts["graph"]["recall"],
    )
    if points.shape != (len(labels), 2) or not len(points) == len(graph) == len(features):
        raise ValueError("its parts differ in length")
    quality = facts["quality"]
    return ImageMap(
        points=points,
        labels=labels,
        splits=arrays["splits"],
        classes=tuple(facts["classes"]),
        method=facts["method"],
        settings=facts["settings"],
        quality=MapQuality(
            LayoutScores(**quality["map"]), LayoutScores(**quality["pca"]), quality["accuracy_of"]
        ),
        graph=graph,
        features=features,
        space=facts["space"] and _space(facts["space"], facts["settings"], len(facts["classes"]), arrays),
    )


def _space_arrays(space: FeatureSpace) -> Arrays:
    reduction = space.reduction
    arrays: Arrays = {
        "reduction.mean": reduction.mean,
        "reduction.directions": reduction.directions,
        "reduction.explained": reduction.explained,
    }
    if space.network is not None:
        for name, tensor in space.network.state_dict().items():
            arrays[_NETWORK + name] = tensor.numpy(force=True)
    return arrays


def _space(facts: dict[str, Any], settings: dict[str, Any], classes: int, arrays: Arrays) -> FeatureSpace:
    reduction = Reduction(*(arrays[f"reduction.{part}"] for part in ("mean", "directions", "explained")))
    shape = tuple(facts["shape"])
    state = {
        name.removeprefix(_NETWORK): torch.from_numpy(array)
        for name, array in arrays.items()
        if name.startswith(_NETWORK)
    }
    network = None
    if state:
        from firstlight.neighbours import headless
        from firstlight.recipes import find_recipe

        network = headless(find_recipe(settings["recipe"]).model(shape, classes))
        network.load_state_dict(state)
    return FeatureSpace(facts["name"], shape, reduction, network, tuple(facts["mean"]), tuple(facts["std"]))
