"""What a picture is given as: a path, bytes, an open file, Pillow's picture, an array or a tensor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeGuard

import numpy as np

from firstlight._errors import UsageError
from firstlight.pictures._arrays import array_pixels
from firstlight.pictures._decode import decode_file, decode_picture
from firstlight.pictures._pixels import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

__all__ = ["PictureSource", "read_picture", "source_name"]

PictureSource: TypeAlias = "str | os.PathLike[str] | bytes | BinaryIO | Image | np.ndarray[Any, Any] | Tensor"


def read_picture(source: PictureSource) -> Pixels:
    """Read a picture from whatever it is given as.

    Raises
    ------
    UsageError
        Nothing of that kind can be a picture, or it has too many pixels.
    DataError
        The file is missing, cannot be read or is damaged.
    """
    name = source_name(source)
    if isinstance(source, str | os.PathLike):
        return decode_file(Path(source), name)
    if isinstance(source, bytes | bytearray | memoryview):
        return decode_file(bytes(source), name)
    if isinstance(source, np.ndarray):
        return array_pixels(source, name)
    if hasattr(source, "detach") and hasattr(source, "numpy"):  # a tensor, told without importing torch
        return array_pixels(_tensor_array(source), name)
    if hasattr(source, "read"):
        return decode_file(_content(source, name), name)
    if _is_pillow(source):
        return decode_picture(source, name)
    raise UsageError(
        "A picture is a path, bytes, an open file, an array, a tensor or Pillow's Image; "
        f"got {type(source).__name__}."
    )


def source_name(source: PictureSource) -> str:
    """Return what to call it: the path as it was given, else what it is."""
    if isinstance(source, str | os.PathLike):
        return os.fspath(source)
    named = getattr(source, "filename", None) or getattr(source, "name", None)
    return named if isinstance(named, str) and named else f"the {type(source).__name__}"


def _is_pillow(source: object) -> TypeGuard[Image]:
    from PIL import Image

    return isinstance(source, Image.Image)


def _tensor_array(tensor: Any) -> np.ndarray[Any, Any]:
    plain = tensor.detach().cpu()
    return np.asarray((plain.float() if plain.is_floating_point() else plain).numpy())


def _content(file: Any, name: str) -> bytes:
    content = file.read()
    if not isinstance(content, bytes):
        raise UsageError(f"{name} was opened as text. Open it with open(path, 'rb').")
    return content
