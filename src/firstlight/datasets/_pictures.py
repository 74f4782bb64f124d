"""Picture files of any kind to one uint8 array, by many threads."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from firstlight._errors import DataCorruptError, UsageError
from firstlight.datasets._raw import Array, OnProgress

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = ["Form", "read_pictures"]

PICTURES_AT_ONCE = 128
# Decoding lets go of the interpreter's lock, the rest does not: two threads read pictures of 256 x 256 twice
# as fast as one thread, pictures of 32 x 32 more slowly.
LARGE_VALUES = 3 * 128 * 128
GREY_MODES = frozenset({"1", "L", "LA", "La"})


@dataclass(frozen=True)
class Form:
    """What pictures are brought to. ``None`` leaves them as they are, and then all must be alike.

    Parameters
    ----------
    size
        (height, width) in pixels; pictures are stretched to it.
    channels
        1 for grey, 3 for colour; transparent parts become white.
    """

    size: tuple[int, int] | None = None
    channels: int | None = None

    def __post_init__(self) -> None:
        if self.channels not in (None, 1, 3):
            raise UsageError(f"channels is 1 (grey), 3 (colour) or None; got {self.channels!r}.")
        if self.size is not None and (len(self.size) != 2 or min(self.size) < 1):
            raise UsageError(f"size is (height, width), both at least 1; got {self.size!r}.")


def read_pictures(
    sources: Sequence[Path | bytes], names: Sequence[str], form: Form, *, on_progress: OnProgress = None
) -> Array:
    """Decode pictures into one array.

    Turns them as their EXIF data says. Does not read 16 bits a channel, nor more than the first frame.

    Parameters
    ----------
    sources
        Paths, or the bytes of picture files; at least one.
    names
        What to call each in messages.
    form
        What they are brought to.
    on_progress
        Called now and then with the number of pictures done and the number of all.

    Returns
    -------
    numpy.ndarray
        uint8, ``[n, c, h, w]``.

    Raises
    ------
    DataCorruptError
        A picture cannot be read, or is not like the first one; the message names it.
    UsageError
        All together they would not fit into this machine's memory.
    """
    first = _decode(sources[0], names[0], form)
    _check_memory(len(sources), first)
    images = np.empty((len(sources), *first.shape), dtype=np.uint8)

    def decode_part(part: range) -> int:
        for place in part:
            image = _decode(sources[place], names[place], form)
            if image.shape != first.shape:
                _refuse_mixture(names[0], first, names[place], image)
            images[place] = image
        return len(part)

    done = 0
    for count in _mapped(decode_part, _parts(len(sources)), is_large=first.size >= LARGE_VALUES):
        done += count
        if on_progress is not None:
            on_progress(done, len(sources))
    return images


def _mapped(work: Callable[[range], int], parts: Iterable[range], *, is_large: bool) -> Iterator[int]:
    """Work on the parts in order, by threads where that helps; the first error ends it."""
    if not is_large:
        yield from map(work, parts)
        return
    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)


def _parts(count: int) -> Iterator[range]:
    for start in range(0, count, PICTURES_AT_ONCE):
        yield range(start, min(start + PICTURES_AT_ONCE, count))


def _decode(source: Path | bytes, name: str, form: Form) -> Array:
    """One picture as uint8 ``[c, h, w]``."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
            ImageOps.exif_transpose(picture, in_place=True)
            plain = _plain(picture, name, form.channels)
            if form.size is not None and plain.size != form.size[::-1]:
                plain = plain.resize(form.size[::-1], Image.Resampling.BILINEAR)
            pixels = np.asarray(plain)
    except DataCorruptError:
        raise
    except (OSError, EOFError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise DataCorruptError(f"{name} is not a readable picture: {error}. Remove or replace it.") from error
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


def _plain(picture: Picture, name: str, channels: int | None) -> Picture:
    """Make it grey (L) or colour (RGB), without transparency."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        raise DataCorruptError(
            f"{name} has more than 8 bits a pixel (mode {picture.mode}). Save it with 8 bits a channel."
        )
    grey = channels == 1 or (channels is None and picture.mode in GREY_MODES)
    if picture.has_transparency_data:
        picture = _opaque(picture.convert("RGBA"), name, may_fill=channels is not None)
    mode = "L" if grey else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _opaque(picture: Picture, name: str, *, may_fill: bool) -> Picture:
    from PIL import Image

    if picture.getextrema()[-1] == (255, 255):
        return picture
    if not may_fill:
        raise DataCorruptError(
            f"{name} has transparent parts. Give channels=1 or channels=3 to lay it on white."
        )
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _refuse_mixture(first_name: str, first: Array, name: str, image: Array) -> None:
    same_size = first.shape[1:] == image.shape[1:]
    cure = (
        "channels=1 (grey) or channels=3 (colour)"
        if same_size
        else f"size=({first.shape[1]}, {first.shape[2]})"
    )
    raise DataCorruptError(
        f"All pictures must be alike, but {first_name} is {_described(first)} and {name} is "
        f"{_described(image)}. Give {cure} to bring them to one form."
    )


def _described(image: Array) -> str:
    channels, height, width = image.shape
    return f"{height} x {width} {'grey' if channels == 1 else 'colour'}"


def _check_memory(count: int, first: Array) -> None:
    try:
        memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return
    if count * first.size > memory_bytes:
        raise UsageError(
            f"{count:,} pictures of {_described(first)} take {count * first.size / 1e9:,.1f} GB, and this "
            f"machine has {memory_bytes / 1e9:,.1f} GB. Give a size=, such as size=(64, 64)."
        )
