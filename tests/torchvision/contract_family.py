"""EMNIST, KMNIST, QMNIST and CIFAR, on files of the right size with made-up contents."""

from __future__ import annotations

import re
import shutil
import struct
from pathlib import Path

import numpy as np
import torch
from contract_setting import Setting, SkippedError, fails, point, same_items


def write_idx(path: Path, array: np.ndarray) -> None:
    code = {"uint8": 8, "int32": 12}[array.dtype.name]
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    path.write_bytes(header + array.astype(array.dtype.newbyteorder(">")).tobytes())


@point
def emnist(s: Setting) -> None:
    root = s.scratch / "emnist"
    images = np.random.default_rng(0).integers(0, 256, (20800, 28, 28), dtype=np.uint8)
    labels = np.arange(20800, dtype=np.uint8) % 26 + 1
    write_idx(root / "EMNIST/raw/emnist-letters-test-images-idx3-ubyte", images)
    write_idx(root / "EMNIST/raw/emnist-letters-test-labels-idx1-ubyte", labels)
    data = s.ours.EMNIST(root, split="letters", train=False)
    assert data.classes == ["N/A", *"abcdefghijklmnopqrstuvwxyz"]
    assert data.class_to_idx["z"] == 26
    assert data.split == "letters"
    assert data[27][1] == 2
    assert np.array_equal(np.asarray(data[5][0]), images[5]), "transposed, as the file has it"
    assert data.images_file == f"{root}/EMNIST/raw/emnist-letters-test-images-idx3-ubyte"
    assert repr(data).endswith(f"Root location: {root}\n    Split: Test")
    error = fails(
        lambda: s.ours.EMNIST(root, "upper"), ValueError, "^Unknown value 'upper' for argument split. Valid"
    )
    fails(lambda: s.ours.EMNIST(root, 3), ValueError, "Expected type str for argument split, but got type")
    fails(lambda: s.ours.EMNIST(root, "letters"), RuntimeError, "^Dataset not found")
    if s.torchvision:
        theirs = s.real.EMNIST(root, split="letters", train=False)
        same_items(data, theirs, range(0, 20800, 400))
        assert repr(data) == repr(theirs)
        assert (data.images_file, data.labels_file) == (theirs.images_file, theirs.labels_file)
        fails(lambda: s.real.EMNIST(root, "upper"), ValueError, re.escape(str(error)))


@point
def kmnist(s: Setting) -> None:
    root = s.scratch / "kmnist"
    shutil.copytree(
        s.root / "MNIST", root / "KMNIST"
    )  # as large as KMNIST's files, whose hashes nobody states
    data = s.ours.KMNIST(root, train=False)
    assert (len(data), data.classes[data[0][1]]) == (10000, "ya")
    if s.torchvision:
        same_items(data, s.real.KMNIST(root, train=False), range(0, 10000, 400))


@point
def qmnist(s: Setting) -> None:
    root = s.scratch / "qmnist"
    raw = root / "QMNIST/raw"
    labels = np.arange(160, dtype=np.int32).reshape(20, 8)
    write_idx(raw / "xnist-images-idx3-ubyte", np.full((20, 28, 28), 7, dtype=np.uint8))
    write_idx(raw / "xnist-labels-idx2-int", labels)
    data = s.ours.QMNIST(root, what="nist")
    assert (len(data), data[2][1], data.what, data.compat) == (20, 16, "nist", True)
    full = s.ours.QMNIST(root, "nist", compat=False)
    assert full[2][1].tolist() == labels[2].tolist()
    assert full.targets.dtype == torch.int64
    assert [target.tolist() for _, target in full.__getitems__([2, 0])] == [
        labels[2].tolist(),
        labels[0].tolist(),
    ]
    assert repr(data).endswith("Split: nist")
    fails(
        lambda: s.ours.QMNIST(root, "best"),
        ValueError,
        "^Unknown value 'best' for argument what. Valid values are",
    )
    assert len(s.ours.QMNIST(root, "nist", download=True)) == 20, "what is there need not be had"
    elsewhere = s.scratch / "nowhere"
    fails(
        lambda: s.ours.QMNIST(elsewhere, "nist", download=True),
        RuntimeError,
        "^Error downloading xnist-images",
    )
    if s.torchvision:
        for compat in (True, False):
            ours, theirs = (m.QMNIST(root, "nist", compat) for m in (s.ours, s.real))
            assert repr(ours) == repr(theirs)
            assert torch.equal(ours.targets, theirs.targets)
            assert torch.equal(torch.as_tensor(ours[3][1]), torch.as_tensor(theirs[3][1]))


@point
def qmnist_parts(s: Setting) -> None:
    from firstlight._errors import DataError
    from firstlight.sources import member_path

    raw = s.scratch / "parts/QMNIST/raw"
    try:
        labels = member_path("qmnist", "qmnist-test-labels-idx2-int")
    except DataError as error:
        raise SkippedError(f"QMNIST's labels cannot be had here: {error}") from error
    raw.mkdir(parents=True)
    shutil.copy(labels, raw)
    shutil.copy(s.root / "MNIST/raw/train-images-idx3-ubyte", raw / "qmnist-test-images-idx3-ubyte")
    root = s.scratch / "parts"
    for what, count in (("test", 60000), ("test10k", 10000), ("test50k", 50000)):
        data = s.ours.QMNIST(root, what)
        assert (len(data), tuple(data.targets.shape)) == (count, (count, 8))
        if s.torchvision:
            theirs = s.real.QMNIST(root, what)
            assert torch.equal(data.targets, theirs.targets)
            assert torch.equal(data.data, theirs.data)
    assert s.ours.QMNIST(root, train=False).what == "test"
    assert s.ours.QMNIST(root, "test10k").targets[:3, 0].tolist() == [7, 2, 1]


@point
def cifar(s: Setting) -> None:
    root = s.scratch / "cifar"
    rows = np.random.default_rng(0).integers(0, 256, (10000, 3073), dtype=np.uint8)
    rows[:, 0] %= 10
    folder = root / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    for number in range(1, 6):
        rows[0, 0] = number
        rows.tofile(folder / f"data_batch_{number}.bin")
    fails(
        lambda: s.ours.CIFAR10(root, train=False),
        RuntimeError,
        "^Dataset not found or corrupted. You can use download",
    )
    rows.tofile(folder / "test_batch.bin")
    train, test = s.ours.CIFAR10(root), s.ours.CIFAR10(root, train=False)
    assert isinstance(test.data, np.ndarray)
    assert (test.data.dtype, test.data.shape, train.data.shape) == (
        np.uint8,
        (10000, 32, 32, 3),
        (50000, 32, 32, 3),
    )
    assert type(test.targets) is list
    assert type(test.targets[0]) is int
    assert test.targets == rows[:, 0].tolist()
    assert train.targets[::10000] == [1, 2, 3, 4, 5]
    image, target = test[4]
    assert (image.mode, image.size, target) == ("RGB", (32, 32), rows[4, 0])
    assert np.array_equal(np.asarray(image).transpose(2, 0, 1).ravel(), rows[4, 1:])
    assert test.classes == [
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ]
    assert test.class_to_idx["truck"] == 9
    assert (
        repr(train)
        == f"Dataset CIFAR10\n    Number of datapoints: 50000\n    Root location: {root}\n    Split: Train"
    )
    for (one, label), row in zip(test.__getitems__([8, 1]), (8, 1), strict=True):
        assert (one.tobytes(), label) == (test[row][0].tobytes(), test[row][1])
    (folder / "test_batch.bin").write_bytes(rows[:9999].tobytes())
    fails(
        lambda: s.ours.CIFAR10(root, train=False),
        RuntimeError,
        "^Dataset not found or corrupted.*30,730,000 are right",
    )
    shutil.rmtree(root)


@point
def cifar100(s: Setting) -> None:
    root = s.scratch / "cifar100"
    rows = np.random.default_rng(0).integers(0, 256, (10000, 3074), dtype=np.uint8)
    rows[:, 0] %= 20
    rows[:, 1] %= 100
    (root / "cifar-100-binary").mkdir(parents=True)
    rows.tofile(root / "cifar-100-binary/test.bin")
    np.tile(rows, (5, 1)).tofile(root / "cifar-100-binary/train.bin")
    data = s.ours.CIFAR100(root, train=False)
    assert data.targets == rows[:, 1].tolist(), "the fine labels"
    assert np.array_equal(data.data[7].transpose(2, 0, 1).ravel(), rows[7, 2:])
    assert (data.classes[0], data.classes[1], len(data.classes)) == ("apple", "aquarium_fish", 100)
    assert len(s.ours.CIFAR100(root)) == 50000
    shutil.rmtree(root)
