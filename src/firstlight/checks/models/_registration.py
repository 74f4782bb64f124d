"""N7, N8, N9: all that has weights is known to the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.models._subject import ModelSubject, mode

__all__ = ["all_registered", "saved_and_loaded", "shared_layers"]

DEPTH = 4


@check_of("N7", "all weights registered", families=("registration",))
def all_registered(subject: ModelSubject) -> Outcome:
    """Look for modules that are called, and tensors that matter, of which parameters() knows nothing."""
    net, images = subject.fresh(), subject.images(8)
    hidden = _hidden(net)
    for called in _called(subject, net, images):
        if any(called is known for known in net.modules()) or not list(called.parameters()):
            continue
        names = [name for name, thing in hidden if thing is called]
        return _unknown(names[0] if names else f"a {type(called).__name__} that forward calls")
    first = subject.answers(net, images)
    for name, thing in hidden:
        tensors = list(thing.parameters()) if isinstance(thing, nn.Module) else [thing]
        for tensor in tensors:
            if tensor.requires_grad and tensor.is_leaf and _matters(subject, net, images, first, tensor):
                return _unknown(name)
    return passed(f"{sum(1 for _ in net.parameters())} tensors, none hidden")


def _unknown(name: str) -> Outcome:
    return failed(
        "registration",
        expected="each weight that matters is among parameters()",
        seen=f"{name} has weights and is used, and parameters() does not know it",
        where=name,
        cause="It lies in a plain list or dict, or is no nn.Parameter: it is not trained, saved or moved.",
        hint="Use nn.ModuleList, nn.ModuleDict or nn.Parameter, and make it in __init__.",
        certainty=0.96,
    )


def _called(subject: ModelSubject, net: nn.Module, images: Tensor) -> list[nn.Module]:
    found: list[nn.Module] = []
    handle = nn.modules.module.register_module_forward_hook(lambda one, _i, _o: found.append(one))
    try:
        subject.answers(net, images)
    finally:
        handle.remove()
    return found


def _matters(subject: ModelSubject, net: nn.Module, images: Tensor, first: Tensor, tensor: Tensor) -> bool:
    with torch.no_grad():
        kept = tensor.detach().clone()
        tensor.add_(torch.randn(tensor.shape, generator=torch.Generator().manual_seed(3)))
        changed = not torch.equal(subject.answers(net, images), first)
        tensor.copy_(kept)
    return changed


def _hidden(net: nn.Module) -> list[tuple[str, Any]]:
    """Return modules and tensors that attributes hold and the network has not registered."""
    known = {id(one) for one in [*net.modules(), *net.parameters(), *net.buffers()]}
    found = []
    for owner, module in net.named_modules():
        for attribute, value in vars(module).items():
            if attribute.startswith(
                ("_parameters", "_buffers", "_modules", "_forward", "_backward", "_state")
            ):
                continue
            start = f"{owner}.{attribute}" if owner else attribute
            found += [(name, thing) for name, thing in _inside(value, start, DEPTH) if id(thing) not in known]
    return found


def _inside(value: Any, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, nn.Module | Tensor):
        yield name, value
    elif depth and isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _inside(one, f"{name}[{number}]", depth - 1)
    elif depth and isinstance(value, dict):
        for key, one in value.items():
            yield from _inside(one, f"{name}[{key!r}]", depth - 1)
    elif depth and hasattr(value, "__dict__") and not isinstance(value, type) and not callable(value):
        for key, one in vars(value).items():
            yield from _inside(one, f"{name}.{key}", depth - 1)


@check_of("N8", "saved and loaded", families=("registration",))
def saved_and_loaded(subject: ModelSubject) -> Outcome:
    """Load the state of one network, that has seen images, into another one; both answer alike."""
    if not subject.has_seeds:
        return skipped("an instance: there is no second one to load into")
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    one, other = subject.fresh(0), subject.fresh(1)
    images = subject.images(48)
    with mode(one, training=True):
        for part in torch.split(images, 16):
            subject.answers(one, part)
    try:
        other.load_state_dict(one.state_dict())
    except RuntimeError as error:
        return failed(
            "registration",
            expected="the state of one network fits another one of its class",
            seen=f"{error}"[:250],
            where="load_state_dict",
            cause="Two networks of the same arguments have different weights or names.",
            certainty=0.6,
        )
    seen, expected = subject.answers(other, images), subject.answers(one, images)
    difference = float((seen - expected).abs().max() / expected.abs().max().clamp(min=1e-12))
    if difference <= 1e-5:
        return passed("the same logits after loading")
    plain = [name for name, thing in _hidden(one) if isinstance(thing, Tensor)]
    return failed(
        "registration",
        expected="the same logits from a network that got the other's state_dict",
        seen=f"logits that differ by {difference:.2g} (relative)",
        where=plain[0] if plain else "state_dict",
        cause="Something that forward uses is drawn or changed and is not in state_dict.",
        hint="Make it an nn.Parameter, or register_buffer it.",
        certainty=0.9,
    )


@check_of("N9", "layers are there once", families=("registration",))
def shared_layers(subject: ModelSubject) -> Outcome:
    """Look for one layer that stands several times in a list of layers; count parameters if declared."""
    net = subject.fresh()
    count = sum(weight.numel() for weight in net.parameters())
    declared = subject.declared("parameters")
    if declared is not None and int(declared) != count:
        return failed(
            "registration",
            expected=f"{int(declared):,} numbers in parameters(), as declared",
            seen=f"{count:,}",
            where="parameters()",
            cause="A layer is missing, there too often, shared by mistake, or of another size.",
            certainty=0.8,
        )
    if subject.declared("shared") != "yes":
        for owner, module in net.named_modules():
            if isinstance(module, nn.Sequential | nn.ModuleList):
                places: dict[int, str] = {}
                for name, one in module._modules.items():
                    if one is None or not list(one.parameters()):
                        continue
                    if id(one) in places:
                        first = places[id(one)]
                        return failed(
                            "registration",
                            expected="layers with weights of their own",
                            seen=f"places {first} and {name} hold the very same {type(one).__name__}",
                            where=f"{owner + '.' if owner else ''}{name}",
                            cause="[layer] * n repeats one layer n times; it does not make n layers.",
                            hint="Write [make() for _ in range(n)]; or declare shared=yes.",
                            certainty=0.85,
                        )
                    places[id(one)] = name
    return passed(f"{count:,} numbers")
