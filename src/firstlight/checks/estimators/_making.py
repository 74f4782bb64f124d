"""Making an estimator anew, of a class, a factory or an instance, and calling it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from firstlight.checks._given import Given
from firstlight.checks._runner import theirs

__all__ = ["called", "cause_of", "made_anew", "or_none", "seed_torch"]


def made_anew(given: Given, changed: Mapping[str, Any]) -> Any:
    """Make a new estimator of a class, a factory or an instance that is copied."""
    target = given.target
    if inspect.isclass(target) or (callable(target) and not hasattr(target, "fit")):
        return target(**{**given.args, **changed})
    made = _cloned(target)
    everything = {**given.args, **changed}
    if everything and hasattr(made, "set_params"):
        return made.set_params(**everything)
    for name, value in everything.items():
        if not hasattr(made, name):
            raise TypeError(f"there is no option {name}")
        setattr(made, name, value)
    return made


def _cloned(target: Any) -> Any:
    if hasattr(target, "get_params"):
        from sklearn.base import clone

        try:
            return clone(target)
        except Exception:
            return copy.deepcopy(target)
    return copy.deepcopy(target)


def called(method: Callable[..., Any], *given: Any, **named: Any) -> Any:
    with theirs():
        return method(*given, **named)


def cause_of(error: BaseException) -> Exception:
    cause = error.__cause__ or error
    return cause if isinstance(cause, Exception) else Exception(str(cause))


def or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception:
        return None


def seed_torch(seed: int) -> None:
    import torch

    torch.manual_seed(seed)
