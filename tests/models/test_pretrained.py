"""The network in the package. Oracle: MNIST's labels and its own record; behaviour on damaged files."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

import firstlight as fl
from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError
from firstlight.models import PRETRAINED, load_pretrained, pretrained_files

MOST_BYTES = 1_000_000  # a package that anybody can install in a second


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with copies of the files."""
    for path in pretrained_files("cnn"):
        shutil.copy(path, tmp_path)
    return tmp_path


def changed(folder: Path, **fields: Any) -> None:
    path = folder / "cnn.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def accuracy(name: str) -> float:
    shipped = load_pretrained(name)
    _, test = fl.load(shipped.dataset)
    images = (test.images.float() / 255 - shipped.mean[0]) / shipped.std[0]
    with torch.inference_mode():
        answers = torch.cat([shipped.model(part).argmax(dim=1) for part in images.split(500)])
    return float((answers == test.labels).double().mean())


@pytest.mark.parametrize("name", PRETRAINED)
def test_it_reaches_what_its_record_says(name: str) -> None:
    assert accuracy(name) == pytest.approx(load_pretrained(name).record["test_accuracy"], abs=3e-4)


@pytest.mark.parametrize("name", PRETRAINED)
def test_what_is_said_of_it_fits_its_data_set(name: str) -> None:
    shipped = load_pretrained(name)
    train, _ = fl.load(shipped.dataset)
    assert shipped.name == name == shipped.record["recipe"]
    assert (shipped.image_shape, shipped.classes) == (train.image_shape, train.classes)
    assert (shipped.mean, shipped.std) == (train.mean, train.std)
    assert 0.2 < shipped.temperature < 5
    assert not shipped.model.training
    assert {value.dtype for value in shipped.model.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", PRETRAINED)
def test_it_is_small(name: str) -> None:
    assert sum(path.stat().st_size for path in pretrained_files(name)) < MOST_BYTES


def test_copies_elsewhere_are_read(copy: Path) -> None:
    images = torch.randn(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(load_pretrained(folder=copy).model(images), load_pretrained().model(images))


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match=r"no pretrained network 'cn'\. Did you mean 'cnn'"):
        load_pretrained("cn")


@pytest.mark.parametrize("name", ["cnn.safetensors", "cnn.json"])
def test_a_missing_file_is_told_with_its_cure(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(DataMissingError, match=rf"{name} cannot be read: .* pip install --force-reinstall"):
        load_pretrained(folder=copy)


@pytest.mark.parametrize("place", [0, 5000, -1])
def test_one_wrong_bit_is_seen(copy: Path, place: int) -> None:
    path = copy / "cnn.safetensors"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataCorruptError, match=r"cnn\.safetensors is damaged: its SHA-256 is .* was shipped"):
        load_pretrained(folder=copy)


def test_weights_cut_short_are_seen(copy: Path) -> None:
    path = copy / "cnn.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataCorruptError, match="its SHA-256 is"):
        load_pretrained(folder=copy)
    changed(copy, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(DataCorruptError, match=r"cnn\.safetensors is damaged: .* pip install"):
        load_pretrained(folder=copy)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"cnn\.json is damaged"),
        ('{"schema": 1', r"cnn\.json is damaged"),
        ("[]", "is no record of a pretrained network of schema 1"),
        ('{"schema": 2}', "is no record of a pretrained network of schema 1"),
        ('{"schema": 1}', "does not describe .*: 'network'"),
    ],
)
def test_a_record_that_is_none_is_refused(copy: Path, content: str, message: str) -> None:
    (copy / "cnn.json").write_text(content)
    with pytest.raises(DataCorruptError, match=message):
        load_pretrained(folder=copy)


def test_weights_of_another_network_are_refused(copy: Path) -> None:
    path = copy / "cnn.safetensors"
    tensors = load_file(path)
    tensors.pop(next(name for name in tensors if "conv" in name))
    save_file(tensors, path)
    changed(copy, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(DataCorruptError, match=r"(?s)cnn\.json does not describe .*Missing key"):
        load_pretrained(folder=copy)
