"""How a target wants to be called: found out by trying it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch

from firstlight._errors import TargetError
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._options import signature_of, takes_params
from firstlight.checks.optimizers._pairs import OptaxSession, is_pair
from firstlight.checks.optimizers._sessions import PlainSession, Session, TorchSession
from firstlight.checks.optimizers._tape import FULL_SHAPES, Shapes, Tape, made_tape

__all__ = ["Manner", "found_manner"]

Form = Literal["torch", "optax", "plain"]
SHAPES: tuple[Shapes, ...] = (
    FULL_SHAPES,
    FULL_SHAPES[1:],
    ((7,), (5, 3)),
    ((5, 3), (6, 4)),
    ((7,), (4,)),
)


@dataclass(frozen=True)
class Manner:
    """One way to call a target.

    Attributes
    ----------
    make
        Makes an optimizer of parameters and options.
    form
        ``"torch"``, ``"optax"`` or ``"plain"``.
    dtype
        ``"float64"``, or ``"float32"`` where it can do no more.
    shapes
        Of tensors that it can step.
    accepts_none
        A tensor may have no gradient.
    holds_params, tensors, takes_answer
        Of a plain class: see `PlainSession`.
    """

    make: Callable[..., Any]
    form: Form
    dtype: str = "float64"
    shapes: Shapes = FULL_SHAPES
    accepts_none: bool = True
    holds_params: bool = True
    tensors: str = "numpy"
    takes_answer: bool = False

    def start(
        self,
        weights: Sequence[Any],
        options: Mapping[str, Any],
        *,
        dtype: str | None = None,
        groups: Sequence[tuple[Sequence[int], Mapping[str, Any]]] | None = None,
    ) -> Session:
        """Return a run at its start."""
        dtype = dtype or self.dtype
        if self.form == "torch":
            return TorchSession(self.make, weights, options, dtype=getattr(torch, dtype), groups=groups)
        if self.form == "optax":
            return OptaxSession(self.make, weights, options, dtype=dtype)
        return PlainSession(
            self.make,
            weights,
            options,
            holds_params=self.holds_params,
            tensors=self.tensors,
            dtype=dtype,
            takes_answer=self.takes_answer,
        )


def found_manner(target: Any, args: Mapping[str, Any], *, only: Shapes | None = None) -> Manner:
    """Return the first way of calling a target in which two steps run and stay finite.

    Parameters
    ----------
    only
        The shapes to use, where the reference is meant for these alone.

    Raises
    ------
    TargetError
        It cannot be made with the arguments given, or it is no optimizer.
    """
    first: Manner | None = None
    trouble: Exception | None = None
    for manner in _candidates(target, args):
        for tried in _variations(manner, only):
            first = first or tried
            try:
                ran = _tried(tried, args)
            except TargetBroke as error:
                trouble = trouble or error
                if _is_usage(error):
                    break
                continue
            except (TypeError, AttributeError) as error:
                trouble = trouble or error
                continue
            if ran is not None:
                return ran
    if first is None or _is_usage(trouble) or not isinstance(trouble, TargetBroke | None):
        raise TargetError(
            f"{getattr(target, '__name__', target)} cannot be made as an optimizer: {trouble}. "
            "Give its arguments: --args."
        ) from trouble
    return first


def _is_usage(error: Exception | None) -> bool:
    """Tell whether the constructor was called without something that it needs."""
    return isinstance(error, TargetBroke) and "required" in str(error) and "__init__" in str(error)


def _candidates(target: Any, args: Mapping[str, Any]) -> Iterator[Manner]:
    if inspect.isclass(target) and issubclass(target, torch.optim.Optimizer):
        yield Manner(target, "torch")
        return
    if isinstance(target, torch.optim.Optimizer):
        yield Manner(type(target), "torch")
        return
    if is_pair(target) and not inspect.isclass(target):
        yield Manner(lambda: target, "optax")
        return
    holds = takes_params(signature_of(target))
    made = None if holds else _made_alone(target, args)
    if is_pair(made):
        yield Manner(target, "optax")
        return
    if not inspect.isclass(target) and holds:
        yield Manner(target, "torch")  # a function that returns a torch optimizer
    for tensors in ("numpy", "torch", "torch-grad", "dict"):
        yield Manner(target, "plain", shapes=FULL_SHAPES[1:], holds_params=holds, tensors=tensors)


def _made_alone(target: Any, args: Mapping[str, Any]) -> Any:
    try:
        return target(**args)
    except Exception:
        return None


def _variations(manner: Manner, only: Shapes | None) -> Iterator[Manner]:
    """Fewer and fewer shapes; float64 first."""
    sets = [only] if only else [shapes for shapes in SHAPES if manner.form == "torch" or () not in shapes]
    if manner.form == "optax" and not only:  # jax compiles each operation anew for each shape
        sets = [((5, 3), (2, 3, 2, 2), (5, 3)), *sets]
    for shapes in sets:
        for dtype in ("float64", "float32"):
            yield replace(manner, shapes=shapes, dtype=dtype)


def _tried(manner: Manner, args: Mapping[str, Any]) -> Manner | None:
    """Return the manner with what two steps tell of it; ``None`` where the weights do not stay finite."""
    tape = made_tape(manner.shapes, seed=0, steps=2, is_wide=False)
    session = manner.start(tape.weights, args)
    if isinstance(session, PlainSession) and manner.tensors != "torch-grad" and not session.takes_grads:
        return None
    for grads in tape.grads:
        session.step(grads)
    if not all(np.isfinite(value).all() for value in session.values()):
        return None
    if isinstance(session, PlainSession) and session.answers_weights() and _is_still(session, tape):
        manner = replace(manner, takes_answer=True)
    return replace(manner, accepts_none=_accepts_none(manner, args))


def _is_still(session: Session, tape: Tape) -> bool:
    return all(np.allclose(a, b, rtol=1e-12) for a, b in zip(session.values(), tape.weights, strict=True))


def _accepts_none(manner: Manner, args: Mapping[str, Any]) -> bool:
    if manner.form == "optax":
        return False
    tape = made_tape(manner.shapes, seed=0, steps=2, is_wide=False, without_gradient=True)
    try:
        session = manner.start(tape.weights, args)
        for grads in tape.grads:
            session.step(grads)
    except Exception:
        return False
    return True
