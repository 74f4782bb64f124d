"""One run of a target: start with weights, step with gradients, read the weights. One class for each form."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from jaxtyping import Float64

from firstlight.checks._runner import theirs

__all__ = ["PlainSession", "Session", "TorchSession"]

Array = Float64[np.ndarray, "..."]


class Session(Protocol):
    """What the checks need of a run."""

    def step(self, grads: Sequence[Array | None]) -> None:
        """Step once with these gradients."""

    def values(self) -> list[Array]:
        """Return copies of the weights in float64."""


class TorchSession:
    """A torch optimizer, or a class that reads ``p.grad`` of torch tensors."""

    def __init__(
        self,
        make: Callable[..., Any],
        weights: Sequence[Any],
        options: Mapping[str, Any],
        *,
        dtype: torch.dtype,
        groups: Sequence[tuple[Sequence[int], Mapping[str, Any]]] | None = None,
    ) -> None:
        self.tensors = [_parameter(weight, dtype) for weight in weights]
        given: Any = list(self.tensors)
        if groups is not None:
            given = [{"params": [self.tensors[i] for i in members], **own} for members, own in groups]
        with theirs():
            self.optimizer = make(given, **options)
            if callable(getattr(self.optimizer, "train", None)):
                self.optimizer.train()
        self.grads: list[torch.Tensor | None] = []
        self._wants_closure = _wants_closure(self.optimizer)

    def step(self, grads: Sequence[Array | None]) -> None:
        """Step once with these gradients."""
        self.put(grads)
        with theirs():
            if self._wants_closure:
                self.optimizer.step(lambda: self._loss(grads))
            else:
                self.optimizer.step()

    def again(self) -> None:
        """Step with the gradients that the tensors have."""
        with theirs():
            self.optimizer.step(*([lambda: torch.tensor(1.0)] if self._wants_closure else []))

    def put(self, grads: Sequence[Array | None]) -> None:
        """Give each tensor its gradient."""
        self.grads = [
            None if g is None else _like(torch.as_tensor(np.array(g), dtype=tensor.dtype), tensor)
            for g, tensor in zip(grads, self.tensors, strict=True)
        ]
        for tensor, g in zip(self.tensors, self.grads, strict=True):
            tensor.grad = g

    def _loss(self, grads: Sequence[Array | None]) -> torch.Tensor:
        self.put(grads)
        return torch.tensor(1.0)

    def values(self) -> list[Array]:
        """Return copies of the weights in float64."""
        return [tensor.detach().to(torch.float64).numpy().copy() for tensor in self.tensors]

    def set_rate(self, factor: float) -> bool:
        """Multiply the rate of all groups; tell whether there is one."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["lr"] * factor
        return True


def _parameter(weight: Any, dtype: torch.dtype) -> torch.nn.Parameter:
    if isinstance(weight, torch.Tensor):
        return torch.nn.Parameter(weight.to(dtype))
    return torch.nn.Parameter(torch.tensor(np.array(weight), dtype=dtype))


def _like(g: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    """Return a gradient in the layout of its tensor, as autograd makes it."""
    made = torch.empty_like(tensor)
    with torch.no_grad():
        made.copy_(g)
    return made.detach()


def _wants_closure(optimizer: Any) -> bool:
    try:
        parameters = inspect.signature(optimizer.step).parameters
    except (TypeError, ValueError):
        return False
    closure = parameters.get("closure")
    return closure is not None and closure.default is inspect.Parameter.empty


class PlainSession:
    """A plain class: ``Opt(params, **options)`` and ``step(grads)``, or one of its near relatives.

    Parameters
    ----------
    make
        The class.
    holds_params
        Its constructor takes the parameters; otherwise each step does.
    tensors
        ``"numpy"``, ``"torch"``, ``"torch-grad"`` (they require gradients) or ``"dict"`` (of arrays by name).
    takes_answer
        Each step returns the new weights and leaves the old ones.
    """

    def __init__(
        self,
        make: Callable[..., Any],
        weights: Sequence[Array],
        options: Mapping[str, Any],
        *,
        holds_params: bool,
        tensors: str,
        dtype: str,
        takes_answer: bool = False,
    ) -> None:
        self._kind, self._dtype, self._takes_answer = tensors, dtype, takes_answer
        self.held: list[Any] = [self._made(weight) for weight in weights]
        self.params: Any = (
            {f"p{i}": one for i, one in enumerate(self.held)} if tensors == "dict" else list(self.held)
        )
        self.grads: list[Any] = []
        self.answer: Any = None
        with theirs():
            self.optimizer = make(self.params, **options) if holds_params else make(**options)
        self._method, self._order = _step_of(self.optimizer, holds_params=holds_params)

    def _made(self, weight: Array) -> Any:
        if self._kind in ("numpy", "dict"):
            return np.array(weight, dtype=self._dtype)
        tensor = torch.tensor(np.array(weight), dtype=getattr(torch, self._dtype))
        return tensor.requires_grad_(self._kind == "torch-grad")

    def step(self, grads: Sequence[Array | None]) -> None:
        """Step once with these gradients."""
        self.step_with(self.gradients(grads))

    def gradients(self, grads: Sequence[Array | None]) -> list[Any]:
        """Return them as the class takes them."""
        return [None if g is None else self._gradient(g) for g in grads]

    def step_with(self, grads: list[Any]) -> None:
        """Step with these very objects."""
        self.grads = grads
        if self._kind.startswith("torch"):
            for tensor, g in zip(self._current(), self.grads, strict=True):
                tensor.grad = g
        packed: Any = self.grads
        if self._kind == "dict":
            packed = {f"p{i}": g for i, g in enumerate(self.grads)}
        with theirs():
            given = [{"grads": packed, "params": self.params}[name] for name in self._order]
            self.answer = self._method(*given)
        if self._takes_answer and isinstance(self.params, list):
            self.params[:] = list(self.answer)

    def _gradient(self, g: Array) -> Any:
        if self._kind in ("numpy", "dict"):
            return np.array(g, dtype=self._dtype)
        return torch.tensor(np.array(g), dtype=getattr(torch, self._dtype))

    @property
    def takes_grads(self) -> bool:
        """Tell whether steps are given the gradients, and do not read them from tensors."""
        return "grads" in self._order

    def answers_weights(self) -> bool:
        """Tell whether the last step gave back something like the weights."""
        answer = self.answer
        return (
            isinstance(answer, (list, tuple))
            and len(answer) == len(self.held)
            and all(getattr(a, "shape", None) == b.shape for a, b in zip(answer, self.held, strict=True))
        )

    def _current(self) -> list[Any]:
        return list(self.params.values()) if isinstance(self.params, dict) else list(self.params)

    def values(self) -> list[Array]:
        """Return copies of the weights in float64."""
        found = self._current()
        own = self._own_list()
        if own is not None and not any(
            new is not old or not _is_equal(new, old) for new, old in zip(found, self.held, strict=True)
        ):
            found = own
        return [_as_array(one) for one in found]

    def _own_list(self) -> list[Any] | None:
        """Return the optimizer's own list of weights, where it replaced the ones that it got."""
        for name in ("params", "parameters", "weights", "theta"):
            own: Any = getattr(self.optimizer, name, None)
            is_list = isinstance(own, (list, tuple)) and len(own) == len(self.held)
            if is_list and all(
                getattr(a, "shape", None) == b.shape for a, b in zip(own, self.held, strict=True)
            ):
                return list(own)
        return None


def _is_equal(a: Any, b: Any) -> bool:
    return a is b or bool(np.array_equal(_as_array(a), _as_array(b)))


def _as_array(value: Any) -> Array:
    if isinstance(value, torch.Tensor):
        return value.detach().to(torch.float64).numpy().copy()
    return np.array(value, dtype=np.float64)


def _step_of(optimizer: Any, *, holds_params: bool) -> tuple[Callable[..., Any], tuple[str, ...]]:
    """Return the method that steps, and what it takes in which order."""
    for name in ("step", "update", "apply_gradients", "apply", "__call__"):
        method = getattr(optimizer, name, None)
        if callable(method):
            break
    else:
        raise TypeError(f"{type(optimizer).__name__} has no method step(grads)")
    try:
        parameters = list(inspect.signature(method).parameters.values())
    except (TypeError, ValueError):
        return method, ("grads",) if holds_params else ("params", "grads")
    wanted = [
        one
        for one in parameters
        if one.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        and (one.default is inspect.Parameter.empty or "grad" in one.name.lower())
        and one.name != "closure"
    ]
    if len(wanted) == 1:
        return method, ("grads",)
    if len(wanted) >= 2:
        first = wanted[0].name.lower()
        is_grads_first = "grad" in first or first in {"g", "gs", "dw", "dparams", "dws"}
        return method, ("grads", "params") if is_grads_first else ("params", "grads")
    return method, ()
