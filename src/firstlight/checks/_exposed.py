"""Which options a target has, under which names, and what they are set to."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Exposed", "exposed_names", "exposed_options"]


@dataclass(frozen=True)
class Exposed:
    """A reference's options as a target has them.

    Attributes
    ----------
    values
        By the reference's names: what the target is set to, or else the reference's default.
    names
        The target's own names of those that it accepts, by the reference's names.
    explicit
        Those that the target sets itself, by an argument, a default or an attribute.
    """

    values: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    explicit: frozenset[str] = frozenset()


def exposed_names(target: Any) -> dict[str, Any]:
    """Return the names of a target's arguments with their defaults, ``inspect.Parameter.empty`` for none.

    Examples
    --------
    >>> def leaky(x, slope=0.1): ...
    >>> sorted(exposed_names(leaky))
    ['slope', 'x']
    """
    try:
        parameters = inspect.signature(target).parameters
    except (TypeError, ValueError):
        return {}
    keyword = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {name: one.default for name, one in parameters.items() if one.kind in keyword}


def exposed_options(
    target: Any,
    args: Mapping[str, Any],
    *,
    options: Mapping[str, Any],
    aliases: Mapping[str, tuple[str, ...]],
) -> Exposed:
    """Find a reference's options among a target's arguments and, of an instance, its attributes."""
    accepted = exposed_names(target)
    values = dict(options)
    names: dict[str, str] = {}
    explicit: set[str] = set()
    for option in options:
        for name in (option, *aliases.get(option, ())):
            if name in accepted:
                names.setdefault(option, name)
            value = args.get(name, accepted.get(name, inspect.Parameter.empty))
            if value is inspect.Parameter.empty and not inspect.isroutine(target):
                value = _attribute(target, name)
            if _is_plain(value):
                values[option] = value
                explicit.add(option)
                break
    return Exposed(values, names, frozenset(explicit))


def _attribute(target: Any, name: str) -> Any:
    if inspect.isclass(target):
        return inspect.Parameter.empty
    value = getattr(target, name, inspect.Parameter.empty)
    return inspect.Parameter.empty if callable(value) else value


def _is_plain(value: Any) -> bool:
    return value is not inspect.Parameter.empty and value is not None
