"""Copies as other programs leave them, made from the real bytes."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from firstlight._errors import DataCorruptError
from firstlight.sources import _adopt_debian as debian
from firstlight.sources import member_path, read_idx
from firstlight.sources._adopt import adoptable
from firstlight.sources._cache import member_file, store
from firstlight.sources._candidate import Candidate
from firstlight.sources._registry import find_member

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"


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


def refused(candidate: Candidate, dataset: str, member: str, match: str) -> None:
    with pytest.raises(DataCorruptError, match=match):
        store(dataset, find_member(dataset, member)[1], candidate.read, origin=candidate.origin)
    assert not member_file(dataset, member).exists()


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


@dataclass
class Kit:
    """Makers and readers of copies, for tests that cannot import this file."""

    copies = staticmethod(copies)
    decoded = staticmethod(decoded)
    put = staticmethod(put)
    npz = staticmethod(npz)
    parquet = staticmethod(parquet)
    arff = staticmethod(arff)
    refused = staticmethod(refused)


@pytest.fixture
def kit() -> type[Kit]:
    return Kit
