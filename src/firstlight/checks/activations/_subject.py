"""An activation that is checked, behind one way to call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from firstlight._errors import UsageError
from firstlight.checks._exposed import Exposed
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.activations._calling import Made, derivative_of, made
from firstlight.checks.references.activations import ActivationReference
from firstlight.checks.references.activations._activation import Array

__all__ = ["ActivationSubject"]

PROBE = np.array([[-1.3, -0.4, 0.2, 0.9, 1.7], [0.7, -2.1, 2.3, -0.8, 0.05]])
DECLARED = {"axis": None, "gradient": ("exact", "straight-through", "none"), "random": ("yes", "no")}
Framework: TypeAlias = Literal["torch", "array"]
ATTEMPTS: tuple[tuple[Framework, torch.dtype], ...] = (
    ("torch", torch.float64),
    ("torch", torch.float32),
    ("array", torch.float64),
    ("array", torch.float32),
)


@dataclass
class ActivationSubject:
    """Calls the target, whether it is a function, a module, a class of either, or works on arrays.

    Attributes
    ----------
    given
        As it was handed over.
    function, instance
        What is called, and the object behind it where there is one.
    framework, dtype
        Tensors or arrays, and the widest floating point type that it takes and gives.
    is_differentiable
        Whether a gradient can be asked of it.
    width
        Columns that it wants, for weights by channel.
    reference, exposed, dialect
        What it is held against, with which options, and by which accepted formula.
    is_declared
        Whether the reference was named by somebody: by ``--like`` or by the target's own name.
    """

    given: Given
    function: Made
    instance: Any = None
    framework: Framework = "torch"
    dtype: torch.dtype = torch.float64
    is_differentiable: bool = True
    width: int = 5
    reference: ActivationReference | None = None
    exposed: Exposed = field(default_factory=Exposed)
    dialect: str | None = None
    is_declared: bool = False

    @staticmethod
    def of(given: Given) -> ActivationSubject:
        """Make, try out and recognise what was given."""
        from firstlight.checks.activations._recognise import recognised

        _refuse_unknown(given.declares)
        return recognised(ActivationSubject.plain(given))

    @staticmethod
    def plain(given: Given) -> ActivationSubject:
        """Make and try out, without a reference."""
        function, instance = made(given.target, given.args, name=given.name)
        subject = ActivationSubject(given, function, instance, width=_width(instance))
        return subject._tried()

    def with_args(self, **changed: Any) -> ActivationSubject:
        """Return the same target with some arguments changed."""
        given = replace(self.given, args={**self.given.args, **changed})
        function, instance = made(given.target, given.args, name=given.name)
        subject = replace(self, given=given, function=function, instance=instance)
        subject._convert()
        return subject

    def values(self, x: Array, *, dtype: torch.dtype | None = None) -> Array:
        """Return the outputs for an array as float64; the shape is the target's own."""
        with theirs():
            return _plain(self._call(x, dtype or self.dtype))

    def at(self, points: Array, *, dtype: torch.dtype | None = None) -> Array:
        """Return the values at points; they are given to the target as rows of a matrix."""
        return self.values(self._rows(points), dtype=dtype).reshape(-1)[: points.size]

    def gradient(self, x: Array, upstream: Array, *, dtype: torch.dtype | None = None) -> Array:
        """Return the gradient of the sum of upstream times outputs, by the target's own backward pass."""
        with theirs(), torch.enable_grad():
            leaf = torch.tensor(x, dtype=dtype or self.dtype, requires_grad=True)
            output = self.function(leaf * 1.0)
            output.backward(torch.tensor(upstream, dtype=output.dtype))
            found = leaf.grad if leaf.grad is not None else torch.zeros_like(leaf)
            return _plain(found)

    def slope_at(self, points: Array, *, dtype: torch.dtype | None = None) -> Array:
        """Return the derivative at points, through the backward pass."""
        x = self._rows(points)
        return self.gradient(x, np.ones_like(x), dtype=dtype).reshape(-1)[: points.size]

    @property
    def own_derivatives(self) -> tuple[Callable[[Any], Any], ...]:
        """What may give the derivative at an array, where the target brings a method or switch for it."""
        return derivative_of(self.given.target, self.instance, self.given.args)

    @property
    def tolerance(self) -> float:
        """How far a right value may be off, relative to 1 + |value|."""
        return 2e-6 if self.is_double else 5e-5

    @cached_property
    def is_double(self) -> bool:
        """Whether it computes in float64 throughout."""
        if self.dtype != torch.float64:
            return False
        try:
            output = self._call(PROBE if self.width == PROBE.shape[1] else self._rows(PROBE), self.dtype)
        except Exception:
            return True
        return str(getattr(output, "dtype", "float64")).endswith("float64")

    def expected(self, x: Array, **changed: Any) -> Array:
        """Return what the reference gives, with the target's options."""
        assert self.reference is not None
        return self.reference.value(x, **{**self.exposed.values, **changed})

    def _call(self, x: Array, dtype: torch.dtype) -> Any:
        if self.framework == "array":
            return self.function(np.array(x, dtype=str(dtype).removeprefix("torch.")))
        return self.function(torch.tensor(x, dtype=dtype))

    def _rows(self, points: Array) -> Array:
        flat = points.reshape(-1)
        missing = -flat.size % self.width
        return np.concatenate([flat, np.repeat(flat[-1:], missing)]).reshape(-1, self.width)

    def _tried(self) -> ActivationSubject:
        """Find the framework and the dtype that work; as it is where none does, so that a check tells why."""
        for framework, dtype in ATTEMPTS:
            for needs_gradient in (True, False) if framework == "torch" else (False,):
                subject = replace(self, framework=framework, dtype=dtype)
                subject._convert()
                output = subject._output(needs_gradient=needs_gradient)
                if output is not None:
                    return replace(subject, is_differentiable=getattr(output, "requires_grad", False))
        return replace(self, dtype=torch.float32)

    def _output(self, *, needs_gradient: bool) -> Any:
        """Return what it gives for a small matrix, ``None`` where that is nothing usable."""
        x = self._rows(PROBE)
        try:
            if self.framework == "array":
                output = self._call(x, self.dtype)
                return output if np.asarray(output, dtype=np.float64).size else None
            leaf = torch.tensor(x, dtype=self.dtype, requires_grad=needs_gradient)
            output = self.function(leaf * 1.0)
            is_usable = isinstance(output, Tensor) and (needs_gradient or self._is_no_array_function(x))
            return output if is_usable else None
        except Exception:
            return None

    def _is_no_array_function(self, x: Array) -> bool:
        """NumPy's functions take a tensor that needs no gradient and give one back: ask with an array too."""
        try:
            return not isinstance(self.function(np.array(x)), np.ndarray)
        except Exception:
            return True

    def _convert(self) -> None:
        if isinstance(self.instance, nn.Module):
            self.instance.to(self.dtype)


def _width(instance: Any) -> int:
    if not isinstance(instance, nn.Module):
        return 5
    sizes = {int(one.numel()) for one in instance.parameters() if one.ndim == 1 and one.numel() > 1}
    return sizes.pop() if len(sizes) == 1 else 5


def _plain(output: Any) -> Array:
    if isinstance(output, Tensor):
        return output.detach().to(torch.float64).cpu().numpy()
    return np.asarray(output, dtype=np.float64)


def _refuse_unknown(declares: Mapping[str, str]) -> None:
    for key, value in declares.items():
        if key not in DECLARED:
            raise UsageError(f"An activation declares {', '.join(DECLARED)}; got {key!r}.")
        allowed = DECLARED[key]
        if allowed is not None and str(value) not in allowed:
            raise UsageError(f"{key} is {' or '.join(allowed)}; got {value!r}.")
        if key == "axis" and not str(value).lstrip("-").isdigit():
            raise UsageError(f"axis is a whole number, such as -1; got {value!r}.")
