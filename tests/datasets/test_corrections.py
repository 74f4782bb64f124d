"""Corrections of one's own: the file, what fits, what is refused. Kind: behaviour, on real MNIST and tiny data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import firstlight as fl
from firstlight._errors import CacheError, DataCorruptError, DataMissingError, UsageError
from firstlight.datasets import Corrections, Verdict, fingerprint, read_corrections

SOME = [Verdict(7, 1, "drop"), Verdict(0, 0, "fix", 2), Verdict(4, 1, "ambiguous"), Verdict(2, 2, "keep")]


@pytest.fixture
def written(small: fl.ImageDataset, tmp_path: Path) -> Path:
    return Corrections.of(small, SOME, source="me").save(tmp_path / "mine.json")


def changed(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


def test_what_is_written_is_read_back(small: fl.ImageDataset, written: Path) -> None:
    made = Corrections.of(small, SOME, source="me")
    assert read_corrections(written) == made
    assert [verdict.index for verdict in made.verdicts] == [0, 2, 4, 7]
    assert made.counts() == {"keep": 1, "fix": 1, "ambiguous": 1, "drop": 1}
    assert json.loads(written.read_text())["schema"] == 1


def test_fix_replaces_and_ambiguous_and_drop_leave_out(small: fl.ImageDataset, written: Path) -> None:
    before = small.labels.clone()
    corrected = read_corrections(written).apply(small)
    assert corrected.columns["index"].tolist() == [0, 1, 2, 3, 5, 6, 8, 9, 10, 11]
    assert corrected.labels.tolist() == [2, 1, 2, 0, 2, 0, 2, 0, 1, 2]
    assert torch.equal(corrected.columns["given"], before[corrected.columns["index"]])
    assert torch.equal(corrected.images, small.images[corrected.columns["index"]])
    assert torch.equal(corrected.columns["place"], corrected.columns["index"])
    assert torch.equal(small.labels, before)


def test_load_takes_a_file_several_or_an_object(mnist: Any, tmp_path: Path) -> None:
    train, test = mnist
    of_train = Corrections.of(train, [Verdict(59915, int(train.labels[59915]), "fix", 7)])
    of_test = Corrections.of(test, [Verdict(0, 7, "drop")])
    path = of_train.save(tmp_path / "train.json")
    assert int(fl.load("mnist", corrections=path)[0].labels[59915]) == 7
    assert int(fl.load("mnist", corrections=str(path))[0].labels[59915]) == 7
    both = fl.load("mnist", corrections=[path, of_test])
    assert [len(part) for part in both] == [60_000, 9_999]
    assert [len(part) for part in fl.load("mnist", corrections=[of_train, "verified"])] == [60_000, 9_995]
    with pytest.raises(UsageError, match="corrected already"):
        fl.load("mnist", corrections=[of_test, "verified"])


def test_corrections_of_other_data_are_refused(small: fl.ImageDataset, written: Path) -> None:
    mine = read_corrections(written)
    with pytest.raises(UsageError, match=r"are of small train; got other train"):
        mine.apply(small.replacing(name="other"))
    with pytest.raises(UsageError, match="12 images; small train has 11"):
        mine.apply(small[:11])
    for other in (
        small.replacing(labels=(small.labels + 1) % 3),
        small.replacing(images=small.images.flip(0)),
        small.replacing(classes=("a", "b", "d")),
    ):
        with pytest.raises(UsageError, match="pixels or labels differ"):
            mine.apply(other)


def test_a_fingerprint_is_of_values_not_of_memory(small: fl.ImageDataset) -> None:
    turned = small.replacing(images=small.images.transpose(2, 3).contiguous().transpose(2, 3))
    assert not turned.images.is_contiguous()
    assert fingerprint(turned) == fingerprint(small)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"index": 12, "given": 0, "verdict": "keep"}, "index 12 lies outside of its 12 images"),
        ({"index": -1, "given": 0, "verdict": "keep"}, "index -1 lies outside"),
        ({"index": 3, "given": 0, "verdict": "fix", "label": 3}, "fixed to label 3; labels run from 0 to 2"),
        ({"index": 3, "given": 9, "verdict": "keep"}, "given label 9"),
        ({"index": 3, "given": 0, "verdict": "fix"}, '"fix" has a label'),
        ({"index": 3, "given": 0, "verdict": "drop", "label": 1}, '"fix" has a label'),
        ({"index": 3, "given": 0, "verdict": "burn"}, "verdict 'burn'; there are keep, fix, ambiguous, drop"),
        ({"index": 3.5, "given": 0, "verdict": "keep"}, "'index' is 3.5, which is no int"),
        ({"index": True, "given": 0, "verdict": "keep"}, "'index' is True"),
        ({"given": 0, "verdict": "keep"}, "'index' is missing"),
        ("seven", "a verdict is an object"),
    ],
)
def test_damaged_verdicts_are_refused(written: Path, row: Any, said: str) -> None:
    with pytest.raises(DataCorruptError, match=said):
        read_corrections(changed(written, verdicts=[row]))


def test_two_verdicts_on_one_image_are_refused(written: Path) -> None:
    row = {"index": 3, "given": 0, "verdict": "keep"}
    with pytest.raises(DataCorruptError, match="image 3 has two verdicts"):
        read_corrections(changed(written, verdicts=[row, row]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": 2}, "schema 2, and this firstlight reads 1"),
        ({"kind": "run"}, 'no "kind": "corrections"'),
        ({"images": "12"}, "'images' is '12', which is no int"),
        ({"verdicts": None}, "is no file of corrections"),
    ],
)
def test_files_of_another_kind_are_refused(written: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DataCorruptError, match=said):
        read_corrections(changed(written, **changes))


def test_damaged_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no file of corrections"):
        fl.load("mnist", corrections=tmp_path / "none.json")
    for content in (b'{"schema": 1, "ki', b"\xff\xfe\x00", b"[]", b"[" * 100_000):
        (tmp_path / "bad.json").write_bytes(content)
        with pytest.raises(DataCorruptError, match="is no file of corrections"):
            read_corrections(tmp_path / "bad.json")
    with pytest.raises(DataCorruptError, match="is no file of corrections"):
        read_corrections(tmp_path)


def test_verdicts_are_checked_when_they_are_put_together(small: fl.ImageDataset) -> None:
    with pytest.raises(UsageError, match="image 3 has label 0, not 1"):
        Corrections.of(small, [Verdict(3, 1, "keep")])
    with pytest.raises(UsageError, match="index 99 lies outside"):
        Corrections.of(small, [Verdict(99, 1, "keep")])
    everything = Corrections.of(small, [Verdict(i, i % 3, "drop") for i in range(12)])
    with pytest.raises(UsageError, match="leave out every image"):
        everything.apply(small)


def test_corrections_are_applied_once(small: fl.ImageDataset, written: Path) -> None:
    mine = read_corrections(written)
    with pytest.raises(UsageError, match="corrected already"):
        mine.apply(mine.apply(small))


def test_a_place_that_cannot_be_written_is_told(small: fl.ImageDataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="Cannot write"):
        Corrections.of(small, []).save(tmp_path / "file" / "mine.json")
