"""Networks that come with firstlight, trained already: their weights, their record, and a check of both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor, nn

from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError
from firstlight.models._convnet import ConvNet, ConvStage
from firstlight.models._views import ManyViews

__all__ = ["PRETRAINED", "Pretrained", "load_pretrained", "pretrained_files"]

FOLDER = Path(__file__).parent / "pretrained"
PRETRAINED = ("cnn",)
SCHEMA = 1
CURE = "Install firstlight again: pip install --force-reinstall --no-deps firstlight"


@dataclass(frozen=True, eq=False)
class Pretrained:
    """A network that was trained once and is kept.

    Attributes
    ----------
    name
        Of the recipe that it was made by.
    model
        Takes normalised images, gives logits; float32, on the CPU, in evaluation mode.
    image_shape, classes
        What it reads and what it answers, the latter in the order of the logits.
    dataset
        What it learnt from.
    mean, std
        How images are normalised: ``(x / 255 - mean) / std``, by channel.
    temperature
        By what to divide the logits so that probabilities mean what they say.
    record
        How it was made and what it was measured to reach: recipe, seed, settings, accuracy, versions.
    """

    name: str
    model: nn.Module
    image_shape: tuple[int, int, int]
    classes: tuple[str, ...]
    dataset: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    temperature: float
    record: dict[str, Any]


def load_pretrained(name: str = "cnn", *, folder: Path = FOLDER) -> Pretrained:
    """Load a network that comes with firstlight. Asks no network and no data set.

    Parameters
    ----------
    name
        One of `PRETRAINED`.
    folder
        Where the files lie; the default is the package's own.

    Raises
    ------
    UnknownNameError
        There is none of that name.
    DataMissingError, DataCorruptError
        A file is missing, or is not what was shipped: it is held against its SHA-256.

    Examples
    --------
    >>> shipped = load_pretrained("cnn")
    >>> shipped.record["test_accuracy"] > 0.99
    True
    """
    if name not in PRETRAINED:
        raise UnknownNameError("pretrained network", name, PRETRAINED)
    weights, record = pretrained_files(name, folder=folder)
    fields = _record(record)
    try:
        model = _model(fields)
        model.load_state_dict({key: value.float() for key, value in _checked(weights, fields).items()})
        return Pretrained(
            name=name,
            model=model.eval(),
            image_shape=tuple(fields["image_shape"]),
            classes=tuple(fields["classes"]),
            dataset=fields["dataset"],
            mean=tuple(fields["mean"]),
            std=tuple(fields["std"]),
            temperature=fields["temperature"],
            record=fields,
        )
    except (KeyError, TypeError, RuntimeError) as error:
        raise DataCorruptError(f"{record} does not describe {weights}: {error}. {CURE}") from error


def pretrained_files(name: str, *, folder: Path = FOLDER) -> tuple[Path, Path]:
    """Return where a network's weights and its record lie."""
    return folder / f"{name}.safetensors", folder / f"{name}.json"


def _record(path: Path) -> dict[str, Any]:
    try:
        fields = json.loads(_content(path))
    except ValueError as error:
        raise DataCorruptError(f"{path} is damaged: {error}. {CURE}") from error
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
        raise DataCorruptError(f"{path} is no record of a pretrained network of schema {SCHEMA}. {CURE}")
    return fields


def _checked(path: Path, fields: dict[str, Any]) -> dict[str, Tensor]:
    content = _content(path)
    found = hashlib.sha256(content).hexdigest()
    if found != fields["sha256"]:
        raise DataCorruptError(
            f"{path} is damaged: its SHA-256 is {found}, and {fields['sha256']} was shipped. {CURE}"
        )
    try:
        return load_tensors(content)
    except SafetensorError as error:
        raise DataCorruptError(f"{path} is damaged: {error}. {CURE}") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataMissingError(f"{path} cannot be read: {error.strerror or error}. {CURE}") from error


def _model(fields: dict[str, Any]) -> nn.Module:
    """Build the network that the weights belong to; as recipe ``cnn`` does, which lies above this package."""
    network = fields["network"]
    stages = [ConvStage(*stage) for stage in network["stages"]]
    model = ConvNet(
        tuple(fields["image_shape"]), len(fields["classes"]), stages=stages, generator=torch.Generator()
    )
    return ManyViews(model, shift=network["views"]["shift"], directions=network["views"]["directions"])
