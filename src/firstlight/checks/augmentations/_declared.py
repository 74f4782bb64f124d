"""What an augmentation says of itself: ``--declares key=value,...``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstlight._errors import UnknownNameError, UsageError

__all__ = ["Declared"]

WORDS = {
    "random": ("yes", "no"),
    "per_image": ("yes", "no"),
    "inplace": ("yes", "no"),
    "flip": ("yes", "no"),
    "range": ("unit", "bytes", "standard"),
    "layout": ("batch", "single"),
}
NUMBERS = ("degrees", "shift", "scale", "p", "noise")
YES_NO = {"true": "yes", "false": "no", "1": "yes", "0": "no"}


@dataclass(frozen=True)
class Declared:
    """The declarations, read; ``None`` where nothing was said.

    Attributes
    ----------
    random
        Whether it draws anything.
    per_image
        Whether each image gets draws of its own.
    inplace
        Whether it is meant to write into its input.
    flip
        Whether mirrored images are meant, as for clothes.
    range
        Of its input: 0 to 1, bytes, or normalised.
    layout
        Whether it takes a batch or a single image.
    degrees, shift, scale, noise
        Greatest rotation, shift in pixels, change of size (0.1 for 0.9 to 1.1), and deviation of noise as a
        share of the range.
    p
        Share of the images that are changed.
    """

    random: str | None = None
    per_image: str | None = None
    inplace: str | None = None
    flip: str | None = None
    range: str | None = None
    layout: str | None = None
    degrees: float | None = None
    shift: float | None = None
    scale: float | None = None
    noise: float | None = None
    p: float | None = None

    @staticmethod
    def of(declares: Mapping[str, Any]) -> Declared:
        """Read what was declared.

        Raises
        ------
        UsageError
            A key or a value is not known.
        """
        known = {*NUMBERS, *WORDS}
        found: dict[str, Any] = {}
        for key, value in declares.items():
            if key not in known:
                raise UnknownNameError("declaration of an augmentation", key, known)
            found[key] = _read(key, str(value).strip())
        return Declared(**found)


def _read(key: str, value: str) -> Any:
    if key in WORDS:
        word = YES_NO.get(value.lower(), value.lower()) if "yes" in WORDS[key] else value.lower()
        if word not in WORDS[key]:
            raise UsageError(f"{key} is one of {', '.join(WORDS[key])}; got {value!r}.")
        return word
    try:
        return float(value)
    except ValueError:
        raise UsageError(f"{key} is a number; got {value!r}.") from None
