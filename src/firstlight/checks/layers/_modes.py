"""L8: training and evaluation are told apart, and a call leaves nothing behind in evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._layer import Array, Layer, seeded
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["modes"]

DRAWN_BY_DESIGN = (nn.FractionalMaxPool2d, nn.FractionalMaxPool3d)


@check_of(
    "L8", "training and evaluation", families=("train-eval-mode", "running-statistics", "state", "aliasing")
)
def modes(subject: LayerSubject) -> Outcome:
    """Evaluate twice: the same each time, nothing changed, the mode and the input as they were."""
    layer = subject.make()
    if layer.is_module and any(isinstance(part, DRAWN_BY_DESIGN) for part in layer.owner.modules()):
        return skipped("it draws in evaluation by design")
    if not layer.has_modes:
        return skipped("it knows no modes")
    layer.mode(True)
    for seed in (1, 2, 3):
        layer(subject.plan.draw(seed))
    for question in (_flags, _statistics, _same_twice, _input_kept, _forgets):
        outcome = question(subject, layer)
        if outcome is not None:
            return outcome
    return passed("evaluation repeats itself and changes nothing")


def _flags(_: LayerSubject, layer: Layer) -> Outcome | None:
    """Hold the modes of all parts against what was asked for, before and after a call."""
    if not layer.is_module:
        return None
    for training in (False, True):
        layer.mode(training)
        # torch.nn's own containers aside, a part of another mode than the whole may be frozen on purpose
        if layer.owner.training is not training:
            return failed(
                "train-eval-mode",
                expected=f"training {training} after {'train()' if training else 'eval()'}",
                seen=f"training {layer.owner.training}",
                where="train()",
                cause="train() or eval() is overridden and does not set the mode.",
                certainty=0.9,
            )
        before = [part.training for part in layer.owner.modules()]
        with layer.unchanged():
            layer(_.plan.draw(4))
            after = [part.training for part in layer.owner.modules()]
        if before != after:
            return failed(
                "train-eval-mode",
                expected="the mode as it was before the call",
                seen=f"forward puts it into {'training' if not training else 'evaluation'}",
                where="forward",
                cause="forward calls train() or eval() itself.",
                certainty=0.95,
            )
    return None


def _same_twice(subject: LayerSubject, layer: Layer) -> Outcome | None:
    layer.mode(False)
    if subject.declared("stochastic") in ("eval", "true", "yes"):
        return None
    x = subject.plan.draw(5)
    with layer.unchanged():
        seeded(1)
        first = layer(x)
        seeded(2)
        second = layer(x)
        seeded(1)
        third = layer(x)
    if np.array_equal(first, second, equal_nan=True):
        return None
    place = _first(first, second)
    if not np.array_equal(first, third, equal_nan=True) and not _draws(layer, x):
        return failed(
            "state",
            expected="the same output for the same input, call after call",
            seen=place,
            where="in evaluation, second call",
            cause="Something is kept from call to call and changes the next output.",
            certainty=0.8,
        )
    is_dropping = bool(np.any((first == 0) != (second == 0)))
    return failed(
        "train-eval-mode",
        expected="the same output for the same input in evaluation",
        seen=place,
        where="in evaluation, second call",
        cause="Dropout is active in evaluation: the mode is not asked."
        if is_dropping
        else "It draws random numbers in evaluation too.",
        certainty=0.93,
    )


def _draws(layer: Layer, x: Array) -> bool:
    """Tell a layer that draws from one that counts: the same state with another seed gives something else."""
    if not np.array_equal(layer.again(x, seed=1), layer.again(x, seed=2), equal_nan=True):
        return True
    with layer.unchanged():  # generators of its own: they are wound back by unchanged, so go on within it
        outputs = [layer(x) for _ in range(3)]
    zeros = [one == 0 for one in outputs]
    return bool(np.any(zeros[0] != zeros[1]) and np.any(zeros[1] != zeros[2]))


def _statistics(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Hold buffers and loose tensors before and after evaluation against each other."""
    if subject.declared("stochastic"):
        return None
    layer.mode(False)
    with layer.unchanged():
        layer(subject.plan.draw(6))  # caches come to be with the first call
        before = layer.values()
        layer(subject.plan.draw(7) * (1 if subject.plan.below else 2))
        after = layer.values()
    roles = {one.name: one.role for one in layer.held()}
    for name, old in before.items():
        if (
            name not in after
            or after[name].shape != old.shape
            or np.array_equal(after[name], old, equal_nan=True)
        ):
            continue
        is_running = any(word in name.lower() for word in ("running", "moving", "mean", "var", "avg", "ema"))
        if roles.get(name) == "buffer" or (
            is_running and roles.get(name) == "loose" and _matters_later(layer, subject)
        ):
            return failed(
                "running-statistics" if is_running else "state",
                expected=f"{name} as it was",
                seen=f"changed by up to {float(np.abs(after[name] - old).max()):.3g}",
                where=f"{name}, in evaluation",
                cause="Running statistics are updated in evaluation: the test images leak into them.",
                certainty=0.9,
            )
    return None


def _matters_later(layer: Layer, subject: LayerSubject) -> bool:
    """Tell running statistics, on which later outputs depend, from what is merely kept for backward."""
    with layer.unchanged():
        x = subject.plan.draw(8)
        first = layer(x)
        layer(subject.plan.draw(9) * (1 if subject.plan.below else 5))
        return not np.allclose(first, layer(x), rtol=1e-9, atol=1e-12)


def _input_kept(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Hold the input before and after the call against each other."""
    layer.mode(False)
    x = layer.own_input(subject.plan.draw(5))
    before = _numbers(x)
    with layer.unchanged(), torch.no_grad():
        layer.raw(x)
    if np.array_equal(before, _numbers(x), equal_nan=True):
        return None
    parts = layer.owner.modules() if layer.is_module else [layer.owner]
    if any(getattr(part, "inplace", False) for part in parts) or subject.reference is None:
        return warned("it changes its input", hint="Whoever uses the input later sees other numbers.")
    return failed(
        "aliasing",
        expected="the input as it was",
        seen="forward writes into it",
        where="input",
        cause="An in-place operation (+=, relu_, x[...] =) works on the caller's own tensor.",
        certainty=0.8,
    )


def _numbers(x: Any) -> Array:
    """Return a copy as an array."""
    return x.detach().numpy().copy() if isinstance(x, Tensor) else np.array(x)


def _forgets(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Call it with a larger input, then with the usual one: the first call must not matter."""
    if not layer.is_module or subject.declared("stochastic"):
        return None
    layer.mode(False)
    x = subject.plan.draw(5)
    with layer.unchanged():
        expected = layer(x)
    with layer.unchanged():
        try:
            layer(subject.plan.with_rows(subject.plan.shape[subject.plan.row_axis] + 3).draw(6))
        except TargetBroke:
            return None
        try:
            after = layer(x)
        except TargetBroke as error:
            return failed(
                "state",
                expected="an output after a call with a larger batch",
                seen=str(error).splitlines()[0][:200],
                where="in evaluation, second call",
                cause="Something of the first call's size is kept and used again.",
                certainty=0.6,
            )
    if np.allclose(after, expected, rtol=1e-6, atol=1e-9, equal_nan=True):
        return None
    return failed(
        "state",
        expected="the same output whatever was asked before",
        seen=_first(expected, after),
        where="in evaluation, after a call with another batch",
        cause="Something is kept from call to call and changes the next output.",
        certainty=0.7,
    )


def _first(one: Array, other: Array) -> str:
    if one.shape != other.shape:
        return f"shapes {one.shape} and {other.shape}"
    place = np.unravel_index(int(np.argmax(one != other)), one.shape)
    index = ", ".join(str(int(part)) for part in place)
    return f"output[{index}] is {one[place]:.6g}, then {other[place]:.6g}"
