"""What Keras leaves, by behaviour: its archive is built anew from the real bytes and must give them back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from firstlight.sources import read_idx
from firstlight.sources._cache import store
from firstlight.sources._registry import find_member

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"


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
    kit, mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str, moved: bool
) -> None:
    key = ("y" if "labels" in member else "x") + ("_train" if "train" in member else "_test")
    if moved:
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    path = tmp_path / ("keras" if moved else "user/.keras") / "datasets/mnist.npz"
    kit.npz(path, {key: read_idx(mnist[member])})
    (candidate,) = kit.copies("mnist", member)
    assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("keras", path)
    assert kit.decoded(candidate) == mnist[member].read_bytes()


def test_keras_fashion(kit, fashion: Path, tmp_path: Path) -> None:
    name = f"{TEST_LABELS}.gz"
    kit.put(tmp_path / "user/.keras/datasets/fashion-mnist" / name, (fashion / name).read_bytes())
    (candidate,) = kit.copies("fashion-mnist", TEST_LABELS)
    assert candidate.origin.kind == "keras"
    assert store(
        "fashion-mnist", find_member("fashion-mnist", TEST_LABELS)[1], candidate.read, origin=candidate.origin
    )


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
def test_a_bad_npz_is_refused(kit, tmp_path: Path, data: bytes, match: str) -> None:
    kit.put(tmp_path / "user/.keras/datasets/mnist.npz", data)
    (candidate,) = kit.copies("mnist", TEST_LABELS)
    kit.refused(candidate, "mnist", TEST_LABELS, match)
