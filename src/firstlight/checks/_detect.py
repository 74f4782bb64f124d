"""Find out the kind of a target by what it is, by how its arguments are called, and by trying it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["detect_kind"]

LABELS = ("label", "target", "y", "true", "truth", "class")  # as a whole word of a name
IMAGES = ("images", "image", "imgs", "img", "pictures", "digits")
SEEDS = ("seed", "rng", "random", "generator")
UPDATES = ("update", "apply_gradients", "apply", "__call__")
GRADIENTS = ("g", "gs", "dw", "dws", "dparams")
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

    names = _argument_names(target.forward)[1 if inspect.isclass(target) else 0 :]
    if len(names) >= 2 and _is_one_of(names[1], LABELS):
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
    if isinstance(answer, torch.Tensor) and tuple(answer.shape) == (2, 10):
        return "model"
    return "activation" if _works_on_elements(module) else "layer"


def _works_on_elements(module: Any) -> bool:
    """Whether a module has no weights to speak of, and does the same to each element wherever it stands."""
    import torch

    if sum(weight.numel() for weight in module.parameters()) > 1:
        return False
    given = torch.linspace(-2, 2, 24).reshape(2, 3, 2, 2)
    order = torch.arange(24).flip(0)
    try:
        with torch.no_grad():
            answer = module(given.clone()).flatten()
            moved = module(given.flatten()[order].reshape(given.shape)).flatten()
    except Exception:
        return False
    return answer.shape == order.shape == moved.shape and torch.equal(answer[order], moved)


def _by_methods(target: Any, _: Mapping[str, Any]) -> str | None:
    if hasattr(target, "fit") and any(
        hasattr(target, name) for name in ("predict", "transform", "fit_predict", "fit_transform")
    ):
        return "estimator"
    if inspect.isclass(target) and hasattr(target, "step"):
        first = _argument_names(target)[:1]
        return "schedule" if first == ["optimizer"] and not hasattr(target, "zero_grad") else "optimizer"
    if inspect.isclass(target) and _steps_under_another_name(target):
        return "optimizer"
    return None


def _steps_under_another_name(target: type) -> bool:
    """Whether a class that is no layer has a method that takes gradients and is called as optimizers' are."""
    if hasattr(target, "forward") or hasattr(target, "backward"):
        return False
    methods = [vars(cls)[name] for name in UPDATES for cls in target.__mro__ if name in vars(cls)]
    return any(
        len(names := _argument_names(method)[1:]) in (1, 2)
        and any("grad" in name.lower() or name in GRADIENTS for name in names)
        for method in methods
    )


def _by_arguments(target: Any, args: Mapping[str, Any]) -> str | None:
    """Tell functions apart by the names of the arguments that a caller has to give."""
    if not callable(target):
        return None
    names = [name for name in _argument_names(target, SEEDS) if name not in args]
    found = _of_names(names) or _by_trying(target, args)
    word = getattr(target, "__name__", "").lower()
    if found in (None, "activation") and any(mark in word for mark in INIT_WORDS):
        return "init"
    return found


def _of_names(names: list[str]) -> str | None:
    first, second, third = (*names, "", "", "")[:3]
    if third and (first.startswith("predict") or _is_one_of(second, IMAGES)) and _is_one_of(third, LABELS):
        return "evaluate"
    if first in {"train", "is_train", "training"} and not second:
        return "data"
    if _is_one_of(third, SEEDS) and _is_one_of(second, LABELS):
        return "train"
    if _is_one_of(second, LABELS):
        return "loss"
    if first in IMAGES and not second:
        return "augment"
    if first in STEPS or first in {"optimizer", "optim", "opt"}:
        return "schedule"
    if first == "X":
        return "embedding"
    if first in {"learning_rate", "lr"}:
        return "optimizer"
    return None


def _is_one_of(name: str, words: tuple[str, ...]) -> bool:
    """Whether a name, or a part of it between underscores, is one of the words or its plural."""
    return any(part in words or part.removesuffix("s") in words for part in (name, *name.split("_")))


def _by_trying(target: Callable[..., Any], args: Mapping[str, Any]) -> str | None:
    """Call it with a tensor: what it gives back tells what it is."""
    import torch

    try:
        inspect.signature(target).bind(None, **args)
    except TypeError:
        return _by_its_return(target, args)
    except ValueError:
        pass  # a built-in function does not tell what it takes
    given = torch.linspace(-2, 2, 12).reshape(3, 4)
    for form in (given, given.numpy()):
        try:
            answer = target(form + 0, **args)
        except Exception:
            continue
        if type(answer) is type(form) and answer.shape == form.shape:
            return "activation"
    return _by_its_return(target, args)


def _by_its_return(target: Callable[..., Any], args: Mapping[str, Any]) -> str | None:
    """A factory that needs no argument is a model's, or an optimizer's of optax."""
    import torch

    try:
        made = target(**args)
    except Exception:
        return None
    if isinstance(made, torch.nn.Module):
        return _of_module(made, {})
    from firstlight.checks.optimizers._pairs import is_pair

    return "optimizer" if is_pair(made) else None


def _argument_names(target: Any, also: tuple[str, ...] = ()) -> list[str]:
    """Return the names of arguments that have no default, or whose name says one of some words."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [
        one.name
        for one in parameters
        if one.kind in positional and (one.default is inspect.Parameter.empty or _is_one_of(one.name, also))
    ]
