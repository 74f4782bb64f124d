"""Every error that firstlight raises on purpose.

FirstlightError                  exit
├── UsageError (ValueError)         2   an argument that cannot mean anything
│   ├── UnknownNameError            2   no data set, recipe or split of that name; says the nearest
│   └── TargetError                 2   what is to be checked cannot be imported, made or recognised
├── DataError (OSError)             3   the data cannot be had, or cannot be trusted
│   ├── DataMissingError            3   no source has it (FileNotFoundError too)
│   ├── DataCorruptError            3   bytes that are not what they should be (ValueError too)
│   ├── DownloadError               3   every place on the network failed (ConnectionError too)
│   └── CacheError                  3   the cache cannot be read or written (disk full, read-only)
│       └── RunNotKeptError         3   a run has ended and its files cannot be written; holds the run
├── CheckFailedError                1   an implementation is wrong; the report (AssertionError too)
├── TrainingDivergedError           1   a loss or a weight is no finite number (ArithmeticError too)
└── MissingExtraError (ImportError) 2   an optional part is not installed; names the extra

Each message says what was wrong, what we got and what cures it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "CacheError",
    "CheckFailedError",
    "DataCorruptError",
    "DataError",
    "DataMissingError",
    "DownloadError",
    "FirstlightError",
    "MissingExtraError",
    "RunNotKeptError",
    "TargetError",
    "TrainingDivergedError",
    "UnknownNameError",
    "UsageError",
]


class FirstlightError(Exception):
    """Anything firstlight raises on purpose. ``exit_code`` is what the command line ends with."""

    exit_code = 1


class UsageError(FirstlightError, ValueError):
    """An argument that cannot mean anything."""

    exit_code = 2


class UnknownNameError(UsageError):
    """No such name; the message holds the nearest one and all that exist.

    Parameters
    ----------
    what
        The kind of thing that was asked for, such as ``"data set"``.
    name
        The name we got.
    known
        Every name that would have been right.
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"There is no {what} {name!r}.{hint} Known: {', '.join(names)}.")
        self.what, self.name, self.nearest = what, name, near[0] if near else None


class TargetError(UsageError):
    """What is to be checked cannot be imported, cannot be made, or is none of the kinds."""


class CheckFailedError(FirstlightError, AssertionError):
    """An implementation is wrong; the message is the whole report."""


class DataError(FirstlightError, OSError):
    """The data cannot be had, or cannot be trusted."""

    exit_code = 3


class DataMissingError(DataError, FileNotFoundError):
    """No source has the data."""


class DataCorruptError(DataError, ValueError):
    """Bytes that are not what they should be."""


class DownloadError(DataError, ConnectionError):
    """Every place on the network failed; the message lists each with its reason."""


class CacheError(DataError):
    """The cache cannot be read or written: disk full, read-only, wrong owner."""


class RunNotKeptError(CacheError):
    """A run has ended, and its files cannot be written. Its ``run`` is all there, in memory.

    Parameters
    ----------
    message
        What the disk refuses, and what cures it.
    run
        A `firstlight.training.Run`.
    """

    def __init__(self, message: str, run: Any) -> None:
        super().__init__(message)
        self.run = run


class TrainingDivergedError(FirstlightError, ArithmeticError):
    """A loss or a weight is no finite number any more.

    Parameters
    ----------
    step
        The first at which that was seen, from 1.
    loss
        Of that step; ``None`` where the losses were finite and the weights are not.
    run
        A `firstlight.training.Run` with the last good weights; ``None`` where nobody kept them.
    advice
        What cures it.
    """

    def __init__(
        self,
        step: int,
        loss: float | None,
        *,
        run: Any = None,
        advice: str = "Lower the learning rate, or warm up for longer.",
    ) -> None:
        what = "its weights are not finite" if loss is None else f"its loss is {loss:g}"
        super().__init__(f"Training diverged at step {step}: {what}. {advice}")
        self.step, self.loss, self.run, self.advice = step, loss, run, advice


class MissingExtraError(FirstlightError, ImportError):
    """An optional part is not installed; the message names the extra that holds it."""

    exit_code = 2

    def __init__(self, purpose: str, *, package: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs {package}, which is not installed. "
            f"Install it with: pip install 'firstlight[{extra}]'"
        )
