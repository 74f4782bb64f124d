"""What somebody hands over to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Given", "Request"]


@dataclass(frozen=True)
class Request:
    """A wish as it is sent to the process that fulfils it.

    Attributes
    ----------
    target, like
        Names (``path/file.py:name``, ``package.module:name``, for ``like`` also a reference's name), or the
        objects themselves.
    kind
        Of `KINDS`; ``None`` finds out.
    args
        Keyword arguments of the target's constructor, or of each call of a function.
    declares
        What the implementation says of itself, such as ``{"decay": "decoupled"}``.
    expected_failures
        Reasons by the id of a check that may fail.
    quick
        Leave out what takes long.
    seed
        Of all that is drawn.
    """

    target: Any
    kind: str | None = None
    like: Any = None
    args: Mapping[str, Any] = field(default_factory=dict)
    declares: Mapping[str, str] = field(default_factory=dict)
    expected_failures: Mapping[str, str] = field(default_factory=dict)
    quick: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Given:
    """What a kind's subject is made of: the request, with its names followed to the objects.

    Attributes
    ----------
    target
        The class, function or instance.
    name
        As the report calls it.
    like
        The name of a reference of ours, in lower case; ``None`` where there is none.
    peer
        The object that ``--like`` named, where it is no reference of ours, such as ``torch.optim.Adam``.
    args, declares, quick, seed
        As in `Request`.
    """

    target: Any
    name: str
    like: str | None = None
    peer: Any = None
    args: Mapping[str, Any] = field(default_factory=dict)
    declares: Mapping[str, str] = field(default_factory=dict)
    quick: bool = False
    seed: int = 0
