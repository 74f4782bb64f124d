"""Call an activation, whatever its form: function, module, class with methods, autograd function."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from firstlight._errors import TargetError
from firstlight.checks._exposed import exposed_names

__all__ = ["Made", "derivative_of", "made"]

METHODS = ("forward", "call", "activate", "activation", "value", "f")
DERIVATIVES = ("derivative", "gradient", "grad", "prime", "deriv", "df", "d")
FLAGS = ("derivative", "deriv", "prime", "derive", "grad", "gradient", "der")
Made = Callable[[Any], Any]


def made(target: Any, args: Mapping[str, Any], *, name: str) -> tuple[Made, Any]:
    """Return a function of one tensor or array, and the instance behind it, where there is one.

    Raises
    ------
    TargetError
        The target cannot be made with these arguments.
    """
    if inspect.isclass(target) and issubclass(target, torch.autograd.Function):
        apply: Callable[..., Any] = target.apply
        return lambda x: apply(x, *args.values()), None
    if inspect.isclass(target):
        return _of_instance(_instance(target, args, name))
    if isinstance(target, nn.Module):
        return _of_instance(copy.deepcopy(target))
    if not callable(target):
        return _of_instance(target)
    return (lambda x: target(x, **args)), None


def _instance(target: Any, args: Mapping[str, Any], name: str) -> Any:
    try:
        return target(**args)
    except TypeError as error:
        raise TargetError(f"{name} cannot be made: {error}. Give its arguments: --args.") from error


def _of_instance(instance: Any) -> tuple[Made, Any]:
    if isinstance(instance, nn.Module):
        instance.eval()
    if callable(instance):
        return instance, instance
    for method in METHODS:
        if callable(getattr(instance, method, None)):
            return getattr(instance, method), instance
    raise TargetError(
        f"{type(instance).__name__} cannot be called. Give it a method __call__ or forward of one tensor."
    )


def derivative_of(target: Any, instance: Any, args: Mapping[str, Any]) -> tuple[Callable[[Any], Any], ...]:
    """Return what may give the derivative at an array: a method or a switch of the target."""
    if instance is None:
        flag = next((one for one in FLAGS if exposed_names(target).get(one, None) is False), None)
        return () if flag is None else (lambda x: target(x, **{**args, flag: True}),)
    found = [getattr(instance, name) for name in DERIVATIVES if callable(getattr(instance, name, None))]
    if callable(getattr(instance, "backward", None)):
        found += [lambda x: _after_forward(instance, x), instance.backward]
    return tuple(found)


def _after_forward(instance: Any, x: Any) -> Any:
    _of_instance(instance)[0](x)
    return instance.backward(np.ones_like(x))
