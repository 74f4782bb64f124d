"""Round trip; then by behaviour: no bit of a checkpoint can change, and no disk can refuse it, unnoticed."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from firstlight import load
from firstlight._errors import CacheError, DataCorruptError
from firstlight.training import EpochDone, RunRecord
from firstlight.training._checkpoint import Checkpoint, images_sha256, read_checkpoint, write_checkpoint

RECORD = RunRecord(
    recipe="mlp", dataset="mnist", seed=3, settings={"epochs": 2}, status="running", started="2026-11-22T00:00:00+00:00",
    history=(EpochDone(1.0, 3, 0.5, 0.9, None, 1.25),), loss_curve=(0.5, 0.25), step=3, steps=6,
)  # fmt: skip
TENSORS = {
    "model.weight": torch.arange(12.0).view(3, 4).t(),  # not contiguous
    "step": torch.tensor(3),
    "seconds": torch.tensor(1.25, dtype=torch.float64),
    "half": torch.ones(2, dtype=torch.bfloat16),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_checkpoint(tmp_path / "checkpoint.safetensors", Checkpoint(RECORD, "ab" * 32, TENSORS))
    return tmp_path / "checkpoint.safetensors"


def test_it_comes_back_whole(path: Path) -> None:
    again = read_checkpoint(path)
    assert again.record == RECORD
    assert again.images_sha256 == "ab" * 32
    assert again.tensors.keys() == TENSORS.keys()
    for name, value in TENSORS.items():
        assert torch.equal(again.tensors[name], value)
        assert again.tensors[name].dtype == value.dtype


def test_every_flipped_bit_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    draw = random.Random(0)
    for place in sorted(draw.sample(range(len(whole)), 300)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(
            DataCorruptError, match=r"checkpoint\.safetensors is (damaged|a checkpoint of format)"
        ):
            read_checkpoint(path)
        assert path.read_bytes() == damaged  # nothing was changed


def test_every_cut_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for size in (0, 1, 7, 8, 9, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(DataCorruptError, match=r"is damaged: .* Nothing was changed\. Remove that file"):
            read_checkpoint(path)


def test_another_format_is_named(path: Path) -> None:
    save_file({"a": torch.zeros(1)}, path, {"format": "2", "record": "{}"})
    with pytest.raises(DataCorruptError, match="format '2'; this firstlight reads format '1'"):
        read_checkpoint(path)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(DataCorruptError, match="a checkpoint of format None"):
        read_checkpoint(path)


def test_a_full_disk_leaves_the_earlier_one_whole(
    path: Path, full_disk: Callable[[], AbstractContextManager[None]]
) -> None:
    before = path.read_bytes()
    large = {**TENSORS, "large": torch.zeros(100_000)}
    with full_disk(), pytest.raises(CacheError, match=r"Cannot write .*checkpoint\.safetensors.*ulimit -f"):
        write_checkpoint(path, Checkpoint(RECORD, "ab" * 32, large))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_hash_of_the_images_knows_pixels_labels_and_their_order() -> None:
    images = load("mnist")[0][:50]
    other_pixel = images.images.clone()
    other_pixel[7, 0, 3, 3] ^= 1
    other_label = images.labels.clone()
    other_label[0] += 1
    others = [
        replace(images, images=other_pixel),
        replace(images, labels=other_label),
        images.subset(torch.arange(50).flip(0)),
        images[:49],
    ]
    hashes = {images_sha256(each) for each in (images, *others)}
    assert len(hashes) == 5
    assert images_sha256(load("mnist")[0][:50]) == images_sha256(images)
