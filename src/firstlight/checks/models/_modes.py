"""N5, N6: evaluation mode is still, training mode keeps statistics."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.models._subject import ModelSubject, mode

__all__ = ["running_statistics", "still_in_evaluation"]


@check_of("N5", "evaluation mode changes nothing", families=("train-eval-mode", "registration"))
def still_in_evaluation(subject: ModelSubject) -> Outcome:
    """Call it twice in evaluation mode, and again after other images."""
    net, images = subject.fresh(), subject.images(16)
    if not subject.is_steady and subject.declared("random") != "yes":
        return _random(subject, net, images)
    before = {name: value.clone() for name, value in net.named_buffers()}
    first = subject.answers(net, images)
    for number in range(3):
        subject.answers(net, (2 + number) * subject.images(40)[16:])
    changed = [
        name
        for name, value in net.named_buffers()
        if name in before and value.shape == before[name].shape and not torch.equal(value, before[name])
    ]
    if subject.is_steady and not torch.equal(subject.answers(net, images), first):
        return failed(
            "train-eval-mode",
            expected="the same logits before and after other images were seen in evaluation mode",
            seen=f"they changed{', and so did ' + changed[0] if changed else ''}",
            where=changed[0] if changed else "the whole network",
            cause="Running statistics, or another state, are updated in evaluation mode too.",
            hint="Update them only if self.training.",
            certainty=0.9,
        )
    if changed:
        return warned(f"evaluation mode changes {changed[0]}", where=changed[0])
    left = [name for name, one in net.named_modules() if one.training]
    if left:
        return warned(f"eval() leaves {left[0] or 'the network'} in training mode", where=left[0])
    return passed("twice the same logits; no buffer changed")


def _random(subject: ModelSubject, net: nn.Module, images: Tensor) -> Outcome:
    """Say which module gives random answers, and whether the network knows it."""
    traces = []
    for seed in (1, 2):
        trace: list[tuple[Any, Tensor, Tensor]] = []

        def keep(module: nn.Module, given: Any, out: Any, trace: list[Any] = trace) -> None:
            if given and isinstance(given[0], Tensor) and isinstance(out, Tensor):
                trace.append((module, given[0].detach().clone(), out.detach().clone()))

        handle = nn.modules.module.register_module_forward_hook(keep)
        try:
            subject.answers(net, images, seed=seed)
        finally:
            handle.remove()
        traces.append(trace)
    known = {id(one): name for name, one in net.named_modules()}
    for (module, given, out), (_, given_too, out_too) in zip(*traces, strict=False):
        if given.shape == given_too.shape and torch.equal(given, given_too) and not torch.equal(out, out_too):
            kind = type(module).__name__
            if id(module) not in known:
                has_weights = any(True for _ in module.parameters())
                return failed(
                    "registration",
                    expected="the same logits twice in evaluation mode",
                    seen=f"a {kind} that is no part of the network gives other answers each time",
                    where=kind,
                    cause="It is made anew in each call of forward."
                    if has_weights
                    else "It lies in a plain list or dict, so eval() does not reach it.",
                    hint="Make it in __init__ and keep it in an attribute or a ModuleList.",
                    certainty=0.95,
                )
            return failed(
                "train-eval-mode",
                expected="the same logits twice in evaluation mode",
                seen=f"{known[id(module)] or kind} gives other answers each time",
                where=f"{known[id(module)] or 'forward'} ({kind})",
                cause="Dropout, or another random operation, is active in evaluation mode.",
                hint="Give F.dropout training=self.training, or take nn.Dropout.",
                certainty=0.93,
            )
    return failed(
        "train-eval-mode",
        expected="the same logits twice in evaluation mode",
        seen="other logits each time",
        where="forward",
        cause="Dropout, or another random operation, is active in evaluation mode.",
        hint="Give F.dropout training=self.training; declare random=yes where it is meant.",
        certainty=0.85,
    )


@check_of("N6", "running statistics", families=("running-statistics",))
def running_statistics(subject: ModelSubject) -> Outcome:
    """Where training mode uses statistics of the batch, evaluation mode has to learn them."""
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    net, dtype = subject.precise()
    images = subject.images(96).to(dtype)
    batch, others = images[:64], images[64:]
    with mode(net, training=True):
        first = subject.answers(net, batch)
        mixed = subject.answers(net, torch.cat([batch[:32], 3 * others]))
    if _far(first[:32], mixed[:32]) < 1e-4:
        return passed("training mode uses no statistics of the batch")
    if _is_mixed_in_evaluation(subject, net, batch, others):
        return skipped("evaluation mode uses the batch too: see N3")
    net = subject.precise()[0]
    before = subject.answers(net, batch)
    states = [_numbers(net)]
    for _ in range(2):
        with mode(net, training=True):
            in_training = subject.answers(net, batch)
        states.append(_numbers(net))
    if torch.equal(subject.answers(net, batch), before):
        return failed(
            "running-statistics",
            expected="evaluation mode to change as training mode sees images",
            seen="the same logits before and after; no running statistic has an effect",
            where=_first_norm(net),
            cause="Running mean and variance are never updated, or evaluation mode does not use them.",
            certainty=0.9,
        )
    return _at_the_limit(subject, net, batch, in_training, states)


def _at_the_limit(
    subject: ModelSubject,
    net: nn.Module,
    batch: Tensor,
    in_training: Tensor,
    states: list[dict[str, Tensor]],
) -> Outcome:
    """Of one batch seen for ever, running statistics are that batch's: then both modes agree."""
    with torch.no_grad():
        for name, value in net.named_buffers():
            if name in states[0] and value.shape == states[0][name].shape:
                value.copy_(_limit(*(state[name] for state in states)))
    distance = _far(subject.answers(net, batch), in_training)
    with mode(net, training=True):
        is_random = _far(subject.answers(net, batch, seed=1), subject.answers(net, batch, seed=2)) > 1e-4
    if is_random or distance < 0.25:
        return passed(f"evaluation mode comes to within {distance:.2g} of training mode")
    return failed(
        "running-statistics",
        expected="after many steps on one batch, evaluation mode gives what training mode gives",
        seen=f"logits are {distance:.2g} (relative) away from it",
        where=_first_norm(net),
        cause="Running mean or variance do not run towards those of the batches: square, axes or momentum.",
        certainty=0.75,
    )


def _limit(first: Tensor, second: Tensor, third: Tensor) -> Tensor:
    """Return where a geometric sequence ends, element by element (Aitken's delta-squared)."""
    if not third.is_floating_point():
        return third
    bend = first + third - 2 * second
    has_bend = bend.abs() > 1e-9 * (first.abs() + third.abs() + 1e-12)
    return torch.where(has_bend, first - (second - first) ** 2 / torch.where(has_bend, bend, 1.0), third)


def _is_mixed_in_evaluation(subject: ModelSubject, net: nn.Module, batch: Tensor, others: Tensor) -> bool:
    first, mixed = subject.answers(net, batch), subject.answers(net, torch.cat([batch[:32], 3 * others]))
    return _far(first[:32], mixed[:32]) > 1e-4


def _numbers(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in net.named_buffers()}


def _first_norm(net: nn.Module) -> str:
    names = [name for name, one in net.named_modules() if "norm" in type(one).__name__.lower()]
    return names[0] if names else "the network's buffers"


def _far(one: Tensor, other: Tensor) -> float:
    """Return the distance of two batches of logits, relative to their spread."""
    spread = other.std().clamp(min=1e-12)
    return float((one - other).abs().mean() / spread)
