"""Copies left by other programs, by behaviour: each layout is built anew from the real bytes, and must give them back.

The oracle is the SHA-256 in the registry. Members without one (KMNIST, EMNIST, CIFAR) are stood in for by files
made here, with hashes computed here.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import os
import pickle
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.sources import REGISTRY, DataFile, Found, Member, Skipped, member_path, read_idx
from firstlight.sources import _adopt_debian as debian
from firstlight.sources._adopt import adopt, adoptable
from firstlight.sources._cache import member_file, store
from firstlight.sources._candidate import Candidate
from firstlight.sources._registry import find_member

TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.fixture(scope="session")
def mnist(_session_home: Path) -> dict[str, Path]:
    return {
        name: member_path("mnist", name) for name in (TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS)
    }


@pytest.fixture(scope="session")
def fashion(_session_home: Path) -> Path:
    folders = [
        Path(folder, "fashion-mnist") for folder in os.environ.get("FIRSTLIGHT_DATA", "").split(os.pathsep)
    ]
    found = next((folder for folder in folders if (folder / f"{TEST_LABELS}.gz").is_file()), None)
    return found or pytest.skip("FIRSTLIGHT_DATA offers no Fashion-MNIST")


@pytest.fixture(autouse=True)
def _own_computer(data_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder, a working folder and settings that nobody has left anything in."""
    (tmp_path / "user").mkdir()
    for name in (
        *("TORCH_HOME", "KERAS_HOME", "SCIKIT_LEARN_DATA", "XDG_CACHE_HOME"),
        *("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(debian, "FOLDER", tmp_path / "usr-share")


def copies(dataset: str, member: str) -> list[Candidate]:
    return list(adoptable(*find_member(dataset, member)))


def decoded(candidate: Candidate) -> bytes:
    out = io.BytesIO()
    candidate.read(out)
    return out.getvalue()


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def npz(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    return path


def png(image: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "png", compress_level=1)
    return out.getvalue()


def parquet(path: Path, images: np.ndarray, labels: np.ndarray, *, image: str = "image") -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [{"bytes": png(one), "path": None} for one in images]
    pq.write_table(pa.table({image: pictures, "label": labels.astype(np.int64)}), path)
    return path


def arff(path: Path, images: np.ndarray, labels: np.ndarray, *, fill: np.ndarray) -> Path:
    """An ARFF of 60,000 rows of one pixel with the labels of train, then the real rows of test."""
    words = [str(value) for value in range(256)]
    header = ["% a comment", "@RELATION mnist_784", *(f"@ATTRIBUTE pixel{n} real" for n in range(1, 785))]
    header += ["@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}", "", "@DATA"]
    train = [f"0,{label}" for label in fill]
    test = [
        ",".join([words[value] for value in row]) + f",{label}"
        for row, label in zip(images.reshape(len(images), -1).tolist(), labels, strict=True)
    ]
    return put(path, gzip.compress("\n".join([*header, *train, *test, ""]).encode(), 1))


# --- each program's layout gives the registered bytes ---------------------------------------------------------


@pytest.mark.parametrize(
    "folder",
    [
        "data/MNIST/raw",
        "datasets/MNIST/raw",
        "MNIST/raw",
        "user/data/MNIST/raw",
        "user/.cache/torch/data/MNIST/raw",
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_torchvision(mnist: dict[str, Path], tmp_path: Path, folder: str, zipped: bool) -> None:
    data = mnist[TEST_LABELS].read_bytes()
    name = TEST_LABELS + (".gz" if zipped else "")
    path = put(tmp_path / folder / name, gzip.compress(data) if zipped else data)
    (candidate,) = copies("mnist", TEST_LABELS)
    assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("torchvision", path)
    assert decoded(candidate) == data


def test_torch_home_is_looked_at(
    mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "elsewhere"))
    put(tmp_path / "elsewhere/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    assert [one.origin.kind for one in copies("mnist", TEST_LABELS)] == ["torchvision"]


@pytest.mark.parametrize(
    ("member", "moved"),
    [
        (TEST_IMAGES, False),
        (TEST_LABELS, False),
        (TRAIN_IMAGES, False),
        (TRAIN_LABELS, False),
        (TEST_LABELS, True),
    ],
)
def test_keras(
    mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str, moved: bool
) -> None:
    key = ("y" if "labels" in member else "x") + ("_train" if "train" in member else "_test")
    if moved:
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    path = tmp_path / ("keras" if moved else "user/.keras") / "datasets/mnist.npz"
    npz(path, {key: read_idx(mnist[member])})
    (candidate,) = copies("mnist", member)
    assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("keras", path)
    assert decoded(candidate) == mnist[member].read_bytes()


def test_keras_fashion(fashion: Path, tmp_path: Path) -> None:
    name = f"{TEST_LABELS}.gz"
    put(tmp_path / "user/.keras/datasets/fashion-mnist" / name, (fashion / name).read_bytes())
    (candidate,) = copies("fashion-mnist", TEST_LABELS)
    assert candidate.origin.kind == "keras"
    assert store(
        "fashion-mnist", find_member("fashion-mnist", TEST_LABELS)[1], candidate.read, origin=candidate.origin
    )


@pytest.mark.parametrize("name", ["52667.gz", "52667/mnist_784.arff.gz"])
def test_scikit_learn(mnist: dict[str, Path], tmp_path: Path, name: str, arff_table: bytes) -> None:
    path = put(tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download" / name, arff_table)
    for member in (TRAIN_LABELS, TEST_LABELS, TEST_IMAGES):
        (candidate,) = copies("mnist", member)
        assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("sklearn", path)
        assert decoded(candidate) == mnist[member].read_bytes()
    with pytest.raises(DataCorruptError, match="rows that are not 784 pixels"):
        decoded(copies("mnist", TRAIN_IMAGES)[0])  # only its labels are real in this table


@pytest.mark.slow
def test_scikit_learn_gives_all_60000_images_of_train(mnist: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz"
    arff(path, read_idx(mnist[TRAIN_IMAGES]), read_idx(mnist[TRAIN_LABELS]), fill=np.empty(0))
    (candidate,) = copies("mnist", TRAIN_IMAGES)
    assert decoded(candidate) == mnist[TRAIN_IMAGES].read_bytes()


@pytest.fixture(scope="session")
def arff_table(mnist: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("arff") / "table"
    images, labels, fill = (read_idx(mnist[name]) for name in (TEST_IMAGES, TEST_LABELS, TRAIN_LABELS))
    return arff(path, images, labels, fill=fill).read_bytes()


@pytest.fixture(scope="session")
def hub_shards(mnist: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("hub")
    images, labels = read_idx(mnist[TEST_IMAGES]), read_idx(mnist[TEST_LABELS])
    parts = (slice(0, 4321), slice(4321, None))
    first, second = (
        parquet(folder / f"test-0000{n}-of-00002.parquet", images[part], labels[part])
        for n, part in enumerate(parts)
    )
    return first, second


@pytest.mark.parametrize("repository", ["datasets--ylecun--mnist", "datasets--mnist"])
@pytest.mark.parametrize("variable", ["", "HF_HOME", "HF_HUB_CACHE"])
def test_hugging_face(
    mnist: dict[str, Path],
    hub_shards: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    repository: str,
    variable: str,
) -> None:
    hub = {"": "user/.cache/huggingface/hub", "HF_HOME": "hf/hub", "HF_HUB_CACHE": "hf"}[variable]
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "hf"))
    folder = tmp_path / hub / repository / "snapshots/0123abc/mnist"
    folder.mkdir(parents=True)
    for shard in hub_shards:
        (folder / shard.name).symlink_to(shard)  # as the Hub's cache does
    members = (TEST_LABELS,) if variable else (TEST_IMAGES, TEST_LABELS)
    for member in members:
        (candidate,) = copies("mnist", member)
        assert candidate.origin.kind == "huggingface"
        assert decoded(candidate) == mnist[member].read_bytes()


def test_without_pyarrow_a_parquet_table_is_passed_over(
    hub_shards: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "user/.cache/huggingface/hub/datasets--ylecun--mnist/snapshots/1/mnist"
    put(folder / hub_shards[0].name, hub_shards[0].read_bytes())
    assert len(copies("mnist", TEST_LABELS)) == 1
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find_spec(name)
    )
    assert copies("mnist", TEST_LABELS) == []


def test_debian_packs_the_same_bytes_anew(fashion: Path, tmp_path: Path) -> None:
    data = gzip.decompress((fashion / f"{TEST_LABELS}.gz").read_bytes())
    put(tmp_path / "usr-share" / f"{TEST_LABELS}.gz", gzip.compress(data, mtime=0))
    (candidate,) = copies("fashion-mnist", TEST_LABELS)
    assert candidate.origin.kind == "debian"
    assert decoded(candidate) == data


def test_the_order_is_that_of_the_documents(
    mnist: dict[str, Path], arff_table: bytes, hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    put(tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet", b"PAR1")
    put(tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz", arff_table)
    put(tmp_path / "user/.keras/datasets/mnist.npz", b"PK")
    put(tmp_path / "data/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    kinds = [candidate.origin.kind for candidate in copies("mnist", TEST_LABELS)]
    assert kinds == ["torchvision", "keras", "sklearn", "huggingface"]


# --- members that only the published file's hash can vouch for -----------------------------------------------


def test_a_known_gzip_vouches_for_a_member_without_hash(tmp_path: Path) -> None:
    data = bytes(range(200))
    packed = gzip.compress(data)
    member = Member("train-labels-idx1-ubyte", size_bytes=200)
    file = DataFile("kmnist", "train-labels-idx1-ubyte.gz", len(packed), sha256(packed), (), (member,))
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--tanganke--kmnist/snapshots/1/raw"
    path = put(hub / file.name, packed)
    put(hub / member.name, data)  # nothing vouches for it
    (candidate,) = adoptable(file, member)
    assert candidate.is_trusted
    assert decoded(candidate) == data
    path.write_bytes(gzip.compress(data, mtime=1))
    with pytest.raises(DataCorruptError, match=r"is not kmnist's train-labels.*expected sha256"):
        decoded(candidate)


def test_md5_serves_where_the_authors_give_nothing_else(tmp_path: Path) -> None:
    packed = gzip.compress(b"pixels")
    member = Member("qmnist-train-images-idx3-ubyte", size_bytes=6)
    file = DataFile("qmnist", f"{member.name}.gz", None, None, (), (member,), hashlib.md5(packed).hexdigest())
    path = put(tmp_path / "data/QMNIST/raw" / file.name, packed)
    (candidate,) = adoptable(file, member)
    assert decoded(candidate) == b"pixels"
    path.write_bytes(gzip.compress(b"pixils"))
    with pytest.raises(DataCorruptError, match="expected md5"):
        decoded(candidate)


def test_a_binary_cifar_archive_is_taken_and_the_pickled_one_is_not(tmp_path: Path) -> None:
    record = bytes([3]) + bytes(3072)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        info = tarfile.TarInfo("cifar-10-batches-bin/test_batch.bin")
        info.size = len(record)
        tar.addfile(info, io.BytesIO(record))
    member = Member("test_batch.bin", info.name, len(record))
    file = DataFile("cifar10", "cifar-10-binary.tar.gz", None, sha256(archive.getvalue()), (), (member,))
    put(tmp_path / "data/cifar-10-batches-py/test_batch", pickle.dumps({"data": record}))
    put(tmp_path / "data/cifar-10-python.tar.gz", b"pickles")
    assert list(adoptable(file, member)) == []
    put(tmp_path / "data" / file.name, archive.getvalue())
    (candidate,) = adoptable(file, member)
    assert decoded(candidate) == record


@pytest.mark.parametrize(
    ("name", "split", "start"), [("test_batch.bin", "test", 0), ("data_batch_2.bin", "train", 5)]
)
def test_cifar_records_are_rebuilt_where_their_hash_is_known(
    tmp_path: Path, name: str, split: str, start: int
) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (10, 32, 32, 3), dtype=np.uint8), rng.integers(0, 10, 10)
    records = b"".join(
        bytes([label]) + image.transpose(2, 0, 1).tobytes()
        for image, label in zip(images[start : start + 5], labels[start : start + 5], strict=True)
    )
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--uoft-cs--cifar10/snapshots/1/plain_text"
    parquet(hub / f"{split}-00000-of-00001.parquet", images, labels, image="img")
    member = Member(name, f"cifar-10-batches-bin/{name}", len(records), sha256(records))
    file = replace(REGISTRY["cifar10"][0], members=(member,))
    (candidate,) = adoptable(file, member)
    assert decoded(candidate) == records
    assert list(adoptable(file, replace(member, sha256=None))) == []


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- copies that are wrong, hostile or out of reach -----------------------------------------------------------


def refused(candidate: Candidate, dataset: str, member: str, match: str) -> None:
    with pytest.raises(DataCorruptError, match=match):
        store(dataset, find_member(dataset, member)[1], candidate.read, origin=candidate.origin)
    assert not member_file(dataset, member).exists()


def test_a_copy_with_one_wrong_pixel_is_never_taken(mnist: dict[str, Path], tmp_path: Path) -> None:
    images = np.array(read_idx(mnist[TEST_IMAGES]))
    images[1234, 5, 6] ^= 1
    npz(tmp_path / "user/.keras/datasets/mnist.npz", {"x_test": images})
    put(tmp_path / "data/MNIST/raw" / TEST_IMAGES, mnist[TEST_IMAGES].read_bytes()[:16] + images.tobytes())
    torchvision, keras = copies("mnist", TEST_IMAGES)
    for candidate in (torchvision, keras):
        refused(candidate, "mnist", TEST_IMAGES, "wrong bytes for t10k-images")


def test_fashion_in_the_place_of_mnist_is_called_by_its_name(fashion: Path, tmp_path: Path) -> None:
    name = f"{TEST_LABELS}.gz"
    put(tmp_path / "data/MNIST/raw" / name, (fashion / name).read_bytes())
    (candidate,) = copies("mnist", TEST_LABELS)
    refused(candidate, "mnist", TEST_LABELS, "this is fashion-mnist's t10k-labels")


def bad_npz() -> Iterator[tuple[str, bytes, str]]:
    def zipped(**members: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(f"{name}.npy", data)
        return out.getvalue()

    def npy(array: np.ndarray, **options: bool) -> bytes:
        out = io.BytesIO()
        np.save(out, array, **options)
        return out.getvalue()

    labels = np.zeros(10_000, np.uint8)
    yield "not a zip", b"PK not really", "cannot be read"
    yield "another array", zipped(x_train=npy(labels)), "cannot be read.*y_test"
    yield (
        "pickled objects",
        zipped(y_test=npy(np.array([print] * 10_000, dtype=object), allow_pickle=True)),
        "object",
    )
    yield "wider numbers", zipped(y_test=npy(labels.astype(np.int64))), r"is int64 of shape \(10000,\)"
    yield "fewer rows", zipped(y_test=npy(labels[:-1])), r"of shape \(9999,\)"
    yield "no array", zipped(y_test=b"hello, world"), "cannot be read"
    yield "cut short", zipped(y_test=npy(labels)[:-1]), "10007 bytes instead of 10008"
    yield "4 GB header", zipped(y_test=b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(100)), "format version"


@pytest.mark.parametrize(("data", "match"), [pytest.param(*case[1:], id=case[0]) for case in bad_npz()])
def test_a_bad_npz_is_refused(tmp_path: Path, data: bytes, match: str) -> None:
    put(tmp_path / "user/.keras/datasets/mnist.npz", data)
    (candidate,) = copies("mnist", TEST_LABELS)
    refused(candidate, "mnist", TEST_LABELS, match)


def test_bombs_write_no_more_than_the_member_has(tmp_path: Path) -> None:
    size_bytes = find_member("mnist", TEST_LABELS)[1].size_bytes
    put(tmp_path / "data/MNIST/raw" / f"{TEST_LABELS}.gz", gzip.compress(bytes(32 << 20)))
    array = io.BytesIO()
    np.save(array, np.zeros(10_000, np.uint8))
    with zipfile.ZipFile(
        put(tmp_path / "user/.keras/datasets/mnist.npz", b""), "w", zipfile.ZIP_DEFLATED
    ) as archive:
        archive.writestr("y_test.npy", array.getvalue() + bytes(32 << 20))
    gz, keras = copies("mnist", TEST_LABELS)
    out = io.BytesIO()
    with pytest.raises(DataCorruptError, match="unpacks to more than"):
        gz.read(out)
    assert out.tell() <= size_bytes
    assert len(decoded(keras)) == size_bytes


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (b"no table at all", "not an ARFF table"),
        (b"@DATA\n" + b"0," * 10_000, r"has \d+ rows, 70000 are needed"),
        (b"@DATA\n" + b"0,x\n" * 70_000, "cannot be read"),
        (b"@DATA\n" + b"0,3\n" * 69_999, "has 69999 rows, 70000 are needed"),
    ],
)
def test_a_bad_arff_is_refused(tmp_path: Path, table: bytes, match: str) -> None:
    put(tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz", gzip.compress(table))
    (candidate,) = copies("mnist", TEST_LABELS)
    with pytest.raises(DataCorruptError, match=match):
        decoded(candidate)


@pytest.mark.parametrize(
    "row",
    ["0," * 783 + "256", "0," * 783 + "x", "0," * 782 + "0", "0," * 784 + "0", "," * 783, "0," * 783 + "1.5"],
)
def test_rows_that_are_not_pixels_are_refused(tmp_path: Path, row: str) -> None:
    table = "@DATA\n" + "0,1\n" * 60_000 + f"{row},7\n" * 10_000
    put(
        tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz",
        gzip.compress(table.encode(), 1),
    )
    (candidate,) = copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match="rows that are not 784 pixels of 0 to 255"):
        decoded(candidate)


@pytest.mark.parametrize(
    ("images", "match"),
    [
        (np.zeros((2, 28, 28), np.uint8), "has 2 rows, 10000 are needed"),
        (np.zeros((2, 28, 28, 3), np.uint8), r"a picture is RGB \(28, 28\), not L"),
        (np.zeros((2, 3000, 28), np.uint8), r"a picture is L \(28, 3000\), not L"),
    ],
)
def test_a_table_of_other_pictures_is_refused(tmp_path: Path, images: np.ndarray, match: str) -> None:
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1"
    parquet(hub / "test-0.parquet", images, np.zeros(2))
    (candidate,) = copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match=match):
        decoded(candidate)


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    put(
        tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet",
        b"PAR1" + bytes(50),
    )
    (candidate,) = copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match=r"not a readable Parquet|cannot be read"):
        decoded(candidate)


def test_pictures_that_are_no_pictures_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = put(tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet", b"")
    for picture, match in (({"bytes": b"GIF89a"}, "cannot be decoded"), ({"bytes": None}, "no picture")):
        pq.write_table(pa.table({"image": [picture], "label": [3]}), path)
        (candidate,) = copies("mnist", TEST_IMAGES)
        with pytest.raises(DataCorruptError, match=match):
            decoded(candidate)


def test_looking_opens_nothing(
    mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "user/.keras/datasets/mnist.npz", b"PK")
    put(tmp_path / "data/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    os.mkfifo(tmp_path / "MNIST")  # opening it would wait for ever
    (tmp_path / "datasets/MNIST/raw").mkdir(parents=True)
    os.mkfifo(tmp_path / "datasets/MNIST/raw" / f"{TEST_LABELS}.gz")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    assert [one.origin.kind for one in copies("mnist", TEST_LABELS)] == ["torchvision", "keras"]


@pytest.mark.parametrize("dataset", sorted(REGISTRY))
def test_where_nothing_was_left_nothing_is_offered(dataset: str) -> None:
    assert not any(list(adoptable(file, member)) for file in REGISTRY[dataset] for member in file.members)


# --- adopt(path) ----------------------------------------------------------------------------------------------


def test_adopt_knows_files_by_their_bytes_and_leaves_them_alone(
    mnist: dict[str, Path], hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    repacked = put(stick / "a/labels.bin", gzip.compress(mnist[TRAIN_LABELS].read_bytes()))
    loose = put(stick / "b/renamed", mnist[TEST_IMAGES].read_bytes())
    table = npz(stick / "c/keras.npz", {"y_test": read_idx(mnist[TEST_LABELS])})
    put(stick / "holiday.jpg", b"\xff\xd8\xff")
    (stick / "loop").symlink_to(stick)
    events: list[object] = []
    adopted = adopt(stick, on_event=events.append)
    assert [(one.path, one.dataset, one.member) for one in adopted] == [
        (repacked, "mnist", TRAIN_LABELS),
        (loose, "mnist", TEST_IMAGES),
        (table, "mnist", TEST_LABELS),
    ]
    for one in adopted:
        assert member_file("mnist", one.member).read_bytes() == mnist[one.member].read_bytes()
        assert one.path.exists()
    found = [event for event in events if isinstance(event, Found)]
    assert [(event.name, event.kind) for event in found] == [
        (TRAIN_LABELS, "folder"),
        (TEST_IMAGES, "folder"),
        (TEST_LABELS, "keras"),
    ]


def test_adopted_files_are_found_by_load(
    mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    adopt(put(tmp_path / "x", mnist[TEST_LABELS].read_bytes()))
    assert member_path("mnist", TEST_LABELS).read_bytes() == mnist[TEST_LABELS].read_bytes()


def test_adopt_takes_the_published_file(fashion: Path) -> None:
    (done,) = adopt(fashion / f"{TEST_LABELS}.gz")
    assert (done.dataset, done.member) == ("fashion-mnist", TEST_LABELS)


def test_adopt_takes_arff_and_parquet(
    mnist: dict[str, Path], arff_table: bytes, hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    put(tmp_path / "stick/mnist_784.arff.gz", arff_table)
    assert [one.member for one in adopt(tmp_path / "stick")] == [TRAIN_LABELS, TEST_LABELS, TEST_IMAGES]
    whole = tmp_path / "stick2/any.parquet"
    labels = read_idx(mnist[TEST_LABELS])
    parquet(whole, np.zeros((10_000, 2, 2), np.uint8), labels)
    assert [one.member for one in adopt(whole)] == [TEST_LABELS]


def test_adopt_refuses_a_file_with_the_right_name_and_wrong_bytes(tmp_path: Path) -> None:
    put(tmp_path / "stick" / f"{TEST_LABELS}.gz", gzip.compress(bytes(10_008)))
    events: list[object] = []
    with pytest.raises(
        DataMissingError, match=r"has the size or the name of .*mnist's t10k-labels.*but other bytes"
    ):
        adopt(tmp_path / "stick", on_event=events.append)
    assert any(isinstance(event, Skipped) for event in events)


def test_adopt_does_not_search_a_whole_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstlight.sources._adopt.MOST_FILES", 2)
    for number in range(3):
        put(tmp_path / f"stick/{number}", b"x")
    with pytest.raises(
        UsageError, match=r"stick has more than 2 files in it\. Give the folder that has the data"
    ):
        adopt(tmp_path / "stick")


def test_adopt_says_what_it_looked_at_and_what_it_takes(tmp_path: Path) -> None:
    for number in range(7):
        put(tmp_path / f"stick/{number}.txt", b"hello")
    with pytest.raises(
        DataMissingError, match=r"(?s)Looked at 7 file\(s\): 0\.txt.*4\.txt, \.\.\..*mnist_784\.arff"
    ):
        adopt(tmp_path / "stick")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataMissingError, match="There is no file in it"):
        adopt(tmp_path / "empty")
    with pytest.raises(DataMissingError, match=r"There is nothing at .*nowhere to adopt"):
        adopt(tmp_path / "nowhere")
