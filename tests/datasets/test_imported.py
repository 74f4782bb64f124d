"""Your own data under a name. Kind: oracle (the original's own images) and behaviour."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from pathlib import Path

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import CacheError, DataCorruptError, DataMissingError, UnknownNameError, UsageError
from firstlight.datasets import (
    import_dataset,
    imported_files,
    imported_folder,
    imported_names,
    remove_imported,
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return save(tmp_path / "own.npz", classes=3)


def save(path: Path, *, classes: int, shape: tuple[int, ...] = (8, 8)) -> Path:
    generator = np.random.default_rng(0)
    train, test = 4 * classes, 2 * classes
    np.savez(
        path,
        x_train=generator.integers(0, 256, (train, *shape), dtype=np.uint8),
        y_train=np.arange(train) % classes,
        x_test=generator.integers(0, 256, (test, *shape), dtype=np.uint8),
        y_test=np.arange(test) % classes,
    )
    return path


@pytest.mark.parametrize("shape", [(8, 8), (8, 6, 3)], ids=["grey", "colour"])
def test_the_name_loads_what_the_path_loads(shape: tuple[int, ...], tmp_path: Path, data_home: Path) -> None:
    path = save(tmp_path / "own.npz", classes=3, shape=shape)
    direct = fl.load(path)
    import_dataset(path, "my-own")
    path.unlink()
    for got, wanted in zip(fl.load("my-own"), direct, strict=True):
        assert torch.equal(got.images, wanted.images)
        assert torch.equal(got.labels, wanted.labels)
        assert (got.classes, got.mean, got.std) == (wanted.classes, wanted.mean, wanted.std)
        assert (got.name, got.split) == ("my-own", wanted.split)
        assert str(path) in got.card.description
        assert [source.origin for source in got.provenance] == [f"imported: {path}"] * 2


def test_more_than_256_classes_keep_their_labels(tmp_path: Path, data_home: Path) -> None:
    import_dataset(save(tmp_path / "many.npz", classes=300, shape=(2, 2)), "many")
    train, _ = fl.load("many")
    assert train.labels[:300].tolist() == list(range(300))


def test_pixels_are_mapped_and_changing_them_leaves_the_file_alone(own: Path, data_home: Path) -> None:
    train, _ = import_dataset(own, "own")
    before = (imported_folder("own") / "train-images.idx").read_bytes()
    train.images.zero_()
    assert (imported_folder("own") / "train-images.idx").read_bytes() == before


def test_names_are_listed_and_removed(own: Path, data_home: Path) -> None:
    assert imported_names() == ()
    import_dataset(own, "b")
    import_dataset(own, "a")
    assert imported_names() == ("a", "b")
    size_bytes = sum(file.stat().st_size for file in imported_folder("a").iterdir())
    assert remove_imported("a") == size_bytes
    assert imported_names() == ("b",)
    assert own.exists()
    with pytest.raises(UnknownNameError, match="no imported data set 'a'"):
        remove_imported("a")


@pytest.mark.parametrize("name", ["My-Digits", "a_b", "-a", "", "a/b", "..", "x" * 65, "ä"])
def test_names_that_are_no_names_are_refused(name: str, own: Path, data_home: Path) -> None:
    with pytest.raises(UsageError, match="small letters, digits and dashes"):
        import_dataset(own, name)
    assert not data_home.exists()


@pytest.mark.parametrize("name", ["mnist", "fashionmnist", "cifar-10", "emnist", "emnist-letters"])
def test_names_that_firstlight_has_are_refused(name: str, own: Path, data_home: Path) -> None:
    with pytest.raises(UsageError, match="that firstlight has already"):
        import_dataset(own, name)


def test_a_name_is_given_once(own: Path, data_home: Path) -> None:
    import_dataset(own, "own")
    with pytest.raises(UsageError, match="firstlight data rm own"):
        import_dataset(own, "own")


def test_what_cannot_be_read_leaves_nothing_behind(tmp_path: Path, data_home: Path) -> None:
    with pytest.raises(DataMissingError, match="nowhere"):
        import_dataset(tmp_path / "nowhere", "own")
    assert imported_names() == ()
    assert not imported_folder("own").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_says_the_cure(own: Path, data_home: Path) -> None:
    data_home.mkdir()
    data_home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(CacheError, match="set FIRSTLIGHT_HOME"):
        import_dataset(own, "own")


def test_a_home_that_is_a_file_says_the_cure_and_leaves_nothing(own: Path, data_home: Path) -> None:
    data_home.write_text("not a folder")
    with pytest.raises(CacheError, match="set FIRSTLIGHT_HOME"):
        import_dataset(own, "own")
    assert data_home.read_text() == "not a folder"


def test_damage_is_found(own: Path, data_home: Path) -> None:
    import_dataset(own, "own")
    assert [file.check() for file in imported_files("own")] == [("ok", "")] * 4
    labels = imported_folder("own") / "test-labels.idx"
    whole = labels.read_bytes()
    labels.write_bytes(whole[:-1] + b"\x07")
    assert [file.check()[0] for file in imported_files("own")] == ["ok", "ok", "ok", "damaged"]
    labels.write_bytes(whole[:-1])
    with pytest.raises(DataCorruptError, match=re.escape(str(labels))):
        fl.load("own")
    labels.unlink()
    assert [file.check()[0] for file in imported_files("own")][-1] == "missing"
    with pytest.raises(DataMissingError, match=re.escape(str(labels))):
        fl.load("own")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"classes": 3}'])
def test_a_broken_record_says_the_cure(text: str, own: Path, data_home: Path) -> None:
    import_dataset(own, "own")
    (imported_folder("own") / "dataset.json").write_text(text)
    with pytest.raises(DataCorruptError, match="firstlight data rm own"):
        fl.load("own")


def test_a_half_written_import_is_not_listed(own: Path, data_home: Path) -> None:
    import_dataset(own, "own")
    shutil.copytree(imported_folder("own"), data_home / "imported" / ".other.123.partial")
    (data_home / "imported" / "empty").mkdir()
    assert imported_names() == ("own",)


def test_the_record_says_where_it_came_from(own: Path, data_home: Path) -> None:
    import_dataset(own, "own")
    record = json.loads((imported_folder("own") / "dataset.json").read_bytes())
    assert (record["schema"], record["name"], record["source"]) == (1, "own", str(own))
