"""From one batch, in whatever form, to an array of images and an array of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["BatchFormError", "is_array", "is_batch", "parts_of", "tensor_of"]

IMAGE_WORDS = ("image", "images", "img", "imgs", "pixel_values", "x", "input", "inputs", "data", "features")
LABEL_WORDS = ("label", "labels", "y", "target", "targets", "class", "classes", "truth")
FLAT = 2


class BatchFormError(ValueError):
    """A batch in which images and labels cannot be told."""


def is_array(value: Any) -> bool:
    """Return whether something is an array or a tensor of any framework."""
    return isinstance(value, Tensor | np.ndarray) or (hasattr(value, "__array__") and hasattr(value, "shape"))


def is_batch(value: Any) -> bool:
    """Return whether something is one batch: a pair of arrays of equal length, images and labels."""
    if not isinstance(value, tuple | list) or len(value) < 2 or not all(is_array(one) for one in value[:2]):
        return False
    first, second = value[0], value[1]
    shapes = tuple(first.shape), tuple(second.shape)
    return (
        all(shapes)
        and max(len(shape) for shape in shapes) >= FLAT
        and min(len(shape) for shape in shapes) <= FLAT
    )


def parts_of(batch: Any) -> tuple[Any, Any]:
    """Return images and labels of a batch, as they are; labels may be ``None``.

    Raises
    ------
    BatchFormError
        It holds no images.
    """
    if isinstance(batch, Mapping):
        return _named({str(key): value for key, value in batch.items()})
    if isinstance(batch, Sequence) and not isinstance(batch, str | bytes):
        return _sorted_out(list(batch))
    if is_array(batch):
        return batch, None
    fields = {name: getattr(batch, name) for name in (*IMAGE_WORDS, *LABEL_WORDS) if hasattr(batch, name)}
    if fields:
        return _named(fields)
    raise BatchFormError(f"a batch is a pair of images and labels; got {type(batch).__name__}")


def _named(fields: Mapping[str, Any]) -> tuple[Any, Any]:
    lowered = {key.lower(): value for key, value in fields.items()}
    images = next((lowered[word] for word in IMAGE_WORDS if word in lowered), None)
    labels = next((lowered[word] for word in LABEL_WORDS if word in lowered), None)
    if images is None:
        return _sorted_out([value for value in fields.values() if is_array(value)])
    return images, labels


def _sorted_out(items: list[Any]) -> tuple[Any, Any]:
    """Take the largest item for the images, and the first of the others for the labels."""
    if not items:
        raise BatchFormError("a batch is a pair of images and labels; got an empty one")
    sizes = [_size(item) for item in items]
    place = sizes.index(max(sizes))
    if max(sizes) == 0:
        raise BatchFormError(f"a batch holds no array; got {[type(item).__name__ for item in items]}")
    rest = [item for number, item in enumerate(items) if number != place]
    return items[place], (rest[0] if rest else None)


def _size(item: Any) -> int:
    if isinstance(item, Tensor):
        return item.numel()
    try:
        return int(np.asarray(item).size)
    except ValueError:
        return 0


def tensor_of(value: Any) -> Tensor:
    """Return an array of any framework, a list or a picture as a tensor of its own memory.

    Strings that are numbers become numbers.
    """
    if isinstance(value, Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, list | tuple) and value and all(isinstance(one, Tensor) for one in value):
        return torch.stack([one.detach().cpu() for one in value])
    array: NDArray[Any] = np.asarray(value)
    if array.dtype == object or array.dtype.kind in "US":
        array = np.array([float(one) for one in array.reshape(-1)]).reshape(array.shape)
        array = array.astype(np.int64) if (array == array.round()).all() else array
    if array.dtype.kind == "u" and array.dtype != np.uint8:
        array = array.astype(np.int64)
    if array.dtype.name == "bfloat16":  # NumPy's own tensors know no such dtype; JAX's arrays do
        array = array.astype(np.float32)
    return torch.from_numpy(np.array(array, copy=True, order="C"))
