"""`ImageMap`: every image a point in the plane, and how far to trust the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64, UInt8
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.maps._quality import MapQuality
from firstlight.neighbours import FeatureSpace, NeighbourGraph

__all__ = ["ImageMap"]

SUFFIXES = (".npz", ".png", ".html")


@dataclass(frozen=True, eq=False, repr=False)
class ImageMap:
    """Images laid out so that like images lie near each other.

    Distances within a neighbourhood mean something; those between far-off groups, and the sizes of groups,
    mean little, with t-SNE and UMAP least of all.

    Attributes
    ----------
    points
        float32 ``[n, 2]``.
    labels
        int64 ``[n]``.
    splits
        ``[n]`` of text: the split that each image comes from.
    classes
        The name of each class.
    method
        ``"pca"``, ``"tsne"`` or ``"umap"``.
    settings
        What was asked for and what was chosen: data set, features, seed, initialisation, and so on.
    quality
        How much of the neighbourhoods is kept, beside plain PCA.
    graph
        The nearest neighbours of each image, in feature space.
    features
        float32 ``[n, m]``: what the neighbours were found by.
    space
        Makes such features of new images; ``None`` for features of your own.
    images
        uint8 ``[n, c, h, w]``, where they are at hand; not kept in a file.
    """

    points: Float32[NDArray[np.float32], "n 2"]
    labels: Int64[NDArray[np.int64], " n"]
    splits: NDArray[np.str_]
    classes: tuple[str, ...]
    method: str
    settings: Mapping[str, Any]
    quality: MapQuality
    graph: NeighbourGraph
    features: Float32[NDArray[np.float32], "n m"]
    space: FeatureSpace | None = None
    images: UInt8[Tensor, "n c h w"] | None = field(default=None, compare=False)

    def __len__(self) -> int:
        return len(self.points)

    def save(self, path: str | Path) -> Path:
        """Write the map: ``.npz`` to load it again, ``.png`` to print it, ``.html`` to walk about in it.

        The file appears whole or not at all.

        Raises
        ------
        UsageError
            Another ending; or a page of a map whose images are not at hand.
        CacheError
            The disk refuses the file.
        """
        place = Path(path).expanduser()
        check_suffix(place)
        if place.suffix.lower() == ".npz":
            from firstlight.maps._map_file import write_map

            return write_map(self, place)
        if place.suffix.lower() == ".png":
            from firstlight.maps._picture import write_picture

            write_picture(self, place)
        else:
            from firstlight.maps._page import write_page

            write_page(self, self.images_at_hand(), place)
        return place

    def images_at_hand(self) -> UInt8[Tensor, "n c h w"]:
        """Return the images, loading the data set again for a map that was read from a file.

        Raises
        ------
        UsageError
            The map was made of features alone, or the data set is not the same any more.
        """
        if self.images is not None:
            return self.images
        from firstlight.maps._subject import images_again

        return images_again(self.settings.get("dataset"), str(self.settings.get("split")), self.labels)

    def fields(self) -> dict[str, Any]:
        """Return what the map is and how good it is, as plain values for JSON; not the points."""
        return {
            "method": self.method,
            "images": len(self),
            "classes": list(self.classes),
            "settings": dict(self.settings),
            "neighbours": {
                "k": self.graph.k,
                "metric": self.graph.metric,
                "exact": self.graph.is_exact,
                "recall": self.graph.recall,
            },
            "quality": self.quality.fields(),
        }

    def __repr__(self) -> str:
        source = self.settings.get("dataset") or "features of your own"
        return f"ImageMap({source}: {len(self):,} images by {self.method}; {self.quality})"


def check_suffix(path: Path) -> None:
    """Refuse, before any work is done, a file that a map cannot be written to."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"A map is saved as {', '.join(SUFFIXES)}; got {path.name!r}.")
