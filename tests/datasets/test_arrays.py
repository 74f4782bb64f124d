"""Your own NPZ, IDX and Parquet files, by behaviour, and against NumPy's and pyarrow's own writers as oracle."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from firstlight._errors import DataCorruptError, DataMissingError, MissingExtraError, UsageError
from firstlight.datasets._arrays import as_images, read_idx_folder, read_npz
from firstlight.datasets._own_files import read_own
from firstlight.datasets._parquet import read_parquet
from firstlight.sources._idx import write_idx

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (6, 4, 5), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (6, 4, 5, 3), dtype=np.uint8)
LABELS = np.array([0, 2, 1, 1, 0, 2])


def npz(path: Path, **arrays: object) -> Path:
    np.savez_compressed(path, **arrays)
    return path


# --- NPZ ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("train_x", "train_y", "test_x", "test_y"),
    ],
)
def test_the_usual_names_of_two_splits(tmp_path: Path, names: tuple[str, ...]) -> None:
    arrays = dict(zip(names, (GREY, LABELS, GREY[:2], LABELS[:2]), strict=True))
    splits = read_npz(npz(tmp_path / "a.npz", **arrays))
    assert sorted(splits) == ["test", "train"]
    np.testing.assert_array_equal(splits["train"].images[:, 0], GREY)
    np.testing.assert_array_equal(splits["test"].labels, LABELS[:2])
    assert splits["test"].classes == splits["train"].classes == ("0", "1", "2")
    assert splits["train"].labels.dtype == np.int64


@pytest.mark.parametrize("names", [("images", "labels"), ("x", "y"), ("data", "target")])
def test_the_usual_names_of_one_pair(tmp_path: Path, names: tuple[str, str]) -> None:
    (split,) = read_npz(npz(tmp_path / "a.npz", **dict(zip(names, (COLOUR, LABELS), strict=True)))).values()
    np.testing.assert_array_equal(split.images, COLOUR.transpose(0, 3, 1, 2))


def test_validation_labels_in_a_column_and_names_of_the_classes(tmp_path: Path) -> None:
    column = LABELS[:, None].astype(np.uint8)  # as MedMNIST has them
    path = npz(
        tmp_path / "a.npz",
        **{f"{split}_images": GREY for split in ("train", "val", "test")},
        **{f"{split}_labels": column for split in ("train", "val", "test")},
        classes=np.array(["ant", "bee", "cow", "never seen"]),
    )
    splits = read_npz(path)
    assert {split: len(part.labels) for split, part in splits.items()} == {"train": 12, "test": 6}
    assert splits["train"].classes == ("ant", "bee", "cow", "never seen")


def test_words_become_classes_in_natural_order(tmp_path: Path) -> None:
    words = np.array(["ten 10", "ten 9", "a", "a", "ten 9", "ten 10"])
    (split,) = read_npz(npz(tmp_path / "a.npz", images=GREY, labels=words)).values()
    assert split.classes == ("a", "ten 9", "ten 10")
    assert split.labels.tolist() == [2, 1, 0, 0, 1, 2]


def test_a_fortran_array_is_read_in_its_logical_order(tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=np.asfortranarray(GREY), labels=LABELS)
    np.testing.assert_array_equal(read_npz(path)["all"].images[:, 0], GREY)


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        ({"a": GREY, "b": LABELS}, r"has the arrays a, b; needed are x_train and y_train"),
        ({"images": GREY, "labels": LABELS[:5]}, "has 6 images and 5 labels"),
        ({"images": GREY, "labels": np.eye(3)[LABELS]}, r"shape \(6, 3\), not \[n\].*argmax"),
        ({"images": GREY, "labels": LABELS - 1}, "labels from -1 to 1; class numbers"),
        ({"images": GREY, "labels": LABELS + 0.5}, "class numbers are whole"),
        ({"images": GREY, "labels": LABELS + 70_000}, "class numbers are whole, from 0 to 65535"),
        ({"images": GREY, "labels": np.full(6, np.nan)}, "class numbers are whole"),
        ({"images": GREY, "labels": LABELS > 0}, "labels of type bool"),
        ({"images": GREY, "labels": LABELS, "classes": np.array(["a", "b"])}, "label 2, but only 2 classes"),
        (
            {"images": GREY, "labels": np.array(list("abcabd")), "classes": np.array(list("abc"))},
            "label 'd', which",
        ),
        ({"images": GREY[:0], "labels": LABELS[:0]}, "has no labels"),
        (
            {"images": GREY.reshape(6, 20), "labels": LABELS},
            r"images of shape \(6, 20\).*reshape\(-1, 28, 28\)",
        ),
        ({"images": np.zeros((6, 2, 5, 4)), "labels": LABELS}, "from 0 to 1"),
        ({"images": np.full((6, 2, 5, 4), 2), "labels": LABELS}, "neither the second nor the last axis"),
        ({"images": GREY / 255, "labels": LABELS}, r"from 0 to 1\. Bring them to 0 to 255.*255 \* images"),
        ({"images": GREY > 9, "labels": LABELS}, "bool from 0 to 1"),
        ({"images": GREY - 0.5, "labels": LABELS}, "not all whole numbers from 0 to 255"),
        ({"images": GREY.astype(int) + 1, "labels": LABELS}, "from .* to 25[0-9]|256"),
        ({"images": GREY * np.nan, "labels": LABELS}, "not all whole numbers"),
        ({"images": GREY.astype(complex), "labels": LABELS}, "images of type complex128"),
    ],
)
def test_arrays_that_cannot_be_meant_are_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], match: str
) -> None:
    if "images" in arrays and arrays["images"].dtype == np.int64 and arrays["images"].shape == GREY.shape:
        arrays["images"][0, 0, 0] = 256
    with pytest.raises(DataCorruptError, match=match):
        read_npz(npz(tmp_path / "a.npz", **arrays))


@pytest.mark.parametrize("dtype", ["int32", "float32", "uint16", ">i8", "float64"])
def test_whole_numbers_of_another_type_are_taken(tmp_path: Path, dtype: str) -> None:
    (split,) = read_npz(
        npz(tmp_path / "a.npz", images=GREY.astype(dtype), labels=LABELS.astype(dtype))
    ).values()
    np.testing.assert_array_equal(split.images[:, 0], GREY)
    np.testing.assert_array_equal(split.labels, LABELS)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = npz(
        tmp_path / "a.npz", images=GREY, labels=np.array(["a", None, "b", "a", "b", "a"], dtype=object)
    )
    with pytest.raises(DataCorruptError, match="Python objects, which can run code and are never opened"):
        read_npz(path)


@pytest.mark.parametrize(
    ("claim", "match"),
    [
        (
            b"(1000000000,), }",
            r"claims uint8 of shape \(1000000000,\), 1,000,000,000 bytes, but 10 are there",
        ),
        (b"(10**9,), }     ", "cannot be read as an NPZ file"),
    ],
)
def test_a_lying_array_header_allocates_nothing(tmp_path: Path, claim: bytes, match: str) -> None:
    array = io.BytesIO()
    np.save(array, np.zeros(10, np.uint8))
    lying = array.getvalue().replace(b"(10,), }        ", claim)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("images.npy", lying)
        archive.writestr("labels.npy", lying)
    tracemalloc.start()
    try:
        with pytest.raises(DataCorruptError, match=match):
            read_npz(tmp_path / "a.npz")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_files_that_are_no_npz_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"hello")
    with pytest.raises(DataCorruptError, match="cannot be read as an NPZ file"):
        read_npz(tmp_path / "a.npz")
    with pytest.raises(DataMissingError, match="no NPZ file at"):
        read_npz(tmp_path / "b.npz")


@pytest.mark.parametrize(
    ("shape", "prefer", "expected"),
    [
        ((2, 4, 5), "last", (2, 1, 4, 5)),
        ((2, 4, 5, 1), "last", (2, 1, 4, 5)),
        ((2, 4, 5, 3), "first", (2, 3, 4, 5)),
        ((2, 3, 4, 5), "last", (2, 3, 4, 5)),
        ((2, 3, 4, 3), "last", (2, 3, 3, 4)),
        ((2, 3, 4, 3), "first", (2, 3, 4, 3)),
        ((2, 1, 4, 3), "first", (2, 1, 4, 3)),
    ],
)
def test_channels_are_found_by_the_documented_rule(
    shape: tuple[int, ...], prefer: str, expected: tuple[int, ...]
) -> None:
    assert as_images(np.zeros(shape, np.uint8), place="x", prefer=prefer).shape == expected


# --- IDX ----------------------------------------------------------------------------------------------------


def idx(path: Path, array: np.ndarray) -> None:
    file = io.BytesIO()
    write_idx(file, array)
    path.write_bytes(gzip.compress(file.getvalue()) if path.suffix == ".gz" else file.getvalue())


@pytest.mark.parametrize(
    "names",
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "test-images.idx3-ubyte", "test-labels.idx1-ubyte"),
        ("my-train-images-idx3-ubyte.gz", "my-train-labels-idx1-ubyte.gz", "my-test-images-idx3-ubyte", "my-test-labels-idx1-ubyte"),
    ],
)  # fmt: skip
def test_the_four_usual_idx_files(tmp_path: Path, names: tuple[str, ...]) -> None:
    labels = LABELS.astype(np.uint8)
    for name, array in zip(names, (GREY, labels, GREY[:3], labels[:3]), strict=True):
        idx(tmp_path / name, array)
    (tmp_path / "notes.txt").write_text("hello")
    splits = read_own(tmp_path)
    np.testing.assert_array_equal(splits["train"].images[:, 0], GREY)
    np.testing.assert_array_equal(splits["test"].labels, LABELS[:3])
    assert splits["train"].classes == ("0", "1", "2")


def test_idx_with_a_part_missing_or_exchanged_is_refused(tmp_path: Path) -> None:
    idx(tmp_path / "train-images-idx3-ubyte", GREY)
    with pytest.raises(DataMissingError, match="no IDX file with the labels of train"):
        read_idx_folder(tmp_path)
    idx(tmp_path / "train-labels-idx1-ubyte", GREY)
    with pytest.raises(DataCorruptError, match="where 1 are needed"):
        read_idx_folder(tmp_path)
    idx(tmp_path / "train-labels-idx1-ubyte", LABELS.astype(np.uint8))
    idx(tmp_path / "train-images.idx3-ubyte", GREY)
    with pytest.raises(DataCorruptError, match="are both images of train"):
        read_idx_folder(tmp_path)
    with pytest.raises(DataMissingError, match="has no IDX files such as train-images"):
        read_idx_folder(tmp_path / "nowhere")


def test_an_idx_file_and_its_own_gzip_are_one(tmp_path: Path) -> None:
    for name, array in (
        ("train-images-idx3-ubyte", GREY),
        ("train-labels-idx1-ubyte", LABELS.astype(np.uint8)),
    ):
        idx(tmp_path / name, array)
        idx(tmp_path / f"{name}.gz", array)
    assert len(read_idx_folder(tmp_path)["train"].labels) == 6


# --- Parquet ------------------------------------------------------------------------------------------------


def png(image: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "png")
    return out.getvalue()


def parquet(
    path: Path,
    images: np.ndarray = GREY,
    labels: object = LABELS,
    *,
    image: str = "image",
    label: str = "label",
    plain: bool = False,
    names: list[str] | None = None,
) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pictures = [png(one) if plain else {"bytes": png(one), "path": None} for one in images]
    table = pa.table({image: pictures, label: labels})
    if names:
        features = {image: {"_type": "Image"}, label: {"_type": "ClassLabel", "names": names}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("image", "label"), [("image", "label"), ("img", "fine_label")])
def test_one_table(tmp_path: Path, plain: bool, image: str, label: str) -> None:
    path = parquet(
        tmp_path / "a.parquet", COLOUR, image=image, label=label, plain=plain, names=["x", "y", "z"]
    )
    (split,) = read_own(path).values()
    np.testing.assert_array_equal(split.images, COLOUR.transpose(0, 3, 1, 2))
    np.testing.assert_array_equal(split.labels, LABELS)
    assert split.classes == ("x", "y", "z")


@pytest.mark.parametrize("folder", [".", "data"])
def test_a_folder_as_it_lies_on_the_hub(tmp_path: Path, folder: str) -> None:
    for number, part in enumerate((slice(0, 4), slice(4, None))):
        parquet(tmp_path / folder / f"train-0000{number}-of-00002.parquet", GREY[part], LABELS[part])
    parquet(tmp_path / folder / "test-00000-of-00001.parquet", GREY[:1], LABELS[:1])
    splits = read_own(tmp_path)
    np.testing.assert_array_equal(splits["train"].images[:, 0], GREY)
    np.testing.assert_array_equal(splits["train"].labels, LABELS)
    assert len(splits["test"].labels) == 1


def test_words_in_a_table_become_classes(tmp_path: Path) -> None:
    (split,) = read_parquet(parquet(tmp_path / "a.parquet", labels=list("bacabc"))).values()
    assert split.classes == ("a", "b", "c")
    assert split.labels.tolist() == [1, 0, 2, 0, 1, 2]


def test_size_and_channels_reach_the_pictures(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet")
    assert read_own(path, size=(2, 2), channels=3)["all"].images.shape == (6, 3, 2, 2)


def test_tables_that_cannot_be_meant_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pytest.raises(DataCorruptError, match="has the columns picture_, label; needed are one of image"):
        read_parquet(parquet(tmp_path / "a.parquet", image="picture_"))
    pq.write_table(
        pa.table({"image": [{"bytes": None, "path": "x.png"}], "label": [1]}), tmp_path / "a.parquet"
    )
    with pytest.raises(DataCorruptError, match="without the bytes of a picture"):
        read_parquet(tmp_path / "a.parquet")
    pq.write_table(pa.table({"image": [b"GIF", png(GREY[0])], "label": [1, 0]}), tmp_path / "a.parquet")
    with pytest.raises(DataCorruptError, match=r"row 0 of .*a\.parquet is not a readable picture"):
        read_parquet(tmp_path / "a.parquet")
    pq.write_table(
        pa.table({"image": [png(GREY[0])], "label": pa.array([None], pa.int64())}), tmp_path / "a.parquet"
    )
    with pytest.raises(DataCorruptError, match="pictures without a label"):
        read_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataCorruptError, match="cannot be read as a Parquet file"):
        read_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataMissingError, match="There is no Parquet file at"):
        read_parquet(tmp_path / "nowhere")


def test_a_table_of_no_split_beside_train_is_refused(tmp_path: Path) -> None:
    parquet(tmp_path / "train.parquet")
    parquet(tmp_path / "other.parquet")
    with pytest.raises(DataCorruptError, match=r"other\.parquet names no split"):
        read_parquet(tmp_path)


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path / "a.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"firstlight\[parquet\]"):
        read_parquet(path)


# --- read_own -----------------------------------------------------------------------------------------------


def test_what_is_of_no_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no file or folder of the name"):
        read_own(tmp_path / "nowhere")
    (tmp_path / "a.csv").write_text("1,2")
    with pytest.raises(UsageError, match=r"a\.csv is not a kind of file that is read"):
        read_own(tmp_path / "a.csv")
    with pytest.raises(UsageError, match="holds arrays, not pictures; leave size and channels out"):
        read_own(npz(tmp_path / "a.npz", images=GREY, labels=LABELS), channels=1)
