"""L6: the module knows its weights; L18: what it saves is all that it is."""

from __future__ import annotations

import copy
from collections import Counter

import numpy as np
import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._layer import Layer, seeded
from firstlight.checks.layers._subject import LayerSubject
from firstlight.checks.layers._tensors import Held

__all__ = ["registration", "saving"]


@check_of("L6", "weights are registered", families=("registration", "backward"))
def registration(subject: LayerSubject) -> Outcome:
    """Find every tensor that changes the output: it has to be a parameter or buffer, once, and to learn."""
    layer = subject.make()
    if not layer.is_module:
        return skipped("no nn.Module")
    for question in (_loose, _repeated, _constant):
        outcome = question(subject, layer)
        if outcome is not None and outcome.status == "fail":
            return outcome
    return passed(f"{len(layer.parameters())} parameters")


def _loose(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Look for tensors that the module does not know of, and that it uses."""
    loose = [one for one in layer.held() if one.role == "loose"]
    if not loose:
        return None
    other = {one.name: one for one in subject.make(seed=2, randomised=False).held()}
    first = {one.name: one for one in subject.make(seed=1, randomised=False).held()}
    for one in loose:
        is_learnt = isinstance(one.tensor, Tensor) and one.tensor.requires_grad and one.tensor.is_leaf
        is_drawn = one.name in other and one.name in first and not _equal(first[one.name], other[one.name])
        is_weight = is_learnt or (is_drawn and one.tensor.ndim >= 1)
        if is_weight and _matters(subject, layer, one):
            in_list = any(part.isdigit() for part in one.name.split("."))
            kind = "a plain list or dict" if in_list else "a plain attribute"
            cure = "nn.ModuleList" if in_list else "nn.Parameter"
            return failed(
                "registration",
                expected=f"{one.name} among the module's parameters",
                seen=f"it lies in {kind}, where no optimizer, no state_dict and no .to() finds it",
                where=one.name,
                cause=f"Weights in {kind} are not registered; keep them in {cure}.",
                certainty=0.95,
            )
    return None


def _equal(one: Held, other: Held) -> bool:
    mine, theirs_ = (
        np.asarray(held.tensor.detach() if isinstance(held.tensor, Tensor) else held.tensor)
        for held in (one, other)
    )
    return mine.shape == theirs_.shape and bool(np.array_equal(mine, theirs_, equal_nan=True))


def _matters(subject: LayerSubject, layer: Layer, one: Held, *, training: bool = False) -> bool:
    """Tell whether the output changes with a tensor."""
    layer.mode(training)
    x = subject.plan.draw(0)
    before = layer.again(x)
    old = np.array(layer.values()[one.name])
    layer.write({one.name: old * 1.7 + 0.9})
    try:
        after = layer.again(x)
    except TargetBroke:
        return False
    finally:
        layer.write({one.name: old})
    return after.shape != before.shape or not np.allclose(after, before, rtol=1e-6, atol=1e-9)


def _repeated(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Look for one layer that stands in a list more than once: it has one set of weights."""
    if subject.declared("shared") in ("true", "yes", "1"):
        return None
    for name, part in layer.owner.named_modules():
        if not isinstance(part, nn.ModuleList | nn.Sequential):
            continue
        inside = [
            one for one in part._modules.values() if one is not None and any(True for _ in one.parameters())
        ]
        times = Counter(id(one) for one in inside)
        if times and max(times.values()) > 1:
            return failed(
                "registration",
                expected=f"{len(inside)} layers with weights of their own",
                seen=f"{len(times)}: one layer stands there {max(times.values())} times",
                where=name or type(part).__name__,
                cause="The same layer object is repeated ([layer] * n): its weights are shared by mistake.",
                hint="Make a new layer for each place, or declare shared=true.",
                certainty=0.9,
            )
        shared = _shared_storage(inside)
        if shared:
            return failed(
                "registration",
                expected="layers with weights of their own",
                seen=f"{shared} is one tensor in several of them",
                where=name or type(part).__name__,
                cause="Layers of a list share one weight.",
                certainty=0.7,
            )
    return None


def _shared_storage(inside: list[nn.Module]) -> str | None:
    """Return the name of a weight that every layer of a list shares, where each is a layer of its own."""
    if len(inside) < 2 or len({type(one) for one in inside}) > 1:
        return None
    pointers = [
        {name: one.data_ptr() for name, one in part.named_parameters() if one.numel()} for part in inside
    ]
    common = set.intersection(*({*one} for one in pointers))
    same = [name for name in sorted(common) if len({one[name] for one in pointers}) == 1]
    return same[0] if same and len(same) == len(common) else None


def _constant(subject: LayerSubject, layer: Layer) -> Outcome | None:
    """Look for parameters on which the output depends and that get no gradient."""
    layer.mode(True)
    x = subject.plan.draw(0)
    own = layer.own_input(x)
    with layer.unchanged():
        seeded(5)
        out = layer.raw(own)
        if not isinstance(out, Tensor) or not out.requires_grad:
            return None
        parameters = [(name, one) for name, one in layer.parameters()][:40]
        if not parameters:
            return None
        weighting = torch.from_numpy(np.random.default_rng(3).standard_normal(tuple(out.shape)))
        grads = torch.autograd.grad(
            (out.double() * weighting).sum(), [one for _, one in parameters], allow_unused=True
        )
    roles = {one.name: one for one in layer.held()}
    for (name, _), grad in zip(parameters, grads, strict=True):
        if grad is None and _matters(subject, layer, roles[name]):
            return failed(
                "backward",
                expected=f"a gradient for {name}, on which the output depends",
                seen="none",
                where=name,
                cause=f"{name} is used through .data, detach, no_grad or a copy: it never learns.",
                certainty=0.86,
            )
        if grad is None and not _matters(subject, layer, roles[name], training=True):
            return failed(
                "registration",
                expected=f"an output that depends on {name}",
                seen="it does not, in training or evaluation",
                where=name,
                cause=f"{name} is made and never used in forward.",
                certainty=0.6,
            )
    return None


@check_of("L18", "saved and loaded again", families=("registration", "resume"))
def saving(subject: LayerSubject) -> Outcome:
    """Load the state of a used layer into a new one: outputs in evaluation are the same."""
    layer = subject.make()
    if not layer.is_module:
        return skipped("no nn.Module")
    if not subject.can_be_remade:
        return skipped("only a class can be made a second time")
    layer.mode(True)
    for seed in (1, 2):
        layer(subject.plan.draw(seed))
    layer.mode(False)
    x = subject.plan.draw(5)
    expected = layer.again(x)
    other = subject.make(seed=3, randomised=False)
    other.mode(False)
    try:
        other(x)  # lazy ones find out their shapes
        other.owner.load_state_dict(copy.deepcopy(layer.owner.state_dict()))
    except (TargetBroke, RuntimeError, NotImplementedError) as error:
        return _unloadable(str(error))
    after = other.mode(False).again(x)
    if after.shape == expected.shape and np.allclose(after, expected, rtol=1e-5, atol=1e-8, equal_nan=True):
        return passed("a new layer with the saved state gives the same")
    if not np.array_equal(layer.again(x, seed=1), layer.again(x, seed=2), equal_nan=True):
        return skipped("it draws in evaluation")
    lost = [one.name for one in layer.held() if one.role == "loose"]
    return failed(
        "registration",
        expected="the outputs of the layer that was saved",
        seen="others"
        + (f", by up to {np.abs(after - expected).max():.3g}" if after.shape == expected.shape else ""),
        where=", ".join(lost[:4]) or "state_dict",
        cause="What the layer has learnt or counted is not all in its state_dict: register it as a buffer.",
        certainty=0.8,
    )


def _unloadable(said: str) -> Outcome:
    return warned(f"its own state cannot be loaded: {said.splitlines()[0][:200]}")
