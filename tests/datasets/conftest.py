"""Tiny data sets in the true formats, for those whose bytes cannot be had here."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight.datasets import _catalog
from firstlight.datasets._spec import DatasetSpec
from firstlight.sources import REGISTRY, DataFile
from firstlight.sources._idx import write_idx

TRAIN_ROWS, TEST_ROWS = 240, 130


@pytest.fixture(scope="session")
def mnist() -> tuple[fl.ImageDataset, fl.ImageDataset]:
    """Real MNIST."""
    return fl.load("mnist")


@pytest.fixture(scope="session")
def needs_data() -> None:
    """Skip a test that needs published files which are not on the package index."""
    if not os.environ.get("FIRSTLIGHT_DATA"):
        pytest.skip("set FIRSTLIGHT_DATA to a folder with the files of Fashion-MNIST and QMNIST")


@pytest.fixture
def small() -> fl.ImageDataset:
    """Twelve images of 2 x 3 pixels in three classes, with one column."""
    images = torch.arange(12 * 6, dtype=torch.uint8).view(12, 1, 2, 3)
    labels = torch.arange(12) % 3
    return fl.ImageDataset(
        "small", "train", images, labels, ("a", "b", "<c>"), (0.1,), (0.2,), {"place": torch.arange(12)}
    )


@pytest.fixture
def tiny(data_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Tiny]:
    """Publish a tiny edition of a data set in a data folder; the registry and the catalogue believe it."""
    monkeypatch.setenv("FIRSTLIGHT_DATA", str(tmp_path / "published"))
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")

    def publish(name: str) -> Tiny:
        made = Tiny(_catalog.CATALOG[name])
        files = made.write(tmp_path / "published")
        registry = {**REGISTRY, made.spec.layout.dataset: files}
        monkeypatch.setattr("firstlight.sources._registry.REGISTRY", MappingProxyType(registry))
        spelling = name.replace("-", "")
        monkeypatch.setitem(_catalog.SPELLINGS, spelling, made.spec)
        return made

    return publish


class Tiny:
    """A few random images and labels of a data set, in the files that its authors would publish."""

    def __init__(self, spec: DatasetSpec) -> None:
        random = np.random.default_rng(0)
        rows = {"train": TRAIN_ROWS, "test": TEST_ROWS}
        count = len(spec.classes)
        self.labels = {split: np.arange(n, dtype=np.uint8) % count for split, n in rows.items()}
        self.images = {
            split: random.integers(0, 256, (n, *spec.image_shape), dtype=np.uint8)
            for split, n in rows.items()
        }
        counts = {split: tuple(np.bincount(self.labels[split], minlength=count).tolist()) for split in rows}
        self.spec = dataclasses.replace(
            spec,
            sizes=(TRAIN_ROWS, TEST_ROWS),
            statistics=None,
            train_counts=counts["train"],
            test_counts=counts["test"],
        )

    def write(self, folder: Path) -> tuple[DataFile, ...]:
        dataset = self.spec.layout.dataset
        return tuple(self._publish(folder / dataset, file) for file in REGISTRY[dataset])

    def _publish(self, folder: Path, file: DataFile) -> DataFile:
        folder.mkdir(parents=True, exist_ok=True)
        decoded = {member.name: self._decoded(member.name) for member in file.members}
        members = tuple(
            dataclasses.replace(member, size_bytes=len(decoded[member.name]), sha256=None)
            for member in file.members
            if decoded[member.name]
        )
        packed = _packed(file.name, {member.path: decoded[member.name] for member in members})
        (folder / file.name).write_bytes(packed)
        return dataclasses.replace(
            file, size_bytes=len(packed), sha256=hashlib.sha256(packed).hexdigest(), members=members
        )

    def _decoded(self, member: str) -> bytes:
        split = "train" if "train" in member or "data_batch" in member else "test"
        images, labels = self.images[split], self.labels[split]
        dataset = self.spec.layout.dataset
        if dataset == "emnist":
            if not member.startswith(self.spec.name):
                return b""
            images, labels = images.swapaxes(2, 3), labels + (self.spec.name == "emnist-letters")
        if member.endswith(".txt"):
            return b"apple\n"
        if dataset == "cifar10":
            if split == "train":
                part = np.array_split(np.arange(len(images)), 5)[int(member[11]) - 1]
                images, labels = images[part], labels[part]
            return _rows(labels[:, None], images)
        if dataset == "cifar100":
            return _rows(np.stack([labels // 5, labels], axis=1), images)
        if member.endswith("idx2-int"):
            others = np.arange(7)[None] + 10 * np.arange(len(labels))[:, None]
            return _idx(np.concatenate([labels[:, None], others], axis=1).astype(np.int32))
        return _idx(labels.astype(np.uint8)) if "labels" in member else _idx(images[:, 0])


def _idx(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    write_idx(file, array)
    return file.getvalue()


def _rows(labels: np.ndarray, images: np.ndarray) -> bytes:
    return np.concatenate([labels.astype(np.uint8), images.reshape(len(images), -1)], axis=1).tobytes()


def _packed(name: str, members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    if name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            for path, content in members.items():
                archive.writestr(path, gzip.compress(content, 1))
    elif name.endswith(".tar.gz"):
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            for path, content in members.items():
                info = tarfile.TarInfo(path)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    else:
        (content,) = members.values()
        return gzip.compress(content, 1)
    return file.getvalue()
