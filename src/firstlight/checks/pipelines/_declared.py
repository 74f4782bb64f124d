"""What a pipeline says of itself: ``--declares key=value,...``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstlight._errors import UnknownNameError, UsageError

__all__ = ["Declared"]

WORDS = {
    "split": ("test", "validation"),
    "sampling": ("once", "replacement"),
    "shuffle": ("yes", "no"),
    "augment": ("yes", "no"),
    "scale": ("raw", "unit", "standard"),
    "drop_last": ("yes", "no"),
    "pixels": ("upright", "any"),
    "labels": ("classes", "any"),
}
NUMBERS = ("subset", "test_subset", "label_noise")
YES_NO = {"true": "yes", "false": "no", "1": "yes", "0": "no", "on": "yes", "off": "no"}


@dataclass(frozen=True)
class Declared:
    """The declarations, read; ``None`` where nothing was said.

    Attributes
    ----------
    dataset
        Name or path.
    subset, test_subset
        Images of the train and of the test split that are delivered.
    label_noise
        Share of the train labels that are wrong on purpose.
    split
        What ``train=False`` gives: the test split, or a validation part of the train split.
    sampling
        ``"replacement"`` draws images anew each time.
    shuffle
        Whether each epoch of the train split has an order of its own.
    augment
        Whether train images are varied.
    scale
        ``"raw"``: 0 to 255; ``"unit"``: 0 to 1; ``"standard"``: mean 0, deviation 1.
    drop_last
        Whether the train split's last batch is left out where it is not full.
    pixels
        ``"any"``: turned, moved or permuted on purpose.
    labels
        ``"any"``: another numbering of the classes, on purpose.
    """

    dataset: str | None = None
    subset: float | None = None
    test_subset: float | None = None
    label_noise: float | None = None
    split: str | None = None
    sampling: str | None = None
    shuffle: str | None = None
    augment: str | None = None
    scale: str | None = None
    drop_last: str | None = None
    pixels: str | None = None
    labels: str | None = None

    @staticmethod
    def of(declares: Mapping[str, Any]) -> Declared:
        """Read what was declared.

        Raises
        ------
        UsageError
            A key or a value is not known.
        """
        known = {"dataset", *NUMBERS, *WORDS}
        found: dict[str, Any] = {}
        for key, value in declares.items():
            if key not in known:
                raise UnknownNameError("declaration of a data pipeline", key, known)
            found[key] = _read(key, str(value).strip())
        return Declared(**found)


def _read(key: str, value: str) -> Any:
    if key == "dataset":
        return value
    if key in WORDS:
        word = YES_NO.get(value.lower(), value.lower()) if "yes" in WORDS[key] else value.lower()
        if word not in WORDS[key]:
            raise UsageError(f"{key} is one of {', '.join(WORDS[key])}; got {value!r}.")
        return word
    try:
        return float(value)
    except ValueError:
        raise UsageError(f"{key} is a number; got {value!r}.") from None
