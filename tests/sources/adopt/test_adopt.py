"""Copies left by other programs, by behaviour, whichever program left them: order, wrong and hostile bytes.

The oracle is the SHA-256 in the registry. What each program leaves is tested in `test_adopt_<program>.py`.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import REGISTRY, read_idx
from firstlight.sources._adopt import adoptable
from firstlight.sources._registry import find_member

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"


def test_the_order_is_that_of_the_documents(
    kit, mnist: dict[str, Path], arff_table: bytes, hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    kit.put(tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet", b"PAR1")
    kit.put(tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz", arff_table)
    kit.put(tmp_path / "user/.keras/datasets/mnist.npz", b"PK")
    kit.put(tmp_path / "data/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    kinds = [candidate.origin.kind for candidate in kit.copies("mnist", TEST_LABELS)]
    assert kinds == ["torchvision", "keras", "sklearn", "huggingface"]


def test_a_copy_with_one_wrong_pixel_is_never_taken(kit, mnist: dict[str, Path], tmp_path: Path) -> None:
    images = np.array(read_idx(mnist[TEST_IMAGES]))
    images[1234, 5, 6] ^= 1
    kit.npz(tmp_path / "user/.keras/datasets/mnist.npz", {"x_test": images})
    kit.put(
        tmp_path / "data/MNIST/raw" / TEST_IMAGES, mnist[TEST_IMAGES].read_bytes()[:16] + images.tobytes()
    )
    torchvision, keras = kit.copies("mnist", TEST_IMAGES)
    for candidate in (torchvision, keras):
        kit.refused(candidate, "mnist", TEST_IMAGES, "wrong bytes for t10k-images")


def test_fashion_in_the_place_of_mnist_is_called_by_its_name(kit, fashion: Path, tmp_path: Path) -> None:
    name = f"{TEST_LABELS}.gz"
    kit.put(tmp_path / "data/MNIST/raw" / name, (fashion / name).read_bytes())
    (candidate,) = kit.copies("mnist", TEST_LABELS)
    kit.refused(candidate, "mnist", TEST_LABELS, "this is fashion-mnist's t10k-labels")


def test_bombs_write_no_more_than_the_member_has(kit, tmp_path: Path) -> None:
    size_bytes = find_member("mnist", TEST_LABELS)[1].size_bytes
    kit.put(tmp_path / "data/MNIST/raw" / f"{TEST_LABELS}.gz", gzip.compress(bytes(32 << 20)))
    array = io.BytesIO()
    np.save(array, np.zeros(10_000, np.uint8))
    with zipfile.ZipFile(
        kit.put(tmp_path / "user/.keras/datasets/mnist.npz", b""), "w", zipfile.ZIP_DEFLATED
    ) as archive:
        archive.writestr("y_test.npy", array.getvalue() + bytes(32 << 20))
    gz, keras = kit.copies("mnist", TEST_LABELS)
    out = io.BytesIO()
    with pytest.raises(DataCorruptError, match="unpacks to more than"):
        gz.read(out)
    assert out.tell() <= size_bytes
    assert len(kit.decoded(keras)) == size_bytes


def test_looking_opens_nothing(
    kit, mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.put(tmp_path / "user/.keras/datasets/mnist.npz", b"PK")
    kit.put(tmp_path / "data/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    os.mkfifo(tmp_path / "MNIST")  # opening it would wait for ever
    (tmp_path / "datasets/MNIST/raw").mkdir(parents=True)
    os.mkfifo(tmp_path / "datasets/MNIST/raw" / f"{TEST_LABELS}.gz")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    assert [one.origin.kind for one in kit.copies("mnist", TEST_LABELS)] == ["torchvision", "keras"]


@pytest.mark.parametrize("dataset", sorted(REGISTRY))
def test_where_nothing_was_left_nothing_is_offered(dataset: str) -> None:
    assert not any(list(adoptable(file, member)) for file in REGISTRY[dataset] for member in file.members)
