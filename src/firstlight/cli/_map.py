"""`firstlight map`: every image a point in the plane, near those that look like it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset
    from firstlight.maps import ImageMap, LayoutScores, MapQuality

__all__ = ["draw_map"]

HERE = Path("map.html")


def draw_map(
    dataset: Annotated[
        str | None, typer.Argument(help="A data set's name, or a folder of images; mnist by default.")
    ] = None,
    method: Annotated[str, typer.Option(help="umap, tsne or pca.")] = "umap",
    features: Annotated[
        str | None, typer.Option(help="pixels, or learned: by a network that is trained on train first.")
    ] = None,
    own: Annotated[
        Path | None, typer.Option("--from", help="Features of your own: an .npy file, a row for each image.")
    ] = None,
    split: Annotated[str, typer.Option(help="all, train or test.")] = "all",
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare all images with all: slower, no neighbour missed.")
    ] = False,
    initialisation: Annotated[str, typer.Option(help="Where points begin: pca or random.")] = "pca",
    seed: Annotated[int, typer.Option(help="Of everything drawn.")] = 0,
    files: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help="Ends with .html, .png or .npz; more than one may be given."),
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Lay all images out on a map: like images lie near each other.

    Writes map.html unless -o says otherwise: a page to walk about in, that opens without a server. A .png is
    for paper, an .npz to load in Python again. Says how far the map can be trusted, beside plain PCA.
    """
    with command(json=json, quiet=quiet) as out:
        places = [file.expanduser() for file in files or [HERE]]
        if own is not None and files is None and dataset is None:
            places = [HERE.with_suffix(".png")]  # features alone have no images to make a page of
        _check(
            places, features=features, own=own, method=method, has_images=own is None or dataset is not None
        )
        started = perf_counter()
        image_map = _made(
            out, dataset if own is not None else dataset or "mnist", places, own or features or "pixels",
            split=split, method=method, exact=exact, initialisation=initialisation, seed=seed,
        )  # fmt: skip
        seconds = perf_counter() - started
        out.print(f"{_headline(image_map)}, in {seconds:.1f} s", "", _table(image_map.quality), "")
        for place in places:
            image_map.save(place)
            out.print(f"{place}: {_purpose(place)}")
        out.result({**image_map.fields(), "seconds": seconds, "files": places})


def _check(
    places: list[Path], *, features: str | None, own: Path | None, method: str, has_images: bool
) -> None:
    from importlib.util import find_spec

    from firstlight._errors import MissingExtraError, UnknownNameError, UsageError
    from firstlight.cli._map_files import check_files

    if features is not None and own is not None:
        raise UsageError(
            f"Features are either {features} or those of {own}; give one of --features and --from."
        )
    if features not in {None, "pixels", "learned"}:
        raise UnknownNameError("kind of features", str(features), ["learned", "pixels"])
    check_files(places, has_images=has_images)
    if method == "tsne" and find_spec("openTSNE") is None:
        raise MissingExtraError("t-SNE", package="openTSNE", extra="maps")


def _made(
    out: Output,
    dataset: str | None,
    places: list[Path],
    features: str | Path,
    *,
    split: str,
    method: str,
    exact: bool,
    initialisation: str,
    seed: int,
) -> ImageMap:
    from firstlight.cli._map_files import check_space
    from firstlight.cli._map_progress import MapProgress
    from firstlight.maps import map as make_map

    parts = None if dataset is None else _loaded(out, dataset)
    check_space(places, sum(map(len, parts or ())))
    with MapProgress(out) as progress:
        image_map = make_map(
            parts, split=split, method=method, features=features, seed=seed, exact=exact,
            initialisation=initialisation, on_event=progress,
        )  # fmt: skip
    # Under the name that it was asked for, a map that is read again finds its images, those of a folder too.
    return replace(image_map, settings={**image_map.settings, "dataset": dataset})


def _loaded(out: Output, dataset: str) -> tuple[ImageDataset, ImageDataset]:
    from firstlight.cli._source_progress import drawn_events
    from firstlight.datasets import load

    with drawn_events(out) as on_event:
        return load(dataset, on_event=on_event)


def _headline(image_map: ImageMap) -> str:
    settings = image_map.settings
    source = settings["dataset"] or "features of your own"
    which = "" if settings["split"] == "all" or not settings["dataset"] else f", {settings['split']} split"
    start = "" if image_map.method == "pca" else f", from {settings['initialisation']}"
    return (
        f"{source}{which}: {len(image_map):,} images by {image_map.method} of {settings['features']}{start}, "
        f"seed {settings['seed']}"
    )


def _table(quality: MapQuality) -> str:
    from firstlight.cli._columns import aligned

    def row(name: str, part: str, note: str) -> tuple[str, ...]:
        return (name, _percent(quality.map, part), _percent(quality.pca, part), note)

    rows = [
        ("", "this map", "plain PCA", ""),
        row("10-NN accuracy", "accuracy", quality.accuracy_of),
        row("trustworthiness", "trustworthiness", "points near on the map are alike"),
        row("neighbour recall", "neighbour_recall", "true neighbours that are near on the map"),
    ]
    if quality.accuracy is None:
        del rows[1]
    return aligned(rows, numbers=[1, 2], indent=2)


def _percent(scores: LayoutScores, part: str) -> str:
    value = getattr(scores, part)
    return "" if value is None else f"{100 * value:.2f} %"


def _purpose(place: Path) -> str:
    return {
        ".html": "open it in a browser; it needs no server and no network",
        ".png": "a picture of the map",
        ".npz": f"firstlight.load_map({place.name!r}) reads it again",
    }[place.suffix.lower()]
