"""Which options a target takes, under which names, and what they are unless somebody says so."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from firstlight.checks.references.optimizers import OptimizerReference
from firstlight.checks.references.optimizers._optimizer import SPELLINGS

__all__ = ["MISSING", "Spelled", "arguments", "signature_of", "spelled_options"]

MISSING = inspect.Parameter.empty
PARAMETER_NAMES = {"params", "parameters", "param", "weights", "variables", "theta", "model_params", "ws"}
GENERAL = ("lr", "beta1", "beta2", "beta3", "eps", "weight_decay", "momentum", "decoupled", "maximize")


@dataclass(frozen=True)
class Spelled:
    """How a target calls an option: ``betas[0]`` is its name and a place in it."""

    name: str
    place: int | None
    default: Any


def signature_of(target: Callable[..., Any]) -> dict[str, Any]:
    """Return the names that a constructor takes, with their defaults; `MISSING` where one must be given."""
    found: dict[str, Any] = {}
    makers = (
        [vars(cls)["__init__"] for cls in target.__mro__ if "__init__" in vars(cls)]
        if inspect.isclass(target)
        else [target]
    )
    for maker in makers:
        try:
            parameters = list(inspect.signature(maker).parameters.values())
        except (TypeError, ValueError):
            break
        if inspect.isclass(target):
            parameters = parameters[1:]
        named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        found = {**{one.name: one.default for one in parameters if one.kind in named}, **found}
        if not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
            break
    return found


def takes_params(signature: Mapping[str, Any]) -> bool:
    """Tell whether the constructor's first argument is the list of parameters."""
    if not signature:
        return False
    first, default = next(iter(signature.items()))
    known = {name for names in SPELLINGS.values() for name in names}
    return first in PARAMETER_NAMES or (default is MISSING and first not in known)


def spelled_options(
    signature: Mapping[str, Any], args: Mapping[str, Any], reference: OptimizerReference | None
) -> dict[str, Spelled]:
    """Return how the target calls each canonical option that it takes."""
    options = tuple(reference.options) if reference else ()
    wanted = list(dict.fromkeys((*options, *(option for option in GENERAL if not reference))))
    wanted += [option for option in ("decoupled", "maximize", "weight_decay") if option not in wanted]
    taken: set[tuple[str, int | None]] = set()
    found: dict[str, Spelled] = {}
    for option in wanted:
        names = reference.names_of(option) if reference else SPELLINGS.get(option, (option,))
        for name in names:
            spelled = _spelled(name, signature, args)
            if spelled is None or (spelled.name, spelled.place) in taken:
                continue
            taken.add((spelled.name, spelled.place))
            found[option] = spelled
            break
    return found


def _spelled(name: str, signature: Mapping[str, Any], args: Mapping[str, Any]) -> Spelled | None:
    match = re.fullmatch(r"(\w+)\[(\d)\]", name)
    whole, place = (match[1], int(match[2])) if match else (name, None)
    if whole not in signature:
        return None
    default = args.get(whole, signature[whole])
    if place is None:
        return None if isinstance(default, (tuple, list)) else Spelled(whole, None, default)
    if not isinstance(default, (tuple, list)) or place >= len(default):
        return None
    return Spelled(whole, place, default[place])


def arguments(
    spelled: Mapping[str, Spelled],
    signature: Mapping[str, Any],
    args: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the keyword arguments that give the target the changed options."""
    made = dict(args)
    for option, value in changes.items():
        if option not in spelled:
            continue
        name, place = spelled[option].name, spelled[option].place
        if place is None:
            made[name] = value
        else:
            whole = list(made.get(name, signature[name]))
            whole[place] = value
            made[name] = tuple(whole)
    return made
