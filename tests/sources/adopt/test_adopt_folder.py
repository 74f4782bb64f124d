"""`adopt(path)`: files known by their bytes wherever they lie. Oracle: the registry's hashes; behaviour."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import DataMissingError, UsageError
from firstlight.sources import Found, Skipped, member_path, read_idx
from firstlight.sources._adopt import adopt
from firstlight.sources._cache import member_file

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"


def test_adopt_knows_files_by_their_bytes_and_leaves_them_alone(
    kit, mnist: dict[str, Path], hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    repacked = kit.put(stick / "a/labels.bin", gzip.compress(mnist[TRAIN_LABELS].read_bytes()))
    loose = kit.put(stick / "b/renamed", mnist[TEST_IMAGES].read_bytes())
    table = kit.npz(stick / "c/keras.npz", {"y_test": read_idx(mnist[TEST_LABELS])})
    kit.put(stick / "holiday.jpg", b"\xff\xd8\xff")
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
    kit, mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    adopt(kit.put(tmp_path / "x", mnist[TEST_LABELS].read_bytes()))
    assert member_path("mnist", TEST_LABELS).read_bytes() == mnist[TEST_LABELS].read_bytes()


def test_adopt_takes_the_published_file(fashion: Path) -> None:
    (done,) = adopt(fashion / f"{TEST_LABELS}.gz")
    assert (done.dataset, done.member) == ("fashion-mnist", TEST_LABELS)


def test_adopt_takes_arff_and_parquet(
    kit, mnist: dict[str, Path], arff_table: bytes, hub_shards: tuple[Path, Path], tmp_path: Path
) -> None:
    kit.put(tmp_path / "stick/mnist_784.arff.gz", arff_table)
    assert [one.member for one in adopt(tmp_path / "stick")] == [TRAIN_LABELS, TEST_LABELS, TEST_IMAGES]
    whole = tmp_path / "stick2/any.parquet"
    labels = read_idx(mnist[TEST_LABELS])
    kit.parquet(whole, np.zeros((10_000, 2, 2), np.uint8), labels)
    assert [one.member for one in adopt(whole)] == [TEST_LABELS]


def test_adopt_refuses_a_file_with_the_right_name_and_wrong_bytes(kit, tmp_path: Path) -> None:
    kit.put(tmp_path / "stick" / f"{TEST_LABELS}.gz", gzip.compress(bytes(10_008)))
    events: list[object] = []
    with pytest.raises(
        DataMissingError, match=r"has the size or the name of .*mnist's t10k-labels.*but other bytes"
    ):
        adopt(tmp_path / "stick", on_event=events.append)
    assert any(isinstance(event, Skipped) for event in events)


def test_adopt_does_not_search_a_whole_disk(kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstlight.sources._adopt.MOST_FILES", 2)
    for number in range(3):
        kit.put(tmp_path / f"stick/{number}", b"x")
    with pytest.raises(
        UsageError, match=r"stick has more than 2 files in it\. Give the folder that has the data"
    ):
        adopt(tmp_path / "stick")


def test_adopt_says_what_it_looked_at_and_what_it_takes(kit, tmp_path: Path) -> None:
    for number in range(7):
        kit.put(tmp_path / f"stick/{number}.txt", b"hello")
    with pytest.raises(
        DataMissingError, match=r"(?s)Looked at 7 file\(s\): 0\.txt.*4\.txt, \.\.\..*mnist_784\.arff"
    ):
        adopt(tmp_path / "stick")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataMissingError, match="There is no file in it"):
        adopt(tmp_path / "empty")
    with pytest.raises(DataMissingError, match=r"There is nothing at .*nowhere to adopt"):
        adopt(tmp_path / "nowhere")
