"""Trained networks for other programs: ONNX files, and what `torch.export` saves."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._atomic import write_file
from firstlight._errors import FirstlightError, MissingExtraError, UsageError
from firstlight.datasets import ImageDataset
from firstlight.models import EstimatorModel

__all__ = ["FORMATS", "Exported", "PixelsToLogits", "export_network"]

# By what the file's name ends with.
FORMATS = {".onnx": "ONNX", ".pt2": "torch.export"}
# How far a logit may move by computing in another order. Wrong exports miss by whole units.
TOLERANCE = 1e-3


class Exported(NamedTuple):
    """A file that was written and checked.

    Attributes
    ----------
    path, format
        Where it lies, and what it is: one of `FORMATS`.
    images
        Test images on which it was held against the network.
    largest_difference
        Between a logit of the file's and the network's.
    """

    path: Path
    format: str
    images: int
    largest_difference: float


class PixelsToLogits(nn.Module):
    """A network that takes pixels from 0 to 1, and normalises them itself.

    Parameters
    ----------
    network
        Takes normalised images, gives logits.
    mean, std
        By channel, as the network's training data were normalised with.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(-1, 1, 1))

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return logits of images with pixels from 0 to 1."""
        logits: Tensor = self.network((images - self.mean) / self.std)
        return logits


def export_network(network: nn.Module, path: Path, *, images: ImageDataset, count: int = 256) -> Exported:
    """Write a network for other programs, once it was seen to give the same answers there.

    The file takes ``images``, float32 ``[batch, c, h, w]`` with pixels from 0 to 1, any number of them, and
    gives ``logits``, float32 ``[batch, k]``; normalising is part of it. Nothing is written if its answers
    differ from the network's.

    Parameters
    ----------
    network
        Takes normalised images, gives logits; on the CPU.
    path
        Ends with ``.onnx``, or with ``.pt2`` for `torch.export.load`.
    images
        Tells sizes, classes and how images were normalised, and is what the file is tried on.
    count
        How many of the images to try, at least 1.

    Raises
    ------
    UsageError
        Another ending, or a model that is no network.
    MissingExtraError
        ONNX without the extra ``onnx``.
    FirstlightError
        The file's answers are not the network's.
    CacheError
        The disk refuses; no file is left.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"The file's name ends with {' or '.join(FORMATS)}; got {path.name!r}.")
    if isinstance(network, EstimatorModel):
        raise UsageError("This is an estimator of scikit-learn's, not a network; skl2onnx can export it.")
    whole = PixelsToLogits(network, images.mean, images.std).eval()
    trial = images.images[:count].float() / 255
    facts = {"dataset": images.name, "classes": list(images.classes), "pixels": "float32 from 0 to 1"}
    with _quiet():
        content = _onnx(whole, trial, facts) if kind == "ONNX" else _exported(whole, trial, facts)
        with torch.inference_mode():
            expected = whole(trial)
        answers = _answers_onnx(content, trial) if kind == "ONNX" else _answers_exported(content, trial)
    difference = float((answers - expected).abs().max())
    if not difference <= TOLERANCE:
        raise FirstlightError(
            f"The exported file gives other answers than the network: a logit differs by {difference:.3g}. "
            f"Nothing was written to {path}."
        )
    return Exported(write_file(path, content), kind, len(trial), difference)


def _onnx(whole: PixelsToLogits, trial: Tensor, facts: dict[str, Any]) -> bytes:
    try:
        import onnx
        import onnxruntime  # noqa: F401 - needed to check; better to say so before the work
        import onnxscript  # noqa: F401 - what torch writes ONNX with
    except ImportError as error:
        raise MissingExtraError("Writing ONNX", package=error.name or "onnx", extra="onnx") from error
    program = torch.onnx.export(
        whole,
        (trial[:2],),
        dynamo=True,
        input_names=["images"],
        output_names=["logits"],
        dynamic_shapes={"images": {0: torch.export.Dim("batch")}},
        verbose=False,
    )
    assert program is not None, "the exporter by torch.export returns a program"
    model = program.model_proto
    onnx.helper.set_model_props(model, {key: json.dumps(value) for key, value in facts.items()})
    content: bytes = model.SerializeToString()
    return content


def _exported(whole: PixelsToLogits, trial: Tensor, facts: dict[str, Any]) -> bytes:
    batch = {"images": {0: torch.export.Dim("batch", min=1)}}
    program = torch.export.export(whole, (trial[:2],), dynamic_shapes=batch)
    out = io.BytesIO()
    torch.export.save(program, out, extra_files={"firstlight.json": json.dumps(facts)})
    return out.getvalue()


def _answers_onnx(content: bytes, trial: Tensor) -> Tensor:
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (answers,) = session.run(["logits"], {"images": trial.numpy()})
    return torch.from_numpy(answers)


def _answers_exported(content: bytes, trial: Tensor) -> Tensor:
    with torch.inference_mode():
        answers: Tensor = torch.export.load(io.BytesIO(content)).module()(trial)
    return answers


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what the exporters say about themselves; errors are raised all the same."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
