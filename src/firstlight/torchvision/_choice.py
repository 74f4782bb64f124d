"""One of a few words, refused as torchvision refuses it."""

from __future__ import annotations

from collections.abc import Sequence

from firstlight._errors import UsageError

__all__ = ["check_choice"]


def check_choice(value: str, argument: str, known: Sequence[str]) -> str:
    """Return the value if it is among the known ones; otherwise raise `UsageError`, which is a ValueError."""
    if not isinstance(value, str):
        raise UsageError(f"Expected type str for argument {argument}, but got type {type(value)}.")
    if value not in known:
        listed = ", ".join(f"'{word}'" for word in known)
        raise UsageError(f"Unknown value '{value}' for argument {argument}. Valid values are {{{listed}}}.")
    return value
