"""Picture files to pixels: any kind that Pillow reads, refused before decoding where it is too large."""

from __future__ import annotations

import io
import struct
import warnings as python_warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from firstlight._errors import DataCorruptError, DataError, DataMissingError, UsageError
from firstlight.pictures._pixels import WORKING_SIDE, Pixels

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = ["MOST_PIXELS", "decode_file", "decode_picture"]

MOST_PIXELS = 50_000_000  # decoded at once: 200 MB with four channels
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)  # EXIF
DEEP_MODES = ("I", "F")  # 16 or 32 bits a pixel, with their byte order behind it


def decode_file(source: Path | bytes, name: str) -> Pixels:
    """Decode a picture file.

    Turns it as its EXIF data says, takes the first frame of an animation, and shrinks large pictures while
    they are decoded (JPEG) or right after. Does not decode more than 50 million pixels.

    Parameters
    ----------
    source
        A path, or the bytes of a file.
    name
        What to call it in messages.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        It is empty, no picture, or cut short.
    UsageError
        It is a folder, or has too many pixels.
    DataError
        It cannot be read.
    """
    from PIL import Image

    content = source if isinstance(source, bytes) else _read(source, name)
    if not content:
        raise DataCorruptError(f"{name} is empty: it has no bytes. Save the picture again.")
    with _explained(name), Image.open(io.BytesIO(content)) as picture:
        return decode_picture(picture, name)


def decode_picture(picture: Picture, name: str) -> Pixels:
    """Turn a picture that Pillow has opened into pixels; the picture itself is left as it is."""
    from PIL import ImageOps

    size = picture.size
    with _explained(name):
        warnings = _frames(picture)
        if picture.format in ("JPEG", "MPO"):  # decoded at a half, a quarter or an eighth of its size
            picture.draft(None, (WORKING_SIDE, WORKING_SIDE))
        _check_size(picture.size, size, name)
        swaps_sides = picture.getexif().get(ORIENTATION, 1) in QUARTER_TURNS
        values = _values(ImageOps.exif_transpose(picture), name)
        return Pixels(values, size[::-1] if swaps_sides else size, name, warnings)


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataMissingError(f"There is no file {name}.") from error
    except (IsADirectoryError, PermissionError) as error:
        if path.is_dir():  # Windows says so with PermissionError
            raise UsageError(
                f"{name} is a folder. Name the pictures in it, such as {Path(name) / '*.png'}."
            ) from error
        raise DataError(f"{name} cannot be read: {error.strerror}.") from error
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.") from error


def _check_size(decoded: tuple[int, int], size: tuple[int, int], name: str) -> None:
    if min(size) < 1:
        raise DataCorruptError(f"{name} has no pixels: it is {size[0]} x {size[1]}.")
    if decoded[0] * decoded[1] > MOST_PIXELS:
        raise UsageError(
            f"{name} has {size[0]} x {size[1]} pixels, {size[0] * size[1] / 1e6:,.0f} million; "
            f"at most {MOST_PIXELS // 10**6} million are decoded. Save it smaller, or cut the digit out."
        )


def _frames(picture: Picture) -> tuple[str, ...]:
    if not getattr(picture, "is_animated", False):
        return ()
    return (f"It has {getattr(picture, 'n_frames', 'several')} frames; only the first one was read.",)


def _values(picture: Picture, name: str) -> np.ndarray[Any, Any]:
    """Return the pixels ``[h, w, c]``; with transparency, the last channel is the opacity."""
    if picture.mode.split(";")[0] in DEEP_MODES:
        return _deep_values(picture, name)
    if picture.has_transparency_data:
        return np.asarray(picture.convert("RGBA"))
    grey = picture.mode in ("1", "L")
    values = np.asarray(picture.convert("L" if grey else "RGB"))
    return values[:, :, None] if grey else values


def _deep_values(picture: Picture, name: str) -> np.ndarray[Any, Any]:
    """16 or 32 bits a pixel: only how pixels differ counts, so the least is black and the greatest white."""
    values = np.asarray(picture).astype(np.float64)
    if not np.isfinite(values).all():
        raise DataCorruptError(f"{name} has pixels that are no finite number. Save it with 8 bits a channel.")
    low, high = values.min(), values.max()
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    return np.asarray(((values - low) / (high - low or 1.0)).astype(np.float32)[:, :, None])


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises on damaged bytes into `DataCorruptError`."""
    from PIL import Image, UnidentifiedImageError

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            yield
    except UnidentifiedImageError as error:
        raise DataCorruptError(f"{name} is no picture that can be read. Save it as PNG or JPEG.") from error
    except Image.DecompressionBombError as error:
        raise UsageError(
            f"{name} has far too many pixels: {error}. At most {MOST_PIXELS // 10**6} million are decoded."
        ) from error
    except (DataError, UsageError):
        raise
    except (OSError, EOFError, SyntaxError, ValueError, struct.error) as error:
        raise DataCorruptError(f"{name} is damaged or cut short: {error}. Save the picture again.") from error
