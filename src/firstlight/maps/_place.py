"""`place`: new images onto a map that is there, which does not move."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.maps._image_map import ImageMap
from firstlight.neighbours import check_features, nearest_of

__all__ = ["place"]

Rows = NDArray[np.float32]
_NEIGHBOURS = 15


def place(
    image_map: ImageMap, images: UInt8[Tensor, "m c h w"] | Float32[Rows, "m d"]
) -> Float32[Rows, "m 2"]:
    """Return where new images belong on a map; the map itself does not change.

    On a PCA map that is their projection. On the others, an image goes to the weighted median of its 15
    nearest images of the map, in feature space, near ones counting more: so it lands within the group that
    most of them are in, never in the empty space between two groups, where a mean would put it. It cannot
    found a group of its own: an image like none of the map still lands beside something.

    Parameters
    ----------
    image_map
        A map, from `map` or from a file.
    images
        uint8 ``[m, c, h, w]`` of the map's shape; for a map of features of your own, float32 rows ``[m, d]``
        of the map's features.

    Returns
    -------
    numpy.ndarray
        float32 ``[m, 2]``.

    Raises
    ------
    UsageError
        Images of another shape; images for a map of features of your own.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> flat = fl.map("mnist", split="test", method="pca")
    >>> fl.place(flat, train.images[:3]).shape
    (3, 2)
    """
    features = _features(image_map, images)
    if image_map.method == "pca":
        points = np.zeros((len(features), 2), np.float32)
        points[:, : features.shape[1]] = features[:, :2]
        return points
    indices, distances = nearest_of(features, image_map.features, min(_NEIGHBOURS, len(image_map)))
    return _median(image_map.points[indices], _weights(distances))


def _features(image_map: ImageMap, images: UInt8[Tensor, "m c h w"] | Rows) -> Rows:
    if image_map.space is not None:
        return check_features(image_map.space.of(torch.as_tensor(images)))
    rows = check_features(np.asarray(images), name="The new rows")
    if rows.shape[1] != image_map.features.shape[1]:
        raise UsageError(
            f"This map was made of {image_map.features.shape[1]} features of your own; "
            f"got rows of {rows.shape[1]}."
        )
    return rows


def _weights(distances: Rows) -> Rows:
    """Return weights that fall with distance beyond the nearest, e-fold at the spread of the fifteen."""
    beyond = distances - distances[:, :1]
    spread = np.maximum(beyond.mean(1, keepdims=True), np.float32(1e-12))
    weights: Rows = np.exp(-beyond / spread)
    return weights


def _median(candidates: Rows, weights: Rows, *, steps: int = 20) -> Rows:
    """Return the weighted geometric median of each row of points (Weiszfeld 1937); outliers hardly move it.

    Begins at the neighbour that has the least weighted distance to the others.
    """
    between = np.linalg.norm(candidates[:, :, None] - candidates[:, None], axis=3)
    best = (between * weights[:, None]).sum(2).argmin(1)
    points = candidates[np.arange(len(candidates)), best]
    for _ in range(steps):
        far = np.linalg.norm(candidates - points[:, None], axis=2)
        pull = (weights / np.maximum(far, np.float32(1e-3)))[:, :, None]
        points = (pull * candidates).sum(1) / pull.sum(1)
    median: Rows = points.astype(np.float32)
    return median
