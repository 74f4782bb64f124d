"""Export: what is written is read back bit for bit (invariance), and by other programs' own readers (oracle)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import firstlight as fl
from firstlight._errors import CacheError, UsageError
from firstlight.datasets._export import export
from firstlight.datasets._own_files import read_own
from firstlight.datasets._raw import RawSplit

FORMATS = ["idx", "png", "npz", "parquet"]
# Neither in the order of the alphabet nor all fit for a file name; one without images.
CLASSES = ("T-shirt/top", "Coat", "ant 10", "ant 9", "unseen")


def made(split: str, count: int, *, channels: int = 1, size: tuple[int, int] = (7, 5)) -> fl.ImageDataset:
    generator = torch.Generator().manual_seed(count)
    images = torch.randint(0, 256, (count, channels, *size), dtype=torch.uint8, generator=generator)
    labels = torch.randint(0, 4, (count,), generator=generator)
    return fl.ImageDataset("made", split, images, labels, CLASSES, (0.5,) * channels, (0.2,) * channels)


def assert_same(dataset: fl.ImageDataset, split: RawSplit, *, by_class: bool) -> None:
    images, labels = dataset.numpy()
    order = np.argsort(labels, kind="stable") if by_class else np.arange(len(labels))
    np.testing.assert_array_equal(split.images, images[order])
    np.testing.assert_array_equal(split.labels, labels[order])
    assert split.classes == dataset.classes


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("channels", "size"), [(1, (7, 5)), (3, (7, 5)), (1, (4, 3)), (3, (4, 3)), (3, (1, 1))]
)
def test_a_pair_comes_back_bit_for_bit(
    tmp_path: Path, kind: str, channels: int, size: tuple[int, int]
) -> None:
    train, test = (
        made("train", 60, channels=channels, size=size),
        made("test", 20, channels=channels, size=size),
    )
    path = export((train, test), tmp_path / ("out.npz" if kind == "npz" else "out"), format=kind)
    splits = read_own(path)
    assert sorted(splits) == ["test", "train"]
    assert_same(train, splits["train"], by_class=kind == "png")
    assert_same(test, splits["test"], by_class=kind == "png")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]  # nothing half-written is left


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("split", ["train", "test", "train, part 1 of 2"])
def test_one_split_alone_comes_back(tmp_path: Path, kind: str, split: str) -> None:
    data = made(split, 30)
    (found,) = read_own(export(data, tmp_path / ("x.npz" if kind == "npz" else "x"), format=kind)).values()
    assert_same(data, found, by_class=kind == "png")


@pytest.mark.parametrize("kind", ["idx", "npz", "parquet"])
def test_real_mnist_comes_back_in_its_order(
    tmp_path: Path, mnist: tuple[fl.ImageDataset, ...], kind: str
) -> None:
    test = mnist[1][:2500]  # more rows than are written at once
    (found,) = read_own(export(test, tmp_path / f"x.{kind}", format=kind)).values()
    assert_same(test, found, by_class=False)


def test_the_ending_says_the_format(tmp_path: Path) -> None:
    data = made("train", 20)
    with np.load(export(data, tmp_path / "x.npz"), allow_pickle=False) as arrays:
        assert sorted(arrays) == ["classes", "images", "labels"]
    assert export(data, tmp_path / "x.parquet").is_file()
    with pytest.raises(
        UsageError, match=r"Formats to export are idx, png, npz, parquet; x does not say which"
    ):
        export(data, tmp_path / "x")
    with pytest.raises(UsageError, match="format='csv' is none of them"):
        export(data, tmp_path / "x", format="csv")


def test_npz_is_what_keras_reads(tmp_path: Path) -> None:
    train, test = made("train", 20), made("test", 5)
    with np.load(export((train, test), tmp_path / "x.npz"), allow_pickle=False) as arrays:
        assert arrays["x_train"].shape == (20, 7, 5)
        assert arrays["x_train"].dtype == np.uint8
        np.testing.assert_array_equal(arrays["y_test"], test.labels.numpy())


def test_idx_has_the_published_names_and_bytes(tmp_path: Path, mnist: tuple[fl.ImageDataset, ...]) -> None:
    from firstlight.sources import member_path

    folder = export(mnist[1], tmp_path / "x", format="idx")
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        assert (folder / name).read_bytes() == member_path("mnist", name).read_bytes()


def test_many_classes_take_wider_labels(tmp_path: Path) -> None:
    names = tuple(f"c{number}" for number in range(300))
    data = fl.ImageDataset(
        "many",
        "train",
        torch.zeros(300, 1, 2, 2, dtype=torch.uint8),
        torch.arange(300),
        names,
        (0.1,),
        (0.2,),
    )
    (found,) = read_own(export(data, tmp_path / "x", format="idx")).values()
    np.testing.assert_array_equal(found.labels, np.arange(300))


def test_parquet_carries_hugging_faces_features(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = export(made("train", 12), tmp_path / "x.parquet")
    table = pq.read_table(path)
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert features == {"image": {"_type": "Image"}, "label": {"names": list(CLASSES), "_type": "ClassLabel"}}
    assert str(table.schema.field("image").type) == "struct<bytes: binary, path: string>"
    assert str(table.schema.field("label").type) == "int64"
    assert table.column("image")[3].as_py()["bytes"].startswith(b"\x89PNG")


def test_a_folder_of_pictures_is_what_torchvision_takes(tmp_path: Path) -> None:
    train = made("train", 20, channels=3)
    folder = export(train, tmp_path / "x", format="png")
    seen = sorted(entry.name for entry in (folder / "train").iterdir())
    assert seen == ["Coat", "T-shirt%2Ftop", "ant 10", "ant 9"]
    name = "T-shirt%2Ftop" if train.labels[7] == 0 else train.classes[train.labels[7]]
    with Image.open(folder / "train" / name / "07.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), train.images[7].permute(1, 2, 0).numpy())


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    data = made("train", 1500, size=(2, 2))
    export(data, tmp_path / "x.parquet", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 1500), (1500, 1500)]


# --- what is there already -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_is_overwritten_unless_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("x.npz" if kind == "npz" else "x")
    export(made("train", 20), path, format=kind)
    with pytest.raises(UsageError, match=r"something at .*x.* already\. .*overwrite=True"):
        export(made("train", 10), path, format=kind)
    assert len(next(iter(read_own(path).values())).labels) == 20
    export(made("train", 10), path, format=kind, overwrite=True)
    assert len(next(iter(read_own(path).values())).labels) == 10
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_of_somebody_elses_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="a folder that firstlight did not export"):
        export(made("train", 10), tmp_path / "home", format="png", overwrite=True)
    assert (tmp_path / "home/thesis.tex").read_text() == "years of work"
    (tmp_path / "empty").mkdir()
    export(made("train", 10), tmp_path / "empty", format="png", overwrite=True)


@pytest.mark.parametrize("kind", ["png", "parquet"])
def test_what_fails_half_way_leaves_everything_as_it_was(tmp_path: Path, kind: str) -> None:
    path = export(made("train", 1500, size=(2, 2)), tmp_path / "x", format=kind)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(made("train", 2000, size=(2, 2)), path, format=kind, overwrite=True, on_progress=stop)
    assert len(next(iter(read_own(path).values())).labels) == 1500
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CacheError, match=r"Cannot write .*file/out.* choose another place"):
        export(made("train", 10), tmp_path / "file" / "out", format="idx")


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ([], "nothing to export"),
        ([made("train", 10), made("train", 12)], "are the same split: train, train"),
        ([made("train", 10), made("test", 12, size=(9, 9))], "must have the same classes and image shape"),
        ([made("train", 10, channels=2)], "holds images of 1 or 3 channels; these have 2"),
    ],
)
def test_what_cannot_be_held_is_refused(tmp_path: Path, parts: list[fl.ImageDataset], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        export(parts, tmp_path / "x", format="idx")
    assert list(tmp_path.iterdir()) == []


def test_one_parquet_file_holds_one_split(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="One Parquet file holds one split, and 2 were given"):
        export((made("train", 10), made("test", 5)), tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []
