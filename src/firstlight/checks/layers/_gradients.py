"""L1: gradients are the derivatives of the outputs, for the input and for every parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke, theirs
from firstlight.checks.layers._layer import Array, Layer, seeded
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["gradients_are_derivatives", "slope"]

DIRECTIONS = 2
MOST_TENSORS = 14
FEW_TENSORS = 6


@dataclass(frozen=True)
class Slope:
    """A derivative along a direction, by autograd and by differences."""

    name: str
    exact: float
    numeric: float
    scale: float


@check_of("L1", "gradients against differences", families=("backward", "registration"), seconds=40.0)
def gradients_are_derivatives(subject: LayerSubject) -> Outcome:
    """Compare directional derivatives of a fixed weighting of the outputs with central differences."""
    if subject.declared("gradient") == "custom":
        return skipped("its gradient is declared to be its own")
    layer = subject.make()
    if not layer.is_module:
        return skipped("no nn.Module: its own backward is checked instead, if it has one")
    held = 0
    for training in (False, True):
        outcome = _in_mode(subject, training)
        if outcome.status == "fail":
            return outcome
        held += outcome.status == "pass"
    return (
        passed("input and parameters, in evaluation and training") if held else skipped("nothing to derive")
    )


def _in_mode(subject: LayerSubject, training: bool) -> Outcome:
    layer = subject.make()
    _settle(layer, subject, training)
    x = subject.plan.draw(6)
    first = layer.again(x)
    if not np.isfinite(first).all() or not np.array_equal(first, layer.again(x)):
        return skipped("its output is not the same function of its input each time")
    weighting = np.random.default_rng(8).standard_normal(first.shape)
    where = "in training" if training else "in evaluation"
    by_autograd = _autograd(layer, x, weighting)
    if isinstance(by_autograd, str):
        return _unconnected(subject, layer, x, weighting, where, by_autograd)
    return _held_against(subject, layer, x, weighting, by_autograd, where)


def _settle(layer: Layer, subject: LayerSubject, training: bool) -> None:
    """Let power iterations and running statistics come to rest before they are taken as constants."""
    layer.mode(True)
    for seed in range(3 if not training else 30):
        if training and not any(one.role == "buffer" for one in layer.held()):
            break
        layer(subject.plan.draw(6 if training else seed))
    layer.mode(training)


def _autograd(layer: Layer, x: Array, weighting: Array) -> dict[str, Tensor] | str:
    own = layer.own_input(x)
    is_real = own.is_floating_point()
    if is_real:
        own.requires_grad_(True)
    with layer.unchanged():
        seeded(5)
        out = layer.raw(own.clone())  # no leaf, so that an in-place layer may write into it
        if not isinstance(out, Tensor) or not out.requires_grad:
            return "the output has no gradient at all"
        total = (out.double() * torch.from_numpy(weighting)).sum()
        wanted = dict(layer.parameters()[:MOST_TENSORS]) | ({"input": own} if is_real else {})
        with theirs():
            found = torch.autograd.grad(total, list(wanted.values()), allow_unused=True)
    return {
        name: torch.zeros_like(one) if grad is None else grad.to_dense().detach()
        for (name, one), grad in zip(wanted.items(), found, strict=True)
    }


def _unconnected(
    subject: LayerSubject, layer: Layer, x: Array, weighting: Array, where: str, said: str
) -> Outcome:
    """Tell an output that depends on nothing from one whose graph was cut."""
    zeros = {name: torch.zeros_like(one) for name, one in layer.parameters()[:MOST_TENSORS]}
    own = layer.own_input(x)
    if own.is_floating_point():
        zeros["input"] = torch.zeros_like(own)
    outcome = _held_against(subject, layer, x, weighting, zeros, where)
    if outcome.status != "fail":
        return skipped(said)
    return outcome


def _held_against(
    subject: LayerSubject, layer: Layer, x: Array, weighting: Array, exact: dict[str, Tensor], where: str
) -> Outcome:
    rng = np.random.default_rng(9)
    tolerance = 1e-4 if subject.is_double else 4e-2
    wrong: list[Slope] = []
    count = 0
    for name in sorted(exact, key=lambda one: one != "input"):
        grad = exact[name].double().numpy()
        for _ in range(DIRECTIONS if len(exact) <= FEW_TENSORS or name == "input" else 1):
            along = rng.standard_normal(grad.shape)
            if (padded := getattr(subject.instance, "padding_idx", None)) is not None and name != "input":
                along[padded] = 0.0  # its row learns nothing, as declared
            along /= max(float(np.linalg.norm(along)), 1e-12)
            numeric = _numeric(subject, layer, x, weighting, name, along)
            if numeric is None:
                continue
            count += 1
            by_autograd = float((grad * along).sum())
            scale = max(float(np.linalg.norm(grad)) / np.sqrt(grad.size), abs(numeric), abs(by_autograd))
            floor = 1e-6 if subject.is_double else 2e-2
            if (
                abs(numeric - by_autograd)
                > tolerance * scale + floor * float(np.linalg.norm(weighting)) * 1e-2
            ):
                wrong.append(Slope(name, by_autograd, numeric, scale))
    if wrong:
        return _failure(wrong, where)
    return passed(f"{count} directions") if count else skipped("nothing smooth to derive")


def _failure(wrong: list[Slope], where: str) -> Outcome:
    first = wrong[0]
    ratios = [one.exact / one.numeric for one in wrong if one.name == first.name and one.numeric]
    is_nothing = all(one.exact == 0 for one in wrong if one.name == first.name)
    names = ", ".join(dict.fromkeys(one.name for one in wrong))
    certainty = 0.7
    if is_nothing:
        cause = f"No gradient reaches {first.name}: it is cut off by detach, .data, no_grad or a new tensor."
        certainty = 0.85
    elif len(ratios) > 1 and np.ptp(ratios) < 1e-4 * abs(ratios[0]):
        cause = f"The gradient of {first.name} is {ratios[0]:.5g} times the right one."
        certainty = 0.85
    elif where == "in training":
        cause = "Something that depends on the input, such as the batch's mean, is taken as a constant."
    else:
        cause = f"The gradient of {names} is not the derivative of the output."
    return failed(
        "backward",
        expected=f"slope {first.numeric:.8g} (central differences)",
        seen=f"{first.exact:.8g} by backward",
        where=f"{names}, {where}",
        cause=cause,
        certainty=certainty,
    )


def _numeric(
    subject: LayerSubject, layer: Layer, x: Array, weighting: Array, name: str, along: Array
) -> float | None:
    """Return the slope by central differences; ``None`` where two step sizes disagree: a kink is near."""
    tensor = None if name == "input" else dict(layer.parameters())[name]

    def value(step: float) -> float:
        if tensor is None:
            return float((layer.again(x + step * along) * weighting).sum())
        old = tensor.detach().clone()
        try:
            with torch.no_grad():
                tensor.add_(torch.from_numpy(step * along).to(tensor.dtype))
            return float((layer.again(x) * weighting).sum())
        finally:
            with torch.no_grad():
                tensor.copy_(old)

    return slope(value, 1e-5 if subject.is_double else 2e-2, is_double=subject.is_double)


def slope(value: Callable[[float], float], step: float, *, is_double: bool = True) -> float | None:
    """Return the derivative of a function of one number at 0, or ``None`` at a kink."""
    try:
        wide = (value(step) - value(-step)) / (2 * step)
        narrow = (value(step / 2) - value(-step / 2)) / step
        one_sided = (value(step) - value(0.0)) / step
    except TargetBroke:
        return None
    scale = max(abs(wide), abs(narrow), 1e-3)
    if not np.isfinite([wide, narrow, one_sided]).all():
        return None
    if abs(wide - narrow) > (1e-5 if is_double else 3e-2) * scale:
        return None
    if is_double and abs(one_sided - wide) > 1e-2 * scale:
        return None
    return narrow
