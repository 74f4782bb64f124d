"""What a target is: a layer, a function that is one, or something that makes one."""

from __future__ import annotations

import copy
import functools
import inspect
import types
from collections.abc import Mapping
from typing import Any

from torch import nn
from torch.nn.parameter import is_lazy

__all__ = ["FunctionLayer", "copied", "inner", "is_factory", "is_lazy_module", "is_maker"]


class FunctionLayer:
    """A function of x and options, as a layer without parameters."""

    def __init__(self, function: Any, args: Mapping[str, Any]) -> None:
        self.forward = functools.partial(function, **args)
        functools.update_wrapper(self.forward, function)
        self.forward.__signature__ = inspect.signature(functools.partial(function, **args))  # type: ignore[attr-defined]
        del self.forward.__wrapped__  # type: ignore[attr-defined]


def is_maker(target: Any) -> bool:
    return inspect.isclass(target) or isinstance(
        target, types.FunctionType | types.BuiltinFunctionType | functools.partial
    )


def is_factory(target: Any, args: Mapping[str, Any]) -> bool:
    """Tell a function that makes a layer from one that is a layer."""
    try:
        inspect.signature(target).bind(**args)
    except (TypeError, ValueError):
        return False
    try:
        made = target(**args)
    except Exception:
        return False
    return isinstance(made, nn.Module) or hasattr(made, "forward")


def copied(target: Any) -> Any:
    try:
        return copy.deepcopy(target)
    except Exception:  # what cannot be copied is used as it is
        return target


def inner(function: Any) -> Any:
    return function.func if isinstance(function, functools.partial) else function


def is_lazy_module(owner: Any) -> bool:
    """Tell a module whose parameters get their shapes with the first call."""
    parameters = list(owner.parameters()) if isinstance(owner, nn.Module) else []
    return any(is_lazy(one) for one in parameters)
