"""`write_picture`: a map on paper, with its classes named where they lie and digits where there is room."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float32, Int64, UInt8
from numpy.typing import NDArray
from torch import Tensor

from firstlight._atomic import write_file
from firstlight._errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from firstlight.maps._image_map import ImageMap

__all__ = ["PALETTE", "cluster_centres", "free_places", "write_picture"]

Rows = NDArray[np.float32]
# Ten that stay apart for readers who do not see red and green: Tol's "muted" (SRON/EPS/TN/09-002), whose
# pale yellow and grey are darkened to be seen on white.
PALETTE = (
    "#332288", "#88ccee", "#117733", "#ddaa33", "#cc6677",
    "#aa4499", "#44aa99", "#777777", "#882255", "#999933",
)  # fmt: skip
_SMALLEST, _LARGEST = 3.0, 40.0
_DPI = 150
_BINS = 60
_LABELLED = 20  # classes; more names than that hide the map
_THUMBNAIL = 0.026  # of the map's width
_MOST_THUMBNAILS = 160
_HALO = "#ffffff"
_INK = "#222222"


def write_picture(
    image_map: ImageMap,
    path: str | Path,
    *,
    images: UInt8[Tensor, "n c h w"] | None = None,
    size: float = 10.0,
) -> Path:
    """Write a map as a PNG: points coloured by class, names at the heart of each class, some of the images.

    Does not show every image, nor how good the map is beyond one line; the page does both.

    Parameters
    ----------
    image_map
        The map.
    path
        Ends with ``.png``. The file appears whole or not at all.
    images
        uint8 ``[n, c, h, w]``, for thumbnails; by default the map's own, where it has them at hand.
    size
        Width in inches at 150 pixels each, 3 to 40.

    Raises
    ------
    UsageError
        Another ending, a size out of range, or images that are not one for each point.
    MissingExtraError
        matplotlib is not installed.
    CacheError
        The disk refuses the file.
    """
    place, pictures = Path(path).expanduser(), image_map.images if images is None else images
    if place.suffix.lower() != ".png":
        raise UsageError(f"A picture of a map is a .png; got {place.name!r}.")
    if not _SMALLEST <= size <= _LARGEST:
        raise UsageError(f"The size is {_SMALLEST:g} to {_LARGEST:g} inches; got {size}.")
    if pictures is not None and len(pictures) != len(image_map):
        raise UsageError(
            f"There are {len(pictures):,} images for {len(image_map):,} points; give one for each."
        )
    figure = _drawn(image_map, pictures, size)
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=_DPI, facecolor="white")
    return write_file(place, page.getvalue())


def cluster_centres(
    points: Float32[Rows, "n 2"], labels: Int64[NDArray[np.int64], " n"], classes: int
) -> dict[int, tuple[float, float]]:
    """Return the densest place of each class that occurs; a mean could lie in another class altogether.

    Examples
    --------
    >>> points = np.array([[0, 0], [0, 0.1], [0.1, 0], [9, 9]], np.float32)
    >>> x, y = cluster_centres(points, np.zeros(4, np.int64), 1)[0]
    >>> x < 1 and y < 1
    True
    """
    low, high = points.min(0), points.max(0)
    extent = [(float(a), float(max(b, a + 1e-6))) for a, b in zip(low, high, strict=True)]
    centres = {}
    for label in range(classes):
        own = points[labels == label]
        if len(own):
            counts, *edges = np.histogram2d(own[:, 0], own[:, 1], bins=_BINS, range=extent)
            spots = np.unravel_index(_smoothed(counts).argmax(), counts.shape)
            middle = [float(edge[spot : spot + 2].mean()) for edge, spot in zip(edges, spots, strict=True)]
            near = own[
                np.linalg.norm(own - np.asarray(middle, np.float32), axis=1).argsort()[
                    : max(1, len(own) // 4)
                ]
            ]
            centres[label] = (float(np.median(near[:, 0])), float(np.median(near[:, 1])))
    return centres


def _smoothed(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.ndimage import gaussian_filter

    smooth: NDArray[np.float64] = gaussian_filter(counts, 2.0, mode="constant")
    return smooth


def free_places(
    points: Float32[Rows, "n 2"], *, side: float, taken: Bool[NDArray[np.bool_], " n"], most: int
) -> Int64[NDArray[np.int64], " m"]:
    """Choose points whose thumbnails of width ``side`` overlap neither each other nor a crowd of points.

    Loners come first: there a picture says most and hides least.

    Parameters
    ----------
    points
        The map.
    side
        Width of a thumbnail, in the map's units.
    taken
        Points that are to stay free of pictures, such as those beneath a name.
    most
        How many at most.
    """
    from scipy.spatial import cKDTree

    # Points of one thumbnail's square; the same over any scale of the map.
    crowd = cKDTree(points).query_ball_point(points, side / 2, p=np.inf, return_length=True)
    limit = max(2.0, float(np.quantile(crowd, 0.25)))
    chosen: list[int] = []
    for index in np.argsort(crowd, kind="stable"):
        if len(chosen) == most or crowd[index] > limit:
            break
        apart = np.abs(points[chosen] - points[index]).max(1) if chosen else np.array([np.inf])
        if not taken[index] and apart.min() > 1.15 * side:
            chosen.append(int(index))
    return np.array(chosen, np.int64)


def _drawn(image_map: ImageMap, images: Tensor | None, size: float) -> Figure:
    """Return the figure; no window, and no state of pyplot."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("A picture of a map", package="matplotlib", extra="maps") from error
    figure = Figure(figsize=(size, size * 1.04), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_points(axes, image_map, size)
    centres = cluster_centres(image_map.points, image_map.labels, len(image_map.classes))
    if images is not None:
        _draw_thumbnails(axes, image_map, images, list(centres.values()))
    if 1 < len(centres) <= _LABELLED:
        _draw_names(axes, image_map.classes, centres, size)
    # 10.2 points of type fill ten inches with the longest of these lines.
    axes.set_title(_title(image_map), fontsize=max(5.0, 1.02 * size), color=_INK, loc="left")
    return figure


def _draw_points(axes: Axes, image_map: ImageMap, size: float) -> None:
    points = image_map.points
    colours = np.array([PALETTE[label % len(PALETTE)] for label in range(len(image_map.classes))])
    # In a fixed random order, else the last class would lie upon all others.
    order = np.random.default_rng(0).permutation(len(points))
    area = float(np.clip(6e4 / len(points), 1.0, 40.0)) * (size / 10) ** 2
    axes.scatter(
        points[order, 0], points[order, 1], s=area, c=colours[image_map.labels[order]], linewidths=0,
        alpha=0.55 if len(points) > 5000 else 0.8, rasterized=True,
    )  # fmt: skip
    (left, low), (right, high) = points.min(0), points.max(0)
    half = 0.53 * max(float(right - left), float(high - low), 1e-6)
    axes.set_xlim((left + right) / 2 - half, (left + right) / 2 + half)
    axes.set_ylim((low + high) / 2 - half, (low + high) / 2 + half)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _draw_thumbnails(
    axes: Axes, image_map: ImageMap, images: Tensor, names: list[tuple[float, float]]
) -> None:
    left, right = axes.get_xlim()
    side = _THUMBNAIL * (right - left)
    points = image_map.points
    taken = np.zeros(len(points), np.bool_)
    for x, y in names:
        taken |= (np.abs(points[:, 0] - x) < 3 * side) & (np.abs(points[:, 1] - y) < 1.6 * side)
    for index in free_places(points, side=side, taken=taken, most=_MOST_THUMBNAILS):
        x, y = (float(part) for part in points[index])
        box = (x - side / 2, x + side / 2, y - side / 2, y + side / 2)
        colour = PALETTE[int(image_map.labels[index]) % len(PALETTE)]
        axes.imshow(_tile(images[index], colour), extent=box, zorder=3, interpolation="antialiased")
    # imshow narrows the view to the picture it draws.
    axes.set_xlim(left, right)


def _tile(image: Tensor, colour: str) -> NDArray[Any]:
    """Return float ``[h, w, 4]``: strokes in the class's colour on nothing; a coloured image as it is."""
    pixels = image.numpy(force=True).astype(np.float32) / 255
    if len(pixels) == 3:
        return np.dstack([*pixels, np.ones_like(pixels[0])])
    from matplotlib.colors import to_rgb

    ink = np.broadcast_to(np.asarray(to_rgb(colour), np.float32) * np.float32(0.75), (*pixels[0].shape, 3))
    return np.dstack([ink, pixels[0]])


def _draw_names(
    axes: Axes, classes: tuple[str, ...], centres: dict[int, tuple[float, float]], size: float
) -> None:
    from matplotlib.patheffects import withStroke

    longest = max(len(classes[label]) for label in centres)
    type_size = (2.4 if longest <= 2 else 1.35) * size
    for label, (x, y) in centres.items():
        axes.text(
            x, y, classes[label], fontsize=type_size, fontweight="bold", ha="center", va="center",
            color=_INK, zorder=5, path_effects=[withStroke(linewidth=0.35 * size, foreground=_HALO)],
        )  # fmt: skip


def _title(image_map: ImageMap) -> str:
    settings, quality = image_map.settings, image_map.quality
    method = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}.get(image_map.method, image_map.method)
    source = Path(str(settings.get("dataset") or "own features")).name
    split = settings.get("split")
    where = "" if split in (None, "all") else f" {split}"
    accuracy = "" if quality.accuracy is None else f"10-NN accuracy {100 * quality.accuracy:.1f} %, "
    return (
        f"{source}{where} by {method}: {len(image_map):,} images, seed {settings.get('seed', '?')}\n"
        f"{accuracy}trustworthiness {quality.trustworthiness:.3f}, "
        f"15 nearest kept {100 * quality.neighbour_recall:.0f} %"
    )
