"""N10: gradients are derivatives, numerically."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.models._subject import ModelSubject, mode, seeded

__all__ = ["gradients_are_derivatives"]

STEP = 1e-6
OFF = 1e-3
MOST = 24  # tensors are asked about, spread over the network


@dataclass(frozen=True)
class Probe:
    """Images, labels and a network in float64, of which derivatives are taken."""

    subject: ModelSubject
    net: nn.Module
    images: Tensor
    targets: Tensor

    def loss(self) -> Tensor:
        """Return the cross-entropy; the global generators begin at the same seed each time."""
        with seeded(5):
            logits = self.subject(self.net, self.images)
        if self.subject.declared("output") == "probabilities":
            return nn.functional.nll_loss(logits.clamp(min=1e-30).log(), self.targets)
        return nn.functional.cross_entropy(logits, self.targets)

    def slope(self, weight: Tensor, direction: Tensor, step: float) -> float:
        """Return the numeric derivative of the loss along a direction."""
        with torch.no_grad():
            kept = weight.detach().clone()
            weight.copy_(kept + step * direction)
            above = float(self.loss())
            weight.copy_(kept - step * direction)
            below = float(self.loss())
            weight.copy_(kept)
        return (above - below) / (2 * step)


@check_of("N10", "gradients are derivatives", families=("backward", "registration"))
def gradients_are_derivatives(subject: ModelSubject) -> Outcome:
    """Move each weight tensor a little; the loss moves as its gradient says. In both modes, in float64."""
    if subject.declared("gradient") == "surrogate":
        return skipped("declared: gradient=surrogate")
    if not subject.takes_double:
        return skipped("it does not work in float64")
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    net = subject.precise(jitter=True)[0]
    noise = torch.randn(6, 1, 28, 28, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    probe = Probe(subject, net, subject.images(6).double() + 0.1 * noise, torch.tensor([3, 1, 4, 1, 5, 9]))
    named = [(name, one) for name, one in net.named_parameters() if one.requires_grad]
    if not named:
        return warned("no parameter asks for a gradient: nothing of it can be trained")
    trained = named[:: -(-len(named) // MOST)]
    if len(named) > 1 and named[0] not in trained:
        trained = [named[0], *trained]
    first = _compared(probe, trained, where="evaluation mode")
    if first is not None:
        return first
    with mode(net, training=True):
        if abs(float(probe.loss()) - float(probe.loss())) > 1e-12:
            return passed(
                f"{len(trained)} tensors in evaluation mode; training mode changes from call to call"
            )
        second = _compared(probe, trained[:: -(-len(trained) // 12)], where="training mode")
    return second or passed(f"{len(trained)} tensors, both modes")


def _compared(probe: Probe, named: Sequence[tuple[str, Tensor]], *, where: str) -> Outcome | None:
    weights = [one for _, one in named]
    try:
        gradients = torch.autograd.grad(probe.loss(), weights, allow_unused=True)
    except RuntimeError as error:
        if "does not require grad" not in str(error):
            raise
        return failed(
            "backward",
            expected="a loss that can be differentiated",
            seen=str(error)[:150],
            where="the logits",
            cause="The outputs are cut off from the weights: detach, no_grad, .data or numpy in forward.",
            certainty=0.95,
        )
    draws = torch.Generator().manual_seed(2)
    directions = [_direction(one, draws) for one in weights]
    told = [
        0.0 if slope is None else float((slope * direction).sum())
        for slope, direction in zip(gradients, directions, strict=True)
    ]
    seen = [probe.slope(one, way, STEP) for one, way in zip(weights, directions, strict=True)]
    floor = 1e-5 * max([*map(abs, told), *map(abs, seen), 1e-9])
    for (name, weight), way, slope, number, gradient in zip(
        named, directions, told, seen, gradients, strict=True
    ):
        if not _is_off(slope, number, floor):
            continue
        finer = probe.slope(weight, way, STEP / 10)
        other_way = _direction(weight, draws)
        again = 0.0 if gradient is None else float((gradient * other_way).sum())
        if (
            _is_off(number, finer, floor)
            or not _is_off(slope, finer, floor)
            or not _is_off(again, probe.slope(weight, other_way, STEP), floor)
        ):
            continue  # a kink lies between the two points
        return _off(name, slope, number, is_cut=gradient is None or not gradient.any(), where=where)
    return None


def _off(name: str, slope: float, number: float, *, is_cut: bool, where: str) -> Outcome:
    return failed(
        "backward",
        expected=f"a derivative of {number:.6g} along a random direction of {name}",
        seen="no gradient at all"
        if is_cut
        else f"{slope:.6g}: {slope / number if number else 0:.3g} times that",
        where=f"{name}, in {where}",
        cause="The weight changes the loss and gets no gradient: detach, no_grad or .data between them."
        if is_cut
        else "The gradient is not the derivative: part of it is detached, or a backward is wrong.",
        hint="Declare gradient=surrogate where that is meant.",
        certainty=0.93,
    )


def _direction(weight: Tensor, draws: torch.Generator) -> Tensor:
    way = torch.randn(weight.shape, generator=draws, dtype=torch.float64).to(weight.dtype)
    length = max(1.0, float(weight.detach().norm()))
    found: Tensor = way / way.norm().clamp(min=1e-12) * length
    return found


def _is_off(slope: float, number: float, floor: float) -> bool:
    return abs(slope - number) > OFF * max(abs(slope), abs(number)) + floor
