"""What is to be laid out: the images of a data set's splits, or rows of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets import ImageDataset, load

__all__ = ["DatasetLike", "chosen_parts", "dataset_name", "images_again"]

DatasetLike = str | Path | tuple[ImageDataset, ImageDataset]
_SPLITS = ("all", "test", "train")


def chosen_parts(dataset: DatasetLike, split: str) -> tuple[tuple[ImageDataset, ...], ImageDataset]:
    """Return the splits that are to be laid out, and the train split.

    Raises
    ------
    UnknownNameError
        No such split or data set.
    """
    if split not in _SPLITS:
        raise UnknownNameError("split", split, _SPLITS)
    train, test = dataset if isinstance(dataset, tuple) else load(dataset)
    return {"all": (train, test), "train": (train,), "test": (test,)}[split], train


def dataset_name(dataset: DatasetLike) -> str:
    """Return the name or the path under which it can be loaded again."""
    return dataset[0].name if isinstance(dataset, tuple) else str(dataset)


def images_again(
    dataset: Any, split: str, labels: Int64[NDArray[np.int64], " n"]
) -> UInt8[Tensor, "n c h w"]:
    """Load the images of a map that was read from a file.

    Raises
    ------
    UsageError
        The map has no images, or the data set's labels are not those of the map.
    """
    if not dataset:
        raise UsageError(
            "This map was made of features of your own, so it has no images: save it as .png or .npz."
        )
    parts, _ = chosen_parts(dataset, split)
    if not np.array_equal(np.concatenate([part.labels.numpy() for part in parts]), labels):
        raise UsageError(f"The labels of {dataset} are not those of the map any more; make the map anew.")
    return parts[0].images if len(parts) == 1 else torch.cat([part.images for part in parts])
