"""`firstlight data list`: every data set that can be loaded by name, and which are here."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from firstlight.cli._output import JsonFlag, QuietFlag, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firstlight.datasets import DatasetInfo

__all__ = ["list_"]

HEAD = ("name", "train", "test", "classes", "pixels", "state", "licence")


def list_(json: JsonFlag = False, quiet: QuietFlag = False) -> None:
    """List all data sets, and which are here."""
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._columns import aligned
        from firstlight.datasets import imported_names, list_datasets

        infos = [*list_datasets(), *map(_imported_info, imported_names())]
        out.print(aligned([HEAD, *map(_row, infos)], numbers=[1, 2, 3]))
        out.say("", "Get one with: firstlight data get NAME")
        out.result({"datasets": [asdict(info) for info in infos]})


def _row(info: DatasetInfo) -> Sequence[str]:
    channels, height, width = info.image_shape
    return (
        info.name,
        f"{info.train_count:,}",
        f"{info.test_count:,}",
        str(info.class_count),
        f"{width} x {height}" + (" colour" if channels == 3 else ""),
        "ready" if info.is_cached else "not here",
        info.licence.split(" (")[0],
    )


def _imported_info(name: str) -> DatasetInfo:
    """Look into imported data; what cannot be read is listed without sizes, as not cached."""
    from firstlight._errors import FirstlightError
    from firstlight.datasets import DatasetInfo, load

    try:
        train, test = load(name)
    except FirstlightError:
        return DatasetInfo(name, "", 0, 0, 0, (1, 0, 0), "damaged", is_cached=False)
    sizes = len(train), len(test), len(train.classes)
    return DatasetInfo(name, train.card.title, *sizes, train.image_shape, "your own", is_cached=True)
