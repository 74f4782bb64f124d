"""The forms in which schedules come, behind one way to ask for rates.

A torch scheduler (class, or function that makes one of an optimizer), a function of the step, a factory of
such a function, an object with ``__call__(step)`` or ``get_lr(step)``, a function that sets an optimizer's
rate, and an object that steps on its own.
"""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from jaxtyping import Float64

from firstlight._errors import TargetError
from firstlight.checks._runner import theirs
from firstlight.checks.schedules._names import OPTIMIZER_NAMES, STEP_NAMES, Signature, signature_of

__all__ = ["Form", "Seen", "Style", "form_of", "new_optimizer"]

Style: TypeAlias = Literal["scheduler", "function", "method", "setter", "stepper"]
METHODS = (
    "__call__", "get_lr", "lr_at", "get_rate", "rate", "lr", "value", "compute_lr", "schedule", "at",
    "get_learning_rate", "learning_rate", "get", "rate_at", "get_value", "_get_lr", "lr_lambda", "compute",
    "evaluate",
)  # fmt: skip
READINGS = ("get_last_lr", "get_lr", "lr", "current_lr", "learning_rate", "rate", "_lr", "_rate", "value")


@dataclass(frozen=True)
class Seen:
    """Rates that were asked for.

    Attributes
    ----------
    values
        One each step; shorter than what was asked for where the target says that it is over.
    is_single
        Whether they come in single precision or less.
    ended
        What it said when it was over.
    """

    values: Float64[np.ndarray, " step"]
    is_single: bool = False
    ended: str = ""


class RateHolder(torch.optim.Optimizer):
    """An optimizer that only holds rates.

    torch's own ones import its compiler when they are made, which takes seconds; nothing here is compiled.
    """

    def __init__(self, groups: list[dict[str, Any]]) -> None:
        super().__init__(groups, {"lr": groups[0]["lr"], "momentum": 0.9, "betas": (0.9, 0.999)})

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Add a group, with the defaults that it lacks."""
        params = group["params"]
        group["params"] = [params] if isinstance(params, torch.Tensor) else list(params)
        self.param_groups.append({**self.defaults, **group})

    def step(self, closure: Any = None) -> Any:
        """Change no weight."""
        return closure() if closure is not None else None

    def zero_grad(self, set_to_none: bool = True) -> None:
        """There are no gradients."""

    def state_dict(self) -> dict[str, Any]:
        """Return the groups without their weights."""
        groups = [
            {key: value for key, value in group.items() if key != "params"} for group in self.param_groups
        ]
        return {"state": {}, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=True):
            group.update(copy.deepcopy(saved))


def new_optimizer(*rates: float) -> torch.optim.Optimizer:
    """Return an optimizer of one weight a group, each with its own rate."""
    return RateHolder([{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates])


@dataclass
class Form:
    """One target, and how it is asked.

    Attributes
    ----------
    style
        How it is called.
    target
        What is called or made.
    signature
        Of what takes the arguments.
    step_name
        The argument that is the step.
    first
        The step that the first update has: 0, or 1 where it refuses 0.
    method
        Of an object: which of its methods gives the rate.
    is_factory
        Whether the target has to be called with its arguments first.
    """

    style: Style
    target: Any
    signature: Signature
    step_name: str | None = None
    first: int = 0
    method: str | None = None
    is_factory: bool = False

    @property
    def holds_rate(self) -> bool:
        """Whether an optimizer holds the rate."""
        return self.style in ("scheduler", "setter")

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where the first update may be in what is seen: a class of its own may set its first rate late."""
        if self.style == "stepper":
            return (0, 1)
        if self.style == "scheduler" and not self._is_torch():
            return (0, 1)
        return (0,)

    def _is_torch(self) -> bool:
        kind = torch.optim.lr_scheduler.LRScheduler
        return inspect.isclass(self.target) and issubclass(self.target, kind)

    def made(self, args: Mapping[str, Any]) -> Callable[[int], Any]:
        """Return a function step -> whatever the target gives."""
        if self.style == "method":
            owner = self.target if not self.is_factory else self.target(**args)
            return getattr(owner, self.method or "__call__")  # type: ignore[no-any-return]
        if self.is_factory:
            return self.target(**args)  # type: ignore[no-any-return]
        if self.step_name is None or self.signature.positional[:1] == (self.step_name,):
            return lambda step: self.target(step, **args)
        name = self.step_name
        return lambda step: self.target(**{name: step}, **args)

    def scheduler(self, args: Mapping[str, Any], optimizer: torch.optim.Optimizer) -> Any:
        """Make a scheduler over an optimizer."""
        name = self.signature.first_of(OPTIMIZER_NAMES)
        if name is None or self.signature.positional[:1] == (name,):
            return self.target(optimizer, **args)
        return self.target(**{name: optimizer}, **args)

    def run(self, args: Mapping[str, Any], count: int, *rates: float) -> list[Seen]:
        """Step ``count`` times from the beginning; one `Seen` a group of the optimizer."""
        optimizer = new_optimizer(*rates)
        with theirs(), quiet():
            if self.style == "setter":
                return self._set(args, count, optimizer)
            scheduler = self.scheduler(args, optimizer)
        return steps_of(scheduler, optimizer, count)

    def _set(self, args: Mapping[str, Any], count: int, optimizer: torch.optim.Optimizer) -> list[Seen]:
        name = self.signature.first_of(OPTIMIZER_NAMES) or "optimizer"
        found = []
        for step in range(count):
            self.target(**{name: optimizer, self.step_name or "step": step + self.first}, **args)
            found.append(rates_in(optimizer))
        return [Seen(np.array(column, dtype=np.float64)) for column in zip(*found, strict=True)]

    def ask(self, args: Mapping[str, Any], steps: Sequence[int]) -> Seen:
        """Ask a function for the rates of some updates, the first one being 0."""
        with theirs(), quiet():
            function = self.made(args)
            answers = [number_of(function(int(step) + self.first)) for step in steps]
        values = np.array([value for value, _ in answers], dtype=np.float64)
        return Seen(values, any(single for _, single in answers))

    def walk(self, args: Mapping[str, Any], count: int) -> Seen:
        """Step an object that keeps its own count."""
        with theirs(), quiet():
            owner = self.target(**args) if self.is_factory else copy.deepcopy(self.target)
            found = [] if (now := reading_of(owner)) is None else [now]
            while len(found) < count:
                answer = owner.step()
                now = answer if answer is not None else reading_of(owner)
                found.append(number_of(now)[0] if now is not None else float("nan"))
        return Seen(np.array(found, dtype=np.float64))


def steps_of(scheduler: Any, optimizer: torch.optim.Optimizer, count: int, begin: int = 0) -> list[Seen]:
    """Step a scheduler, reading the rate of each update; stops where it says that it is over."""
    wants = wanted_by_step(scheduler)
    found, ended = [rates_in(optimizer)], ""
    with quiet():
        for step in range(begin + 1, begin + count):
            with theirs():
                optimizer.step()
                try:
                    scheduler.step(*([step] if wants else []))
                except ValueError as error:
                    ended = str(error)
                    break
                found.append(rates_in(optimizer))
    columns = zip(*found, strict=True)
    return [Seen(np.array(column, dtype=np.float64), ended=ended) for column in columns]


def wanted_by_step(scheduler: Any) -> bool:
    """Whether its ``step`` has to be told which step it is."""
    signature = signature_of(scheduler.step)
    required = [name for name in signature.positional if name not in signature.defaults]
    return bool(required) and required[0] in STEP_NAMES


def rates_in(optimizer: torch.optim.Optimizer) -> list[float]:
    """Return the rate of each group."""
    return [number_of(group["lr"])[0] for group in optimizer.param_groups]


def number_of(answer: Any) -> tuple[float, bool]:
    """Return a rate as a number, and whether it came in single precision or less."""
    while isinstance(answer, (list, tuple)) and len(answer):
        answer = answer[0]
    is_single = "32" in (name := str(getattr(answer, "dtype", ""))) or "16" in name
    return float(answer), is_single and "int" not in name


def reading_of(owner: Any) -> Any:
    """Return the rate that an object says it has now."""
    for name in READINGS:
        found = getattr(owner, name, None)
        if callable(found):
            try:
                found = found()
            except Exception:
                continue
        if found is not None:
            return found
    return None


@contextmanager
def quiet() -> Iterator[None]:
    """Keep torch from warning about the order of steps."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def form_of(target: Any, args: Mapping[str, Any], name: str) -> Form:
    """Find out how a target is asked for rates.

    Raises
    ------
    TargetError
        It has none of the forms.
    """
    signature = signature_of(target)
    kind = torch.optim.lr_scheduler.LRScheduler
    takes_optimizer = signature.positional[:1] and signature.first_of(OPTIMIZER_NAMES) is not None
    step_name = next((one for one in STEP_NAMES if one in signature.names and one not in args), None)
    if isinstance(target, kind):
        raise TargetError(f"{name} is a scheduler that exists already. Give its class and --args.")
    if inspect.isclass(target) and (issubclass(target, kind) or takes_optimizer):
        return Form("scheduler", target, signature)
    if takes_optimizer and not inspect.isclass(target):
        style: Style = "setter" if step_name in signature.required else "scheduler"
        return Form(style, target, signature, step_name)
    if inspect.isclass(target):
        return _of_object(target, target, signature, name, is_factory=True)
    if not inspect.isroutine(target) and not hasattr(target, "__wrapped__") and not callable(target):
        return _of_object(target, target, signature, name, is_factory=False)
    return _of_function(target, args, signature, step_name)


def _of_function(target: Any, args: Mapping[str, Any], signature: Signature, step_name: str | None) -> Form:
    """A function of the step, or one that makes such a function."""
    is_first = signature.positional[:1]
    if step_name in signature.required and (step_name in is_first or step_name not in ("x", "n", "k", "i")):
        return Form("function", target, signature, step_name)
    free = [one for one in signature.required if one not in args]
    is_step = is_first and is_first[0] not in args and not _makes_function(target, args)
    if is_step and (len(free) <= 1 or _is_number(target, free[0], args)):
        return Form("function", target, signature, is_first[0])
    return Form("function", target, signature, is_factory=True)


def _makes_function(target: Any, args: Mapping[str, Any]) -> bool:
    try:
        return callable(target(**args))
    except Exception:
        return False


def _is_number(target: Any, name: str, args: Mapping[str, Any]) -> bool:
    try:
        number_of(target(**{name: 1}, **args))
    except Exception:
        return False
    return True


def _of_object(owner: Any, target: Any, signature: Signature, name: str, *, is_factory: bool) -> Form:
    """An object that is asked by one of its methods, or that steps on its own."""
    skip = 1 if is_factory else 0  # self
    for method in METHODS:
        found = owner.__dict__.get(method) if is_factory else getattr(owner, method, None)
        found = found or (getattr(owner, method, None) if method != "__call__" else None)
        if not callable(found):
            continue
        given = signature_of(found)
        required = [one for one in given.positional if one not in given.defaults][skip:]
        optional = [one for one in given.positional[skip:] if one in STEP_NAMES]
        if len(required) == 1 or (not required and optional):
            return Form("method", target, signature, method=method, is_factory=is_factory)
    if callable(getattr(owner, "step", None)):
        return Form("stepper", target, signature, is_factory=is_factory)
    raise TargetError(
        f"{name} has none of the forms of a schedule: a torch scheduler, a function step -> rate, "
        "a class with __call__(step), get_lr(step) or step()."
    )
