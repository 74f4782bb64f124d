"""Readers: a network with all that is needed to ask it. Oracle: the run's own answers to the test images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError, UsageError
from firstlight.datasets import ImageDataset
from firstlight.evaluation import fit_temperature
from firstlight.models import load_pretrained
from firstlight.prediction import load_reader
from firstlight.recipes import find_recipe
from firstlight.training import Run, RunRecord, load_run, save_run

PAGE = np.full((120, 120), 255, dtype=np.uint8)
PAGE[20:100, 56:64] = 0


@pytest.fixture(scope="module")
def pair() -> tuple[ImageDataset, ImageDataset]:
    return fl.load("mnist")


@pytest.fixture(scope="module")
def folder(pair: tuple[ImageDataset, ImageDataset], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home's ``runs`` with one run in it, which held images out."""
    place = tmp_path_factory.mktemp("home") / "runs" / "one"
    place.mkdir(parents=True)
    save_run(fl.train("mlp-fast", dataset=pair, epochs=0.3, validate=True), place)
    return place


def untrained(dataset: str, shape: tuple[int, int, int] = (1, 28, 28)) -> Run:
    """A run with its first weights: enough to see what becomes of what it says about itself."""
    recipe = find_recipe("mlp-fast")
    classes = tuple(f"class {number}" for number in range(10))
    record = RunRecord(
        recipe="mlp-fast", dataset=dataset, seed=0, settings=recipe.settings, status="finished",
        started="2026-11-22T10:00:00+00:00", image_shape=shape, classes=classes,
    )  # fmt: skip
    return Run(recipe.model(shape, 10, generator=torch.Generator().manual_seed(0)), record)


def test_the_network_in_the_package() -> None:
    reader, shipped = load_reader(), load_pretrained()
    assert reader is load_reader("pretrained")
    assert (reader.name, reader.dataset, reader.is_calibrated) == ("pretrained cnn", "mnist", True)
    assert (reader.mean, reader.std, reader.temperature) == (
        shipped.mean[0], shipped.std[0], shipped.temperature,
    )  # fmt: skip
    assert load_reader(reader) is reader


def test_probabilities_are_those_of_the_runs_logits(
    folder: Path, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    run, (train, test) = load_run(folder), pair
    reader = load_reader(folder)
    assert run.test_logits is not None
    assert run.validation_logits is not None
    held_out = train.canonical_split()[1].labels
    assert reader.temperature == fit_temperature(run.validation_logits, held_out).value
    assert reader.is_calibrated
    expected = (run.test_logits[:1200].float() / reader.temperature).softmax(dim=1)
    found = reader.probabilities(test.images[:1200])
    torch.testing.assert_close(found, expected, rtol=0, atol=0.03)  # the run may have computed in bfloat16
    assert (found.argmax(dim=1) == expected.argmax(dim=1)).float().mean() > 0.99


def test_a_run_is_given_as_itself_by_folder_by_name_or_as_the_last(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(folder.parents[1]))
    expected = fl.predict(PAGE, run=load_run(folder)).digits[0].probabilities
    for given in (folder, str(folder), "one", "last"):
        assert fl.predict(PAGE, run=given).digits[0].probabilities == expected
    assert fl.predict(PAGE).digits[0].probabilities != expected
    assert load_reader("last").name == "mlp-fast on mnist"


def test_a_run_that_held_nothing_out_has_no_temperature() -> None:
    reader = load_reader(untrained("mnist"))
    assert (reader.temperature, reader.is_calibrated) == (1.0, False)


def test_a_run_on_clothes_warns_and_names_its_own_classes() -> None:
    found = fl.predict(PAGE, run=untrained("fashion-mnist"))
    assert found.warnings == (
        "mlp-fast on fashion-mnist did not learn from drawings: its answers mean little here.",
    )
    assert found.digits[0].label.startswith("class ")
    assert fl.predict(PAGE, run=untrained("mnist")).warnings == ()
    assert load_reader(untrained("fashion-mnist")).mean == pytest.approx(0.286041)


def test_a_run_on_colour_images_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"mlp-fast on cifar10 reads images of \[3, 32, 32\]; .* Take a run on mnist"
    ):
        fl.predict(PAGE, run=untrained("cifar10", (3, 32, 32)))


def test_own_data_is_normalised_as_in_training(
    tmp_path: Path, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    own = tmp_path / "own.npz"
    images = pair[0].images[:100, 0].numpy() // 2
    np.savez(own, x_train=images, y_train=pair[0].labels[:100].numpy(),
             x_test=images[:20], y_test=pair[0].labels[:20].numpy())  # fmt: skip
    reader = load_reader(untrained(str(own)))
    assert reader.mean == pytest.approx(images.mean() / 255, abs=1e-6)
    assert reader.std == pytest.approx(images.std() / 255, abs=1e-6)


def test_data_that_are_gone_and_runs_that_never_were_are_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataMissingError, match="moved-away"):
        load_reader(untrained(str(tmp_path / "moved-away.npz")))
    with pytest.raises(UnknownNameError, match="There is no data set 'my-own'"):
        load_reader(untrained("my-own"))
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(folder.parents[1]))
    with pytest.raises(UnknownNameError, match=r"There is no run 'onne'\. Did you mean 'one'"):
        load_reader("onne")
    with pytest.raises(UnknownNameError, match="There is no run"):
        fl.predict(PAGE, run=tmp_path)


def test_a_damaged_run_is_refused(folder: Path, tmp_path: Path) -> None:
    run = load_run(folder)
    save_run(replace(run, folder=None), tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(DataCorruptError, match=r"model\.safetensors is damaged"):
        load_reader(tmp_path)
