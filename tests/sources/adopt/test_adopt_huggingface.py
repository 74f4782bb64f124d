"""What the Hub's cache holds, by behaviour: its tables are built anew from the real bytes."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import REGISTRY, Member
from firstlight.sources._adopt import adoptable

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize("repository", ["datasets--ylecun--mnist", "datasets--mnist"])
@pytest.mark.parametrize("variable", ["", "HF_HOME", "HF_HUB_CACHE"])
def test_hugging_face(
    kit,
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
        (candidate,) = kit.copies("mnist", member)
        assert candidate.origin.kind == "huggingface"
        assert kit.decoded(candidate) == mnist[member].read_bytes()


def test_without_pyarrow_a_parquet_table_is_passed_over(
    kit, hub_shards: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "user/.cache/huggingface/hub/datasets--ylecun--mnist/snapshots/1/mnist"
    kit.put(folder / hub_shards[0].name, hub_shards[0].read_bytes())
    assert len(kit.copies("mnist", TEST_LABELS)) == 1
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find_spec(name)
    )
    assert kit.copies("mnist", TEST_LABELS) == []


@pytest.mark.parametrize(
    ("name", "split", "start"), [("test_batch.bin", "test", 0), ("data_batch_2.bin", "train", 5)]
)
def test_cifar_records_are_rebuilt_where_their_hash_is_known(
    kit, tmp_path: Path, name: str, split: str, start: int
) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (10, 32, 32, 3), dtype=np.uint8), rng.integers(0, 10, 10)
    records = b"".join(
        bytes([label]) + image.transpose(2, 0, 1).tobytes()
        for image, label in zip(images[start : start + 5], labels[start : start + 5], strict=True)
    )
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--uoft-cs--cifar10/snapshots/1/plain_text"
    kit.parquet(hub / f"{split}-00000-of-00001.parquet", images, labels, image="img")
    member = Member(name, f"cifar-10-batches-bin/{name}", len(records), sha256(records))
    file = replace(REGISTRY["cifar10"][0], members=(member,))
    (candidate,) = adoptable(file, member)
    assert kit.decoded(candidate) == records
    assert list(adoptable(file, replace(member, sha256=None))) == []


@pytest.mark.parametrize(
    ("images", "match"),
    [
        (np.zeros((2, 28, 28), np.uint8), "has 2 rows, 10000 are needed"),
        (np.zeros((2, 28, 28, 3), np.uint8), r"a picture is RGB \(28, 28\), not L"),
        (np.zeros((2, 3000, 28), np.uint8), r"a picture is L \(28, 3000\), not L"),
    ],
)
def test_a_table_of_other_pictures_is_refused(kit, tmp_path: Path, images: np.ndarray, match: str) -> None:
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1"
    kit.parquet(hub / "test-0.parquet", images, np.zeros(2))
    (candidate,) = kit.copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match=match):
        kit.decoded(candidate)


def test_a_broken_parquet_file_is_refused(kit, tmp_path: Path) -> None:
    kit.put(
        tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet",
        b"PAR1" + bytes(50),
    )
    (candidate,) = kit.copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match=r"not a readable Parquet|cannot be read"):
        kit.decoded(candidate)


def test_pictures_that_are_no_pictures_are_refused(kit, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = kit.put(tmp_path / "user/.cache/huggingface/hub/datasets--mnist/snapshots/1/test-0.parquet", b"")
    for picture, match in (({"bytes": b"GIF89a"}, "cannot be decoded"), ({"bytes": None}, "no picture")):
        pq.write_table(pa.table({"image": [picture], "label": [3]}), path)
        (candidate,) = kit.copies("mnist", TEST_IMAGES)
        with pytest.raises(DataCorruptError, match=match):
            kit.decoded(candidate)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
