"""`map`: features, neighbours, layout and quality, composed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from firstlight._errors import UnknownNameError, UsageError
from firstlight._seeds import check_seed
from firstlight.datasets import ImageDataset
from firstlight.maps._events import MapStage
from firstlight.maps._image_map import ImageMap
from firstlight.maps._layout import INITIALISATIONS, METHODS, lay_out, neighbours_for
from firstlight.maps._quality import measure_quality
from firstlight.maps._subject import DatasetLike, chosen_parts, dataset_name
from firstlight.neighbours import (
    FeatureSpace,
    cached_neighbours,
    check_features,
    learned_features,
    pixel_features,
    principal_components,
)

__all__ = ["map"]

Rows = NDArray[np.float32]
FeaturesLike = str | Path | Rows
_RECIPE = "cnn-fast"
_FEATURES = ("learned", "pixels")
_MOST_COLUMNS = 50


def map(  # noqa: A001 - `fl.map` is its name
    dataset: DatasetLike | None = "mnist",
    *,
    split: str = "all",
    method: str = "umap",
    features: FeaturesLike = "pixels",
    labels: NDArray[np.int64] | None = None,
    seed: int = 0,
    exact: bool = False,
    initialisation: str = "pca",
    recipe: str = _RECIPE,
    on_event: Callable[[Any], None] | None = None,
) -> ImageMap:
    """Lay out every image as a point in the plane, near those that look like it, and say how good that is.

    Writes nothing but the neighbours' graph, to the cache; `ImageMap.save` writes the map. Labels decide
    nothing about a map of pixels; those of train images teach the network of learned features.

    Parameters
    ----------
    dataset
        What `load` takes, or the pair that it gives. ``None`` with features of your own and no images.
    split
        ``"all"``, ``"train"`` or ``"test"``.
    method
        ``"umap"`` (neighbourhoods, clear groups), ``"tsne"`` (neighbourhoods, finer) or ``"pca"`` (the two
        directions of most variance: distances stay true, groups overlap).
    features
        ``"pixels"``: their first 50 principal components. ``"learned"``: what a network trained on the train
        split computes just before its answer. Or your own: an array ``[n, d]`` or the path of an ``.npy``
        file, a row for each image; of more than 50 columns, the first 50 principal components.
    labels
        int64 ``[n]``, for features of your own without a data set.
    seed
        Of everything drawn.
    exact
        Compare all images with all to find the neighbours, which takes several times as long.
    initialisation
        Where points begin: ``"pca"``, for t-SNE and UMAP after averaging over neighbours, or ``"random"``.
    recipe
        Of the network that learns the features.
    on_event
        Called with each `MapStage`, `LayoutStep`, `NeighbourEvent` and `firstlight.training.Event`.

    Returns
    -------
    ImageMap
        ``.points``, ``.labels``, ``.quality``, ``.save("map.html")``.

    Raises
    ------
    UnknownNameError
        No such data set, split, method or initialisation.
    UsageError
        Too few images, all images equal, features with NaN or of another length.
    MissingExtraError
        ``openTSNE`` is not installed, which t-SNE needs.
    DataError
        The data cannot be had.

    Examples
    --------
    >>> import firstlight as fl
    >>> flat = fl.map("mnist", split="test", method="pca")
    >>> flat.points.shape, flat.quality.accuracy > 0.4
    ((10000, 2), True)
    """
    _check(method, features, initialisation)
    check_seed(seed)
    tell = on_event or (lambda _: None)
    kind = "own" if _is_array(features) else str(features)
    parts, train = ((), None) if dataset is None else chosen_parts(dataset, split)
    tell(MapStage("features"))
    rows, space = _features(features, parts, train, recipe=recipe, seed=seed, tell=tell)
    labels, splits, classes = _meaning(parts, labels, len(rows))
    k = neighbours_for(method, len(rows))
    tell(MapStage("neighbours"))
    graph = cached_neighbours(rows, k, exact=exact, seed=seed, on_event=tell)
    tell(MapStage("layout"))
    points, chosen = lay_out(method, rows, graph, seed=seed, initialisation=initialisation, tell=tell)
    tell(MapStage("quality"))
    return ImageMap(
        points=points,
        labels=labels,
        splits=splits,
        classes=classes,
        method=method,
        settings={
            "dataset": None if dataset is None else dataset_name(dataset),
            "split": split,
            "features": kind,
            **({"recipe": recipe} if kind == "learned" else {}),
            "seed": seed,
            "initialisation": initialisation,
            **chosen,
        },
        quality=measure_quality(points, rows, labels, splits, seed=seed),
        graph=graph,
        features=rows,
        space=space,
        images=torch.cat([part.images for part in parts]) if parts else None,
    )


def _is_array(features: FeaturesLike) -> bool:
    return not isinstance(features, str | Path)


def _check(method: str, features: FeaturesLike, initialisation: str) -> None:
    if method not in METHODS:
        raise UnknownNameError("method", str(method), METHODS)
    if initialisation not in INITIALISATIONS:
        raise UnknownNameError("initialisation", str(initialisation), INITIALISATIONS)
    if isinstance(features, str) and features not in _FEATURES and not features.endswith(".npy"):
        raise UnknownNameError("kind of features", features, [*_FEATURES, "a path that ends in .npy"])


def _features(
    features: FeaturesLike,
    parts: tuple[ImageDataset, ...],
    train: ImageDataset | None,
    *,
    recipe: str,
    seed: int,
    tell: Callable[[Any], None],
) -> tuple[Rows, FeatureSpace | None]:
    if _is_array(features) or str(features) not in _FEATURES:
        return _own(features, sum(len(part) for part in parts)), None
    if train is None:
        raise UsageError(f"{features} features are made of images; give a data set, or features of your own.")
    if features == "pixels":
        return pixel_features(*parts)
    rest = parts[1:] if parts[0] is train else parts
    rows, space = learned_features(train, *rest, recipe=recipe, seed=seed, on_event=tell)
    return (rows if parts[0] is train else rows[len(train) :]), space


def _own(features: FeaturesLike, images: int) -> Rows:
    table = check_features(_array(features))
    if images and len(table) != images:
        raise UsageError(
            f"There are {len(table):,} rows of features for {images:,} images; give one for each."
        )
    if len(table) < 2 or not (table != table[0]).any():
        raise UsageError(f"All {len(table):,} rows of features are equal, so there is nothing to lay out.")
    return principal_components(table, _MOST_COLUMNS).of(table)


def _array(features: FeaturesLike) -> Rows:
    if not isinstance(features, str | Path):
        return features
    path = Path(features).expanduser()
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}. Write one with numpy.save.") from None
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(f"{path} is no array of numbers that numpy.save wrote ({error}).") from error


def _meaning(
    parts: tuple[ImageDataset, ...], labels: NDArray[np.int64] | None, n: int
) -> tuple[NDArray[np.int64], NDArray[np.str_], tuple[str, ...]]:
    """Return labels, splits and classes."""
    if parts:
        if labels is not None:
            raise UsageError("labels are for features without a data set; a data set has its own.")
        splits = np.concatenate([np.full(len(part), part.split) for part in parts])
        return np.concatenate([part.labels.numpy() for part in parts]), splits, parts[0].classes
    known = np.zeros(n, np.int64) if labels is None else np.asarray(labels)
    if known.shape != (n,) or known.dtype.kind not in "iu" or known.min() < 0:
        raise UsageError(
            f"labels must be {n:,} whole numbers of at least 0; got {known.dtype} {known.shape}."
        )
    return known.astype(np.int64), np.full(n, "all"), tuple(str(name) for name in range(int(known.max()) + 1))
