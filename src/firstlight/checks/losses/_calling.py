"""Call a loss, whatever its form: function, module, class with forward and backward; tensors or arrays."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from firstlight._errors import TargetError
from firstlight.checks._exposed import exposed_names
from firstlight.checks.losses._batches import Batch
from firstlight.checks.references.losses._loss import Array

__all__ = ["Answer", "Caller", "Framework", "Inputs"]

Framework: TypeAlias = Literal["torch", "array"]
Inputs: TypeAlias = Literal["logits", "log-probabilities", "probabilities", "values"]
METHODS = ("forward", "loss", "compute", "calculate", "value", "compute_loss", "cost")
BACKWARDS = ("backward", "gradient", "grad", "derivative", "compute_gradient", "prime")
TARGET_WORDS = ("label", "target", "truth", "y_true", "ytrue", "y_real", "gt", "actual")


@dataclass(frozen=True)
class Answer:
    """What one call gave.

    Attributes
    ----------
    value
        A number, or one a row or element.
    gradient
        Of the sum of the values by the outputs; ``None`` where the target gives none.
    is_cut
        Whether the outputs need a gradient and the loss does not.
    is_double
        Whether it came as float64.
    """

    value: Array
    gradient: Array | None = None
    is_cut: bool = False
    is_double: bool = True


@dataclass(frozen=True)
class Caller:
    """Knows how a target wants to be called.

    Attributes
    ----------
    function, instance
        What is called, and the object behind it.
    framework, dtype
        Tensors or arrays, and of which floating point type.
    inputs
        What it is given of the logits.
    is_binary
        Whether probabilities are those of a sigmoid.
    is_swapped
        Whether it wants the targets first.
    """

    function: Callable[..., Any]
    instance: Any
    framework: Framework
    dtype: torch.dtype
    inputs: Inputs = "logits"
    is_binary: bool = False
    is_swapped: bool = False

    def __call__(self, batch: Batch, *, needs_gradient: bool = True) -> Answer:
        """Call it with one batch."""
        if self.framework == "array":
            return self._of_arrays(batch)
        return self._of_tensors(batch, needs_gradient=needs_gradient)

    def raw(self, outputs: Any, targets: Any) -> Any:
        """Call it with what it wants, in the order in which it wants it."""
        return self.function(targets, outputs) if self.is_swapped else self.function(outputs, targets)

    def targets(self, batch: Batch) -> Any:
        """Return a batch's targets as it is given them."""
        if batch.form == "labels":
            assert batch.labels is not None
            return batch.labels.copy() if self.framework == "array" else torch.tensor(batch.labels)
        if self.framework == "array":
            return batch.targets.astype(_word(self.dtype))
        return torch.tensor(batch.targets, dtype=self.dtype)

    def _of_tensors(self, batch: Batch, *, needs_gradient: bool) -> Answer:
        with torch.enable_grad():
            leaf = torch.tensor(batch.outputs, dtype=self.dtype, requires_grad=needs_gradient)
            found = self.raw(_fed(leaf * 1.0, self.inputs, is_binary=self.is_binary), self.targets(batch))
            loss, own = _first(found)
            if not isinstance(loss, Tensor):
                return Answer(np.asarray(loss, dtype=np.float64), _array(own, batch), is_cut=needs_gradient)
            value = loss.detach().to(torch.float64).numpy()
            if not needs_gradient or not loss.requires_grad:
                return Answer(value, _array(own, batch), is_cut=needs_gradient)
            torch.autograd.backward(loss.sum())
            gradient = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
            is_double = loss.dtype == torch.float64
            return Answer(value, gradient.to(torch.float64).numpy(), is_double=is_double)

    def _of_arrays(self, batch: Batch) -> Answer:
        outputs = _fed(torch.tensor(batch.outputs), self.inputs, is_binary=self.is_binary).numpy()
        given, targets = outputs.astype(_word(self.dtype)), self.targets(batch)
        loss, own = _first(self.raw(given, targets))
        gradient = _array(own, batch)
        if gradient is None and self.instance is not None:
            gradient = self._own_backward(given, targets, batch)
        is_direct = self.inputs in ("logits", "values")
        return Answer(np.asarray(loss, dtype=np.float64), gradient if is_direct else None)

    def _own_backward(self, outputs: Any, targets: Any, batch: Batch) -> Array | None:
        """Ask the object for the gradient, in the ways in which such methods are called."""
        for name in BACKWARDS:
            method = getattr(self.instance, name, None)
            if not callable(method):
                continue
            pair = (targets, outputs) if self.is_swapped else (outputs, targets)
            for arguments in ((), pair):
                try:
                    found = _array(method(*arguments), batch)
                except Exception:
                    continue
                if found is not None:
                    return found
        return None


def made(
    target: Any, args: Mapping[str, Any], *, framework: Framework, dtype: torch.dtype, name: str
) -> tuple[Callable[..., Any], Any]:
    """Return a function of outputs and targets, and the object behind it where there is one.

    Raises
    ------
    TargetError
        The target cannot be made with these arguments.
    """
    given = {key: _option(value, framework, dtype) for key, value in args.items()}
    if inspect.isclass(target) and issubclass(target, torch.autograd.Function):
        apply: Callable[..., Any] = target.apply
        return (lambda outputs, targets: apply(outputs, targets, *given.values())), None
    if not inspect.isclass(target) and callable(target) and not isinstance(target, nn.Module):
        return (lambda *pair: target(*pair, **given)), None
    if inspect.isclass(target):
        try:
            instance = target(**given)
        except TypeError as error:
            raise TargetError(f"{name} cannot be made: {error}. Give its arguments: --args.") from error
    else:
        instance = copy.deepcopy(target)
    if isinstance(instance, nn.Module):
        instance.to(dtype)
    if callable(instance):
        return instance, instance
    method = next((one for one in METHODS if callable(getattr(instance, one, None))), None)
    if method is None:
        raise TargetError(f"{name} cannot be called. Give it a method __call__ or forward.")
    return getattr(instance, method), instance


def wants_targets_first(target: Any) -> bool:
    """Return whether its arguments' names say that targets come before outputs."""
    names = _argument_names(target)[:2]
    is_target = [any(word in one.lower() for word in TARGET_WORDS) or one in ("y", "t") for one in names]
    return is_target == [True, False] or names == ["p", "q"]


def first_argument(target: Any) -> str:
    """Return the name of the argument that takes the outputs."""
    names = _argument_names(target)
    return "" if not names else names[1] if wants_targets_first(target) and len(names) > 1 else names[0]


def _argument_names(target: Any) -> list[str]:
    function = target
    cls = target if inspect.isclass(target) else type(target)
    if not inspect.isroutine(target):
        named = ("forward", *METHODS, "__call__")
        found = (one.__dict__[name] for one in cls.__mro__[:-1] for name in named if name in one.__dict__)
        function = next((one for one in found if callable(one)), target)
    return [one for one in exposed_names(function) if one not in ("self", "ctx")]


def _fed(outputs: Tensor, inputs: Inputs, *, is_binary: bool) -> Tensor:
    if inputs == "probabilities":
        return torch.sigmoid(outputs) if is_binary else torch.softmax(outputs, dim=-1)
    if inputs == "log-probabilities":
        if is_binary:
            return torch.nn.functional.logsigmoid(outputs)
        return torch.nn.functional.log_softmax(outputs, dim=-1)
    return outputs


def _first(found: Any) -> tuple[Any, Any]:
    if isinstance(found, Mapping):
        return found.get("loss", next(iter(found.values()))), None
    if (isinstance(found, (tuple, list)) and found and not np.isscalar(found[0])) or isinstance(found, tuple):
        return found[0], found[1] if len(found) > 1 else None
    return found, None


def _array(own: Any, batch: Batch) -> Array | None:
    if own is None:
        return None
    try:
        found = np.asarray(own.detach() if isinstance(own, Tensor) else own, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return found if found.shape == batch.outputs.shape else None


def _option(value: Any, framework: Framework, dtype: torch.dtype) -> Any:
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, (int, float)) for one in value):
        return torch.tensor(value, dtype=dtype) if framework == "torch" else np.array(value, _word(dtype))
    if isinstance(value, Tensor) and value.is_floating_point():
        return value.to(dtype)
    return value


def _word(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
