"""Find out the kind of a target by what it is, by how its arguments are called, and by trying it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["detect_kind"]

LABELS = {"labels", "label", "target", "targets", "y", "y_true", "truth"}
IMAGES = {"images", "image", "imgs", "img", "pictures"}
STEPS = {"step", "steps", "t", "epoch", "iteration", "it", "count"}
INIT_WORDS = ("init", "xavier", "glorot", "kaiming", "he_", "lecun", "orthogonal", "trunc_normal")


def detect_kind(target: Any, args: Mapping[str, Any]) -> str | None:
    """Return the kind of a target, or ``None`` where it cannot be told.

    Parameters
    ----------
    target
        A class, function or instance.
    args
        Keyword arguments that its constructor or each call gets.
    """
    for looks_like in (_by_class, _by_methods, _by_arguments):
        kind = looks_like(target, args)
        if kind is not None:
            return kind
    return None


def _by_class(target: Any, args: Mapping[str, Any]) -> str | None:
    import torch

    cls = target if inspect.isclass(target) else type(target)
    if issubclass(cls, torch.optim.Optimizer):
        return "optimizer"
    if issubclass(cls, torch.optim.lr_scheduler.LRScheduler):
        return "schedule"
    if issubclass(cls, torch.nn.modules.loss._Loss):
        return "loss"
    if issubclass(cls, torch.nn.Module):
        return _of_module(target, args)
    return None


def _of_module(target: Any, args: Mapping[str, Any]) -> str:
    """A module that makes ten numbers of an image is a model; one that takes labels too is a loss."""
    import torch

    names = _argument_names(target.forward)[0 if not inspect.isclass(target) else 1 :]
    if len(names) >= 2 and names[1] in LABELS:
        return "loss"
    module = target
    if inspect.isclass(target):
        try:
            module = target(**args)
        except Exception:
            return "layer"
    try:
        with torch.no_grad():
            answer = module(torch.zeros(2, 1, 28, 28))
    except Exception:
        return "layer"
    is_model = isinstance(answer, torch.Tensor) and tuple(answer.shape) == (2, 10)
    return "model" if is_model else "layer"


def _by_methods(target: Any, _: Mapping[str, Any]) -> str | None:
    if hasattr(target, "fit") and any(
        hasattr(target, name) for name in ("predict", "transform", "fit_predict", "fit_transform")
    ):
        return "estimator"
    if inspect.isclass(target) and hasattr(target, "step"):
        return "optimizer"
    return None


def _by_arguments(target: Any, args: Mapping[str, Any]) -> str | None:
    """Tell functions apart by the names of the arguments that a caller has to give."""
    if not callable(target):
        return None
    names = [name for name in _argument_names(target) if name not in args]
    found = _of_names(names) or _by_trying(target, args)
    word = getattr(target, "__name__", "").lower()
    if found in (None, "activation") and any(mark in word for mark in INIT_WORDS):
        return "init"
    return found


def _of_names(names: list[str]) -> str | None:
    first = names[0] if names else ""
    if first in {"predict", "predictor", "predict_fn"} and len(names) >= 3:
        return "evaluate"
    if first == "train" and len(names) == 1:
        return "data"
    if len(names) >= 3 and first in IMAGES | {"x", "X"} and names[1] in LABELS and "seed" in names[2]:
        return "train"
    if len(names) >= 2 and names[1] in LABELS:
        return "loss"
    if len(names) == 1 and first in IMAGES:
        return "augment"
    if first in STEPS:
        return "schedule"
    if first == "X":
        return "embedding"
    if first in {"learning_rate", "lr"}:
        return "optimizer"
    return None


def _by_trying(target: Callable[..., Any], args: Mapping[str, Any]) -> str | None:
    """Call it with a tensor: what it gives back tells what it is."""
    import torch

    try:
        inspect.signature(target).bind(None, **args)
    except (TypeError, ValueError):
        return _by_its_return(target, args)
    given = torch.linspace(-2, 2, 12).reshape(3, 4)
    try:
        answer = target(given.clone(), **args)
    except Exception:
        return None
    is_alike = isinstance(answer, torch.Tensor) and answer.shape == given.shape
    return "activation" if is_alike else None


def _by_its_return(target: Callable[..., Any], args: Mapping[str, Any]) -> str | None:
    """A factory that needs no argument is a model's, or an optimizer's of optax."""
    import torch

    try:
        made = target(**args)
    except Exception:
        return None
    if isinstance(made, torch.nn.Module):
        return _of_module(made, {})
    return "optimizer" if hasattr(made, "init") and hasattr(made, "update") else None


def _argument_names(target: Any) -> list[str]:
    """Return the names of arguments that have no default."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [
        one.name for one in parameters if one.default is inspect.Parameter.empty and one.kind in positional
    ]
