"""L11, L12, L13, L14: what normalisation, convolution, attention and pooling do to chosen inputs."""

from __future__ import annotations

import numpy as np
from torch import nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._layer import Array, Layer
from firstlight.checks.layers._subject import LayerSubject

__all__ = [
    "attention_looks_back",
    "convolution_is_linear",
    "normalisation_is_invariant",
    "pooling_and_residual",
]

PER_SAMPLE = ("layernorm", "groupnorm", "instancenorm", "rmsnorm")
LINEAR = (
    "linear",
    "conv1d",
    "conv2d",
    "depthwise-conv2d",
    "conv-transpose2d",
    "avgpool",
    "global-avgpool",
    "flatten",
    "upsample",
)
DECLARED = {
    "layer": "layernorm",
    "group": "groupnorm",
    "instance": "instancenorm",
    "rms": "rmsnorm",
    "batch": "batchnorm",
}


def _name(subject: LayerSubject) -> str:
    """Return the reference's name, or that of the declared normalisation."""
    if subject.reference is not None:
        return subject.reference.name
    declared = subject.declared("norm") or ""
    return DECLARED.get(declared.removesuffix("norm"), "")


def _size(y: Array) -> float:
    return max(float(np.abs(y).max()), 1e-12) if y.size else 1.0


@check_of("L11", "normalisation is invariant", families=("forward", "batch-mixing", "epsilon"))
def normalisation_is_invariant(subject: LayerSubject) -> Outcome:
    """Scale and shift a large input: each sample's normalised output is the same."""
    name = _name(subject)
    is_batch = name.startswith("batchnorm")
    if not is_batch and name not in PER_SAMPLE:
        return skipped("no normalisation")
    layer = subject.make().mode(is_batch)
    x = np.random.default_rng(31).standard_normal(subject.plan.shape) * 200.0
    if not subject.is_double:
        x /= 10
    shift = 0.0 if name == "rmsnorm" else 150.0 if subject.is_double else 10.0
    y, moved = layer.again(x), layer.again(3.0 * x + shift)
    tolerance = 1e-3 if "eps" not in subject.known or float(subject.known.values["eps"]) <= 1e-2 else 5e-2
    gap = float(np.abs(y - moved).max()) / _size(y)
    if y.shape == moved.shape and gap <= tolerance:
        return passed("the same for x and 3 x" + (" + c" if shift else ""))
    return failed(
        "forward",
        expected="the same output for x and 3 x" + (" + c" if shift else ""),
        seen=f"outputs differ by {gap:.2g} of the largest",
        where="in training" if is_batch else "in evaluation",
        cause="The output depends on its input's scale or level: something is not divided or subtracted.",
        certainty=0.45,
    )


@check_of("L12", "linear, shifted, sized", families=("forward", "shape"))
def convolution_is_linear(subject: LayerSubject) -> Outcome:
    """Add two inputs: the outputs add up. Shift an image by the stride: the inside of the output shifts."""
    name = _name(subject)
    if name not in LINEAR:
        return skipped("no linear layer")
    layer = subject.make().mode(False)
    first, second = subject.plan.draw(31), subject.plan.draw(32)
    zero = layer.again(np.zeros_like(first))
    gap = float(np.abs(layer.again(first + second) - layer.again(first) - layer.again(second) + zero).max())
    if gap > (1e-8 if subject.is_double else 1e-3) * _size(layer.again(first + second)):
        return failed(
            "forward",
            expected="f(x + y) - f(0) = f(x) - f(0) + f(y) - f(0)",
            seen=f"off by {gap:.3g}",
            where="in evaluation",
            cause="The layer is not linear in its input: it clips, normalises or activates.",
            certainty=0.5,
        )
    return passed("outputs add up")


@check_of("L13", "attention", families=("softmax", "forward", "batch-mixing"))
def attention_looks_back(subject: LayerSubject) -> Outcome:
    """Give equal steps: weights that sum to 1 leave them alone. Change a later step: earlier outputs stay."""
    if subject.reference is None or subject.reference.name != "attention":
        is_causal = subject.declared("causal") in ("true", "yes", "1")
        if not is_causal:
            return skipped("no attention")
    layer = subject.make().mode(False)
    x = subject.plan.draw(31)
    if x.ndim != 3:
        return skipped("its input is no sequence")
    y = layer.again(x)
    axis = _step_axis(subject)
    if y.ndim != 3 or y.shape[axis] != x.shape[axis]:
        return skipped("it gives no output for each step")
    outcome = _equal_steps(subject, layer, x, axis)
    if outcome is not None:
        return outcome
    causal = subject.known.values.get("causal") if subject.reference is not None else True
    if "causal" in subject.given.declares:
        causal = subject.declared("causal") in ("true", "yes", "1")
    outcome = _back_only(subject, layer, x, y, axis) if causal else None
    return outcome or passed("weights sum to 1" + (", no step sees later ones" if causal else ""))


def _step_axis(subject: LayerSubject) -> int:
    if subject.reference is not None:
        best = subject.in_evaluation
        if best.agrees:
            return 1 if best.best.options.get("is_batch_first", True) else 0
    return 1 - subject.plan.row_axis


def _equal_steps(subject: LayerSubject, layer: Layer, x: Array, axis: int) -> Outcome | None:
    first = np.take(x, [0], axis)
    same = np.repeat(first, x.shape[axis], axis)
    try:
        out, alone = layer.again(same), layer.again(np.repeat(first, 2, axis))
    except TargetBroke:
        return None
    gap = float(np.abs(out - np.take(out, [0], axis)).max())
    less = float(np.abs(np.take(out, [0], axis) - np.take(alone, [0], axis)).max())
    tolerance = (1e-7 if subject.is_double else 1e-3) * _size(out)
    if (gap <= tolerance and less <= tolerance) or subject.reference is None:
        return None
    return failed(
        "softmax",
        expected="equal steps give equal outputs, however many there are",
        seen=f"outputs differ by {max(gap, less):.3g}",
        where="a sequence of one step repeated",
        cause="Weights do not sum to 1 over the keys: another axis, or a mask after the softmax.",
        certainty=0.6,
    )


def _back_only(subject: LayerSubject, layer: Layer, x: Array, y: Array, axis: int) -> Outcome | None:
    steps = x.shape[axis]
    tolerance = (1e-9 if subject.is_double else 1e-4) * _size(y)
    for step in range(1, steps):
        other = np.moveaxis(x.copy(), axis, 0)
        other[step] += 1.0
        gap = np.abs(np.moveaxis(layer.again(np.moveaxis(other, 0, axis)) - y, axis, 0))
        if gap[:step].max() > tolerance:
            return failed(
                "forward",
                expected=f"outputs 0 to {step - 1} as before when step {step} is changed",
                seen=f"they change by up to {float(gap[:step].max()):.3g}",
                where=f"step {step}",
                cause="A step sees later ones: the causal mask is missing, off by one, or upside down.",
                certainty=0.88,
            )
        if gap[step].max() <= tolerance:
            return failed(
                "forward",
                expected=f"output {step} changes when step {step} is changed",
                seen="it does not",
                where=f"step {step}",
                cause="A step does not see itself: the causal mask is off by one.",
                certainty=0.88,
            )
    return None


@check_of("L14", "pooling and residual", families=("forward", "shape"))
def pooling_and_residual(subject: LayerSubject) -> Outcome:
    """Pool a constant image: it stays constant. Silence a residual's branch: its input comes through."""
    name = _name(subject)
    if name in ("maxpool", "avgpool", "global-avgpool"):
        return _pooled(subject, name)
    if name == "residual":
        return _silent(subject)
    return skipped("no pooling, no residual")


def _pooled(subject: LayerSubject, name: str) -> Outcome:
    layer = subject.make().mode(False)
    x = subject.plan.draw(31)
    y = layer.again(x)
    if name == "maxpool":
        constant = layer.again(np.full(x.shape, -3.0))
        if not np.allclose(constant, -3.0):
            return failed(
                "forward",
                expected="-3 everywhere for an image of -3",
                seen=f"{float(constant.max()):g} too",
                where="in evaluation",
                cause="The image is padded with zeros, which win over negative values.",
                certainty=0.9,
            )
        if float(np.abs(layer.again(x + 2.0) - y - 2.0).max()) > 1e-4:
            return failed(
                "forward",
                expected="max(x + 2) = max(x) + 2",
                seen="another number",
                where="in evaluation",
                cause="What is taken of a window is not its maximum.",
                certainty=0.6,
            )
    middle = layer.again(np.full(x.shape, 2.0))
    if not np.isclose(middle, 2.0).any():
        return failed(
            "forward",
            expected="2 somewhere for an image of 2",
            seen=f"{float(middle.max()):g} at most",
            where="in evaluation",
            cause="Windows are not averaged: they are summed, or divided by another count.",
            certainty=0.6,
        )
    return passed("a constant image stays so")


def _silent(subject: LayerSubject) -> Outcome:
    layer = subject.make(randomised=False).mode(False)
    x = subject.plan.draw(31)
    if not layer.is_module or not layer.parameters():
        return skipped("it has no branch to silence")
    norms = {
        f"{path}.{name}" if path else name
        for path, part in layer.owner.named_modules()
        for name, _ in part.named_parameters(recurse=False)
        if isinstance(part, nn.LayerNorm | nn.GroupNorm | nn.modules.batchnorm._BatchNorm)
        or "norm" in type(part).__name__.lower()
    }
    silent = {name: np.zeros(tuple(one.shape)) for name, one in layer.parameters() if name not in norms}
    layer.write(silent)
    y = layer.again(x)
    if y.shape != x.shape:
        return skipped("its output has another shape than its input")
    tolerance = 1e-4 if subject.is_double else 1e-3
    rectified = np.maximum(x, 0)
    for known in (x, rectified, *_normalised(x)):
        if float(np.abs(y - known).max()) <= tolerance * _size(known):
            return passed("with a silent branch the input comes through")
    causes = {
        "The residual is not added: nothing of the input comes through.": np.zeros_like(x),
        "The input is added twice.": 2 * x,
        "The input is added twice. ": 2 * rectified,
        "The input is subtracted, not added.": -x,
        "The input is subtracted, not added. ": np.maximum(-x, 0),
        "The sum is halved.": 0.5 * x,
    }
    for cause, known in causes.items():
        if float(np.abs(y - known).max()) <= tolerance * _size(x):
            return failed(
                "forward",
                expected="the input itself when the branch is silent",
                seen=f"output[0] is {y.flat[0]:.5g} for an input of {x.flat[0]:.5g}",
                where="branch silenced",
                cause=cause.strip(),
                certainty=0.9,
            )
    return skipped("its branch cannot be silenced by its weights alone")


def _normalised(x: Array) -> list[Array]:
    """Return what a normalisation after the sum makes of the input."""
    over = [(x - x.mean(axis, keepdims=True)) / (x.std(axis, keepdims=True) + 1e-9) for axis in (-1, 1)]
    return [*over, *(np.maximum(one, 0) for one in over)]
