"""Data sets written for other programs: IDX, PNG folders, NPZ and Parquet. `load` reads all four back."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from firstlight._errors import UsageError
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._folder import class_folder
from firstlight.datasets._marker import write_marker
from firstlight.datasets._parquet import parquet_library
from firstlight.datasets._raw import Array, OnProgress, split_of
from firstlight.datasets._replacing import whole_or_nothing
from firstlight.sources._idx import write_idx

__all__ = ["ExportFormat", "export"]

ExportFormat = Literal["idx", "png", "npz", "parquet"]
ENDINGS: dict[str, ExportFormat] = {".npz": "npz", ".parquet": "parquet"}
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class _Part:
    """One split to write, under the name that other programs know."""

    name: str
    images: Array
    labels: Array

    @property
    def hwc(self) -> Array:
        """Images as [n, h, w], or [n, h, w, 3]."""
        return self.images[:, 0] if self.images.shape[1] == 1 else self.images.transpose(0, 2, 3, 1)


def export(
    data: ImageDataset | Sequence[ImageDataset],
    path: str | Path,
    *,
    format: ExportFormat | None = None,  # noqa: A002
    overwrite: bool = False,
    on_progress: OnProgress = None,
) -> Path:
    """Write one or more splits of a data set for other programs; all appears at once, or nothing.

    - ``"idx"``: a folder with ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``; test is ``t10k-``.
    - ``"png"``: a folder ``<split>/<class>/<place>.png``, as torchvision's ImageFolder takes it. Read back,
      pictures come by class. Signs that a file system forbids are written as in a URL: ``T-shirt%2Ftop``.
    - ``"npz"``: one file with Keras's names ``x_train``, ``y_train``, ``x_test``, ``y_test`` ([n, h, w] or
      [n, h, w, 3]), and ``classes``; of one data set alone ``images`` and ``labels``.
    - ``"parquet"``: a folder with ``train-00000-of-00001.parquet`` and so on (or, for one split and a path
      that ends in ``.parquet``, that file), with columns ``image`` (PNG) and ``label`` that Hugging Face's
      `datasets.load_dataset` shows as Image and ClassLabel.

    Labels, pixels and the names of the classes are kept, columns and the card are not.

    Parameters
    ----------
    data
        A data set, or several splits of one, such as what `load` returns.
    path
        Where to write it.
    format
        One of the four; ``None`` goes by the ending ``.npz`` or ``.parquet``.
    overwrite
        Replace what is there. A folder is replaced only if it was exported, or is empty.
    on_progress
        Called now and then with the number of images written and of all (PNG and Parquet only).

    Returns
    -------
    pathlib.Path
        Where it lies now.

    Raises
    ------
    UsageError
        The format cannot hold the data, or there is something at the path already.
    DataError
        The place cannot be written.
    MissingExtraError
        Parquet is wanted, and pyarrow is not installed.

    Examples
    --------
    >>> import tempfile, firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = export((train, test), f"{folder}/mnist", format="idx")
    ...     sorted(file.name for file in written.glob("t10k*"))
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']
    """
    datasets = (data,) if isinstance(data, ImageDataset) else tuple(data)
    place = Path(path).expanduser().absolute()
    chosen = _chosen_format(place, format)
    parts, classes = _parts(datasets), _checked_classes(datasets, chosen)
    tell = _progress(on_progress, sum(len(part.labels) for part in parts))
    if chosen == "parquet":
        parquet_library()  # before anything is written
    with whole_or_nothing(place, overwrite=overwrite) as part:
        _write(part, chosen, parts, classes, tell, is_file=place.suffix.lower() == ".parquet")
    return place


def _write(
    path: Path,
    format: ExportFormat,  # noqa: A002
    parts: tuple[_Part, ...],
    classes: tuple[str, ...],
    tell: Callable[[], None],
    *,
    is_file: bool,
) -> None:
    if format == "npz":
        _write_npz(path, parts, classes)
        return
    if is_file and format == "parquet":
        if len(parts) != 1:
            raise UsageError(
                f"One Parquet file holds one split, and {len(parts)} were given. Give a folder to write to."
            )
        _write_table(path, parts[0], classes, tell)
        return
    path.mkdir()
    write_marker(path, format, classes)
    for part in parts:
        if format == "idx":
            _write_idx(path, part, len(classes))
        elif format == "png":
            _write_pictures(path / part.name, part, classes, tell)
        else:
            _write_table(path / f"{part.name}-00000-of-00001.parquet", part, classes, tell)


def _chosen_format(path: Path, format: str | None) -> ExportFormat:  # noqa: A002
    known = get_args(ExportFormat)
    chosen = ENDINGS.get(path.suffix.lower()) if format is None else format
    if chosen not in known:
        told = f"format={format!r} is none of them" if format else f"{path.name} does not say which"
        raise UsageError(f"Formats to export are {', '.join(known)}; {told}. Give format=.")
    return chosen  # type: ignore[return-value]  # one of the four, as was just checked


def _parts(datasets: tuple[ImageDataset, ...]) -> tuple[_Part, ...]:
    if not datasets:
        raise UsageError("There is nothing to export; give a data set, or several splits of one.")
    names = [_split_name(dataset.split, alone=len(datasets) == 1) for dataset in datasets]
    if len(set(names)) != len(names):
        raise UsageError(
            f"Two of the data sets are the same split: {', '.join(dataset.split for dataset in datasets)}. "
            "Give each another split with dataset.replacing(split=...)."
        )
    return tuple(_Part(name, *dataset.numpy()) for name, dataset in zip(names, datasets, strict=True))


def _split_name(split: str, *, alone: bool) -> str:
    """Name a split in files: train, test or validation, where it is one of them."""
    plain = "all" if alone else re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")
    return split_of(split) or plain or "all"


def _checked_classes(datasets: tuple[ImageDataset, ...], format: ExportFormat) -> tuple[str, ...]:  # noqa: A002
    first = datasets[0]
    for other in datasets[1:]:
        if (other.classes, other.image_shape) != (first.classes, first.image_shape):
            raise UsageError(
                f"All splits must have the same classes and image shape; {first.split} has "
                f"{first.classes} and {first.image_shape}, {other.split} has {other.classes} and "
                f"{other.image_shape}."
            )
    if first.image_shape[0] not in (1, 3):
        raise UsageError(f"{format} holds images of 1 or 3 channels; these have {first.image_shape[0]}.")
    return first.classes


def _progress(on_progress: OnProgress, total: int) -> Callable[[], None]:
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if on_progress is not None and (done % ROWS_AT_ONCE == 0 or done == total):
            on_progress(done, total)

    return tell


def _write_idx(folder: Path, part: _Part, class_count: int) -> None:
    images = part.images[:, 0] if part.images.shape[1] == 1 else part.images
    # A byte is what every other program expects of labels.
    labels = part.labels.astype(np.uint8 if class_count <= 256 else np.int32)
    prefix, kind = "t10k" if part.name == "test" else part.name, "ubyte" if class_count <= 256 else "int"
    for name, array in (
        (f"{prefix}-images-idx{images.ndim}-ubyte", images),
        (f"{prefix}-labels-idx1-{kind}", labels),
    ):
        with (folder / name).open("wb") as file:
            write_idx(file, array)


def _write_npz(path: Path, parts: tuple[_Part, ...], classes: tuple[str, ...]) -> None:
    if len(parts) == 1:
        arrays: dict[str, Any] = {"images": parts[0].hwc, "labels": parts[0].labels}
    else:
        arrays = {f"x_{part.name}": part.hwc for part in parts}
        arrays |= {f"y_{part.name}": part.labels for part in parts}
    with path.open("wb") as file:  # given a name, NumPy would add an ending
        np.savez_compressed(file, classes=np.array(classes), **arrays)


def _pngs(part: _Part) -> Iterator[bytes]:
    from PIL import Image

    for image in part.hwc:
        out = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(image)).save(out, "png")
        yield out.getvalue()


def _write_pictures(folder: Path, part: _Part, classes: tuple[str, ...], tell: Callable[[], None]) -> None:
    folders = [folder / class_folder(name) for name in classes]
    for label in np.unique(part.labels):
        folders[label].mkdir(parents=True)
    digits = len(str(len(part.labels) - 1))
    for place, (png, label) in enumerate(zip(_pngs(part), part.labels.tolist(), strict=True)):
        (folders[label] / f"{place:0{digits}}.png").write_bytes(png)
        tell()


def _write_table(path: Path, part: _Part, classes: tuple[str, ...], tell: Callable[[], None]) -> None:
    import pyarrow

    features = {"image": {"_type": "Image"}, "label": {"names": list(classes), "_type": "ClassLabel"}}
    picture = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    schema = pyarrow.schema(
        [("image", picture), ("label", pyarrow.int64())],
        metadata={"huggingface": json.dumps({"info": {"features": features}})},
    )
    pngs = _pngs(part)
    with parquet_library().ParquetWriter(path, schema) as writer:
        for start in range(0, len(part.labels), ROWS_AT_ONCE):
            labels = part.labels[start : start + ROWS_AT_ONCE].tolist()
            rows = []
            # Labels first: zip asks the first for one more than it gives, and a PNG would be lost.
            for place, (label, png) in enumerate(zip(labels, pngs, strict=False), start):
                rows.append({"image": {"bytes": png, "path": f"{place}.png"}, "label": label})
                tell()
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
