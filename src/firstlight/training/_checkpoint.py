"""`checkpoint.safetensors`: all of a training in one file, which vouches for every bit of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from firstlight._atomic import write_file
from firstlight._errors import DataCorruptError
from firstlight.datasets import ImageDataset
from firstlight.training._run import RunRecord

__all__ = ["Checkpoint", "images_sha256", "read_checkpoint", "write_checkpoint"]

FORMAT = "1"
UNSEALED = b"0" * 64  # stands in the header while the hash of the file is computed


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training at one step.

    Attributes
    ----------
    record
        The record of the run at that step: recipe, settings, seed, data, history.
    images_sha256
        Of the images it learns from.
    tensors
        What `TrainingState.tensors` gave, on the CPU.
    """

    record: RunRecord
    images_sha256: str
    tensors: Mapping[str, Tensor]


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all: one that was there before stays until then.

    Raises
    ------
    CacheError
        The disk refuses.
    """
    facts = {
        "format": FORMAT,
        "sha256": UNSEALED.decode(),
        "images_sha256": checkpoint.images_sha256,
        "record": json.dumps(checkpoint.record.to_json()),
    }
    tensors = {name: value.cpu().contiguous() for name, value in checkpoint.tensors.items()}
    content = save_tensors(tensors, facts)
    write_file(path, content.replace(UNSEALED, _sha256(content), 1))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint and verify each of its bytes.

    Raises
    ------
    FileNotFoundError
        There is none.
    DataCorruptError
        It is damaged, or of another format; nothing was changed.
    """
    content = path.read_bytes()
    facts, tensors = _opened(content, path)
    if facts.get("format") != FORMAT:
        raise DataCorruptError(
            f"{path} is a checkpoint of format {facts.get('format')!r}; this firstlight reads format "
            f"{FORMAT!r}. Use the version of firstlight that wrote it."
        )
    seal = str(facts.get("sha256", "")).encode()
    if len(seal) != len(UNSEALED) or _sha256(content.replace(seal, UNSEALED, 1)) != seal:
        raise _damaged(path, "its SHA-256 is not the one it was written with")
    record = RunRecord.from_json(json.loads(facts["record"]), source=f"The record in {path}")
    return Checkpoint(record, facts["images_sha256"], tensors)


def images_sha256(images: ImageDataset) -> str:
    """Return one hash of all pixels and labels, in their order."""
    whole = hashlib.sha256(repr(tuple(images.images.shape)).encode())
    for part in (images.images, images.labels):
        whole.update(part.contiguous().numpy().data.cast("B"))
    return whole.hexdigest()


def _opened(content: bytes, path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        tensors = load_tensors(content)
        # Eight bytes say how long the JSON at the beginning of a safetensors file is.
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    except (SafetensorError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    return header.get("__metadata__") or {}, tensors


def _damaged(path: Path, why: str) -> DataCorruptError:
    return DataCorruptError(
        f"{path} is damaged: {why}. Nothing was changed. Remove that file to begin this run anew with the "
        "same command."
    )


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
