"""What must hold between the parts of a data set; checked once, when the data set is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from firstlight._errors import UsageError

__all__ = ["check_dataset", "check_places"]


def check_dataset(
    images: Tensor,
    labels: Tensor,
    classes: Sequence[str],
    mean: Sequence[float],
    std: Sequence[float],
    columns: Mapping[str, Tensor],
) -> None:
    """Raise `UsageError` unless all parts of a data set fit together."""
    _check_images(images)
    _check_labels(labels, len(images), classes)
    _check_statistics(mean, std, images.shape[1])
    for name, column in columns.items():
        if not isinstance(column, Tensor) or column.ndim == 0 or len(column) != len(images):
            raise UsageError(
                f"Column {name!r} must be a tensor with one entry for each of the {len(images)} images; "
                f"got {_described(column)}."
            )


def check_places(indices: Sequence[int] | Tensor, count: int) -> Tensor:
    """Return places as int64; raise `UsageError` unless they are whole numbers from 0 to ``count - 1``."""
    try:
        chosen = torch.as_tensor(indices)
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(f"A subset takes a list of whole numbers; got {indices!r}.") from error
    is_whole = chosen.dtype != torch.bool and not chosen.is_floating_point() and not chosen.is_complex()
    if chosen.ndim != 1 or chosen.numel() == 0 or not is_whole:
        raise UsageError(
            f"A subset takes a list of whole numbers, at least one; got {_described(chosen)}. "
            "Turn a mask into places with torch.nonzero(mask).flatten()."
        )
    places = chosen.long()
    low, high = int(places.min()), int(places.max())
    if low < 0 or high >= count:
        raise UsageError(f"A subset takes places from 0 to {count - 1}; got {low} to {high}.")
    return places


def _check_images(images: Tensor) -> None:
    if not isinstance(images, Tensor) or images.dtype != torch.uint8 or images.ndim != 4:
        raise UsageError(
            f"images must be a uint8 tensor [n, c, h, w]; got {_described(images)}. For grey pictures "
            "[n, h, w] use images.unsqueeze(1); for floats in [0, 1] (255 * images).round().to(torch.uint8)."
        )
    if 0 in images.shape:
        raise UsageError(
            f"A data set needs at least one image with at least one pixel; got {_described(images)}."
        )


def _check_labels(labels: Tensor, count: int, classes: Sequence[str]) -> None:
    if not isinstance(labels, Tensor) or labels.dtype != torch.int64 or labels.ndim != 1:
        raise UsageError(f"labels must be an int64 tensor [n]; got {_described(labels)}. Try labels.long().")
    if len(labels) != count:
        raise UsageError(f"There must be one label an image; got {count} images and {len(labels)} labels.")
    if len(set(classes)) != len(classes):
        raise UsageError(f"Class names must differ; got {list(classes)}.")
    numbers = labels.numpy(force=True)  # NumPy wakes no threads for this
    low, high = int(numbers.min()), int(numbers.max())
    if low < 0 or high >= len(classes):
        raise UsageError(
            f"Labels must lie from 0 to {len(classes) - 1}, as there are {len(classes)} classes; "
            f"got labels from {low} to {high}."
        )


def _check_statistics(mean: Sequence[float], std: Sequence[float], channels: int) -> None:
    if len(mean) != channels or len(std) != channels:
        raise UsageError(
            f"mean and std need one number a channel, {channels} here; got {len(mean)} and {len(std)}."
        )
    if not all(spread > 0 for spread in std):
        raise UsageError(f"std must be above 0, or normalising divides by zero; got {tuple(std)}.")


def _described(value: object) -> str:
    if isinstance(value, Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"
    return type(value).__name__
