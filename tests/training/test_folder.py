"""Round trip: what is saved is what is read; damage is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from firstlight import load, train
from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError
from firstlight.datasets import ImageDataset
from firstlight.training import Run, list_runs, load_run, new_run_folder, predict_logits, save_run


@pytest.fixture(scope="module")
def test_images() -> ImageDataset:
    return load("mnist")[1][:300]


@pytest.fixture(scope="module")
def run(test_images: ImageDataset) -> Run:
    return train("mlp-fast", dataset=(load("mnist")[0][:1000], test_images), seed=2, device="cpu")


@pytest.fixture
def saved(run: Run, data_home: Path) -> Run:
    return save_run(run)


def test_a_run_comes_back_whole(run: Run, saved: Run) -> None:
    assert saved.folder is not None
    assert {path.name for path in saved.folder.iterdir()} == {
        "run.json",
        "model.safetensors",
        "predictions.safetensors",
    }
    again = load_run(saved.folder)
    assert again.record == run.record
    assert again.test_logits is not None
    assert run.test_logits is not None
    assert torch.equal(again.test_logits, run.test_logits)
    for name, value in run.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], value)


def test_the_model_that_was_read_gives_the_saved_answers_to_the_bit(
    test_images: ImageDataset, saved: Run
) -> None:
    again = load_run("last")
    assert saved.test_logits is not None
    assert torch.equal(predict_logits(again.model, test_images, precision=again.precision), saved.test_logits)


def test_run_json_is_plain_and_has_a_schema_first(saved: Run) -> None:
    assert saved.folder is not None
    fields = json.loads((saved.folder / "run.json").read_text())
    assert next(iter(fields)) == "schema"
    assert fields["schema"] == 1
    assert fields["recipe"] == "mlp-fast"
    assert len(fields["data"][0]["sha256"]) == 64
    assert fields["versions"]["torch"]
    assert fields["machine"]["cores"] >= 1


def test_folders_never_collide(data_home: Path) -> None:
    folders = {new_run_folder("mlp", "mnist", 0) for _ in range(3)}
    assert len(folders) == 3
    assert all(folder.is_dir() for folder in folders)


def test_runs_are_listed_newest_first_without_the_unreadable(run: Run, data_home: Path) -> None:
    assert list_runs() == ()
    parent = data_home / "runs"
    for name in ("20260101-a", "20260102-b"):
        (parent / name).mkdir(parents=True)
        save_run(replace(run, record=replace(run.record, recipe=name)), parent / name)
    (parent / "20260103-c").mkdir()
    (parent / "20260104-d").mkdir()
    (parent / "20260104-d" / "run.json").write_text("{")
    assert [record.recipe for _, record in list_runs()] == ["20260102-b", "20260101-a"]


def test_missing_and_unknown_runs_say_so(saved: Run, data_home: Path) -> None:
    assert saved.folder is not None
    with pytest.raises(UnknownNameError, match=f"no run 'nonsense'.*{saved.folder.name}"):
        load_run("nonsense")
    (saved.folder / "model.safetensors").unlink()
    with pytest.raises(DataMissingError, match=r"model\.safetensors is missing"):
        load_run(saved.folder)


def test_no_runs_at_all_says_how_to_make_one(data_home: Path) -> None:
    with pytest.raises(DataMissingError, match="Make one with: firstlight train"):
        load_run("last")


def test_damage_is_named(saved: Run) -> None:
    assert saved.folder is not None
    weights = saved.folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(DataCorruptError, match=r"model.safetensors is damaged"):
        load_run(saved.folder)
    record = saved.folder / "run.json"
    record.write_text(record.read_text().replace('"schema": 1', '"schema": 99'))
    with pytest.raises(DataCorruptError, match="schema 99; this firstlight reads schema 1"):
        load_run(saved.folder)
    record.write_text('{"schema": 1}')
    with pytest.raises(DataCorruptError, match="is no record of a run"):
        load_run(saved.folder)
    record.write_text("[]")
    with pytest.raises(DataCorruptError, match="holds a list"):
        load_run(saved.folder)
    record.write_text("{half")
    with pytest.raises(DataCorruptError, match=r"run\.json is damaged"):
        load_run(saved.folder)


def test_weights_of_another_shape_are_refused(saved: Run) -> None:
    assert saved.folder is not None
    record = saved.folder / "run.json"
    fields = json.loads(record.read_text())
    record.write_text(json.dumps({**fields, "image_shape": [3, 32, 32]}))
    with pytest.raises(DataCorruptError, match="does not fit recipe 'mlp-fast'"):
        load_run(saved.folder)
