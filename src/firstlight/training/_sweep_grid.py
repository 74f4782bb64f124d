"""The settings that a sweep varies: which there are, how they are read from text, and their product."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from itertools import product
from types import NoneType
from typing import Any, get_args, get_type_hints

from firstlight._errors import UnknownNameError, UsageError
from firstlight.recipes import AnyRecipe, adjusted

__all__ = ["Grid", "Setting", "Settings", "adjustable", "checked_grid", "parse_grid", "products"]

Setting = bool | int | float | str
Settings = tuple[tuple[str, Setting], ...]
Grid = tuple[tuple[str, tuple[Setting, ...]], ...]

TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def adjustable() -> dict[str, type]:
    """Return the settings that can be varied and the type of each: whatever `recipes.adjusted` takes.

    Examples
    --------
    >>> adjustable()["batch_size"]
    <class 'int'>
    """
    hints = get_type_hints(adjusted)
    names = [
        name for name, parameter in inspect.signature(adjusted).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]  # fmt: skip
    return {name: next(kind for kind in get_args(hints[name]) if kind is not NoneType) for name in names}


def parse_grid(texts: Sequence[str]) -> dict[str, list[Setting]]:
    """Read ``key=a,b,c`` for each setting.

    Raises
    ------
    UsageError
        A text has another form, a value is of the wrong type, or a setting is given twice.
    UnknownNameError
        No such setting; says the nearest.

    Examples
    --------
    >>> parse_grid(["epochs=1,2.5", "batch-size=256"])
    {'epochs': [1.0, 2.5], 'batch_size': [256]}
    """
    grid: dict[str, list[Setting]] = {}
    for text in texts:
        key, equals, values = text.partition("=")
        name = _known(key.strip())
        if not equals:
            raise UsageError(f"--set takes key=value,value,...; got {text!r}.")
        if name in grid:
            raise UsageError(f"Setting {name!r} is given twice. Give all its values in one: {name}=a,b,c")
        grid[name] = [_value(name, value.strip()) for value in values.split(",")]
    return grid


def checked_grid(recipe: AnyRecipe, grid: Mapping[str, Sequence[Setting]]) -> Grid:
    """Return the grid frozen, every value tried on the recipe.

    Raises
    ------
    UsageError
        A value that means nothing to the recipe or is given twice, or a setting without values.
    UnknownNameError
        No such setting; says the nearest.
    """
    frozen = []
    for key, given in grid.items():
        name = _known(key)
        if isinstance(given, str) or not len(given):
            raise UsageError(f"Setting {name!r} needs a list of values to try; got {given!r}.")
        values = tuple(given)
        if len(set(values)) < len(values):
            raise UsageError(f"Setting {name!r} has a value twice: {', '.join(map(str, values))}.")
        for value in values:
            adjusted(recipe, **_keywords(name, value))
        frozen.append((name, values))
    return tuple(frozen)


def products(grid: Grid) -> tuple[Settings, ...]:
    """Return every combination; a grid of nothing has one, which changes nothing.

    Examples
    --------
    >>> products((("epochs", (1, 2)), ("batch_size", (64,))))
    ((('epochs', 1), ('batch_size', 64)), (('epochs', 2), ('batch_size', 64)))
    >>> products(())
    ((),)
    """
    names = [name for name, _ in grid]
    return tuple(tuple(zip(names, values, strict=True)) for values in product(*(part for _, part in grid)))


def _known(key: str) -> str:
    name = key.replace("-", "_")
    if name not in adjustable():
        raise UnknownNameError("setting", key, adjustable())
    return name


def _keywords(name: str, value: Setting) -> dict[str, Any]:
    return {name: value}


def _value(name: str, text: str) -> Setting:
    kind = adjustable()[name]
    try:
        if kind is bool:
            return {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}[text.lower()]
        value: Setting = kind(text)
    except (ValueError, KeyError):
        raise UsageError(f"Setting {name!r} takes {_kind_name(kind)}; got {text!r}.") from None
    return value


def _kind_name(kind: type) -> str:
    names = {int: "whole numbers", float: "numbers", bool: "true or false"}
    return names.get(kind, f"values of type {kind.__name__}")
