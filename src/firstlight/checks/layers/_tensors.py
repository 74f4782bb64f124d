"""Find every tensor that an implementation holds, and whether its module knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import is_lazy

__all__ = ["Held", "Role", "every_object", "held_tensors"]

Role: TypeAlias = Literal["parameter", "buffer", "loose"]
DEPTH = 5


@dataclass(frozen=True)
class Held:
    """A tensor that an implementation holds: ``loose`` where its module does not know of it."""

    name: str
    tensor: Any
    role: Role


def held_tensors(owner: Any) -> tuple[Held, ...]:
    """Return all floating tensors and arrays reachable from an object, each once."""
    found: dict[int, Held] = {}
    if isinstance(owner, nn.Module):
        for name, one in owner.named_parameters():
            found[id(one)] = Held(name, one, "parameter")
        for name, buffer in owner.named_buffers():
            found[id(buffer)] = Held(name, buffer, "buffer")
    for name, one in _reach(owner, "", DEPTH, set()):
        if id(one) not in found:
            found[id(one)] = Held(name, one, "loose")
    return tuple(one for one in found.values() if _is_floating(one.tensor))


def every_object(owner: Any) -> Iterator[Any]:
    """Yield an object and everything below it that keeps attributes."""
    seen: set[int] = set()
    yield from _objects(owner, DEPTH, seen)


def _objects(one: Any, depth: int, seen: set[int]) -> Iterator[Any]:
    if depth < 0 or id(one) in seen:
        return
    seen.add(id(one))
    if isinstance(one, nn.Module):
        yield one
        for child in one._modules.values():
            if child is not None:
                yield from _objects(child, DEPTH, seen)
        for value in list(vars(one).values()):
            yield from _objects(value, depth - 1, seen)
    elif isinstance(one, list | tuple):
        for value in one[:256]:
            yield from _objects(value, depth - 1, seen)
    elif isinstance(one, dict):
        for value in list(one.values())[:256]:
            yield from _objects(value, depth - 1, seen)
    elif _has_own_attributes(one):
        yield one
        for value in list(vars(one).values()):
            yield from _objects(value, depth - 1, seen)


def _reach(one: Any, name: str, depth: int, seen: set[int]) -> Iterator[tuple[str, Any]]:
    if depth < 0 or id(one) in seen:
        return
    seen.add(id(one))
    if isinstance(one, torch.Tensor | np.ndarray):
        yield name, one
        return
    for key, value in _inside(one):
        yield from _reach(
            value, f"{name}.{key}" if name else str(key), depth - (not isinstance(one, nn.Module)), seen
        )


def _inside(one: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(one, list | tuple):
        yield from ((str(index), value) for index, value in enumerate(one[:256]))
    elif isinstance(one, dict):
        yield from ((str(key), value) for key, value in list(one.items())[:256])
    elif isinstance(one, nn.Module):
        for group in (one._parameters, one._buffers, one._modules):
            yield from ((key, value) for key, value in group.items() if value is not None)
        private = {"_parameters", "_buffers", "_modules"}
        yield from ((key, value) for key, value in list(vars(one).items()) if key not in private)
    elif _has_own_attributes(one):
        yield from list(vars(one).items())


def _has_own_attributes(one: Any) -> bool:
    """Tell an object of somebody's own class from classes, functions, modules and torch's machinery."""
    if isinstance(one, type | torch.Tensor | np.ndarray) or hasattr(one, "__code__"):
        return False
    home = type(one).__module__.partition(".")[0]
    return hasattr(one, "__dict__") and home not in ("torch", "numpy", "builtins", "collections", "functools")


def _is_floating(one: Any) -> bool:
    if isinstance(one, torch.Tensor):
        if is_lazy(one):
            return False
        return one.is_floating_point() and one.numel() > 0
    return bool(np.issubdtype(one.dtype, np.floating)) and one.size > 0
