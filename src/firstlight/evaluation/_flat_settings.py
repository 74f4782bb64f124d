"""Nested settings of a record as one level of names, to compare and to print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["flat_settings"]


def flat_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return settings under dotted names, each value as JSON writes it, text without quotes.

    Examples
    --------
    >>> flat_settings({"epochs": 4, "optimizer": {"kind": "adamw", "betas": [0.9, 0.95]}, "augment": None})
    {'epochs': '4', 'optimizer.kind': 'adamw', 'optimizer.betas': '[0.9, 0.95]', 'augment': 'none'}
    """
    return dict(_leaves(settings, ""))


def _leaves(value: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value):
        value = dict(enumerate(value, start=1))
    if isinstance(value, Mapping):
        dot = f"{name}." if name else ""
        return [leaf for key, part in value.items() for leaf in _leaves(part, f"{dot}{key}")]
    return [(name, _text(value))]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "none" if value is None else json.dumps(value)
