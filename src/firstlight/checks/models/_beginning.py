"""N12: how it begins."""

from __future__ import annotations

import torch
from torch import nn

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.models._fitting import fit, loss_of
from firstlight.checks.models._subject import ModelSubject

__all__ = ["first_loss", "units_differ"]

EVEN = 2.302585  # ln 10: the loss of ten classes that are equally likely
TOO_LARGE = 25.0


@check_of("N12", "first loss", families=("initialisation",))
@needs_mnist
def first_loss(subject: ModelSubject) -> Outcome:
    """Hold the loss of the untrained network against ln 10."""
    if not subject.has_seeds:
        return skipped("an instance: it may be trained already")
    digits = training_digits(200)
    net = subject.fresh()
    logits = subject.answers(net, digits.pixels())
    loss = float(loss_of(subject, logits, digits.targets()))
    if loss > TOO_LARGE:
        large = max(
            ((float(one.detach().std()), name) for name, one in net.named_parameters() if one.dim() >= 2),
            default=(0.0, "the weights"),
        )
        return failed(
            "initialisation",
            expected=f"about ln 10 = {EVEN:.3f}; up to {TOO_LARGE:g} is let pass",
            seen=f"{loss:.4g}",
            where=f"{large[1]}: standard deviation {large[0]:.3g}",
            cause="The first weights are far too large for the number of inputs.",
            hint="Draw them with variance 1/inputs or 2/inputs.",
            certainty=0.85,
        )
    if not 1.8 <= loss <= 4:
        return warned(
            f"the untrained network's loss is {loss:.3f}",
            expected=f"about {EVEN:.3f}",
            hint="Its first weights may be too large, or it is not untrained.",
        )
    return passed(f"{loss:.3f}, ln 10 is {EVEN:.3f}")


@check_of("N13", "units differ", families=("initialisation",))
@needs_mnist
def units_differ(subject: ModelSubject) -> Outcome:
    """Train a few steps; units that began alike and stay alike are one unit."""
    if not subject.has_seeds:
        return skipped("an instance: it may be trained already")
    digits = training_digits(64)
    before = {name: one.detach().clone() for name, one in subject.fresh().named_parameters()}
    net = fit(subject, digits.pixels(), digits.targets(), steps=6, rate=1e-3, batch=32).net
    for name, weight in net.named_parameters():
        if weight.dim() < 2 or len(weight) < 3 or weight[0].numel() < 2 or name not in before:
            continue
        rows = weight.detach().flatten(1)
        has_moved = not torch.equal(weight.detach(), before[name])
        if has_moved and torch.allclose(rows, rows[:1].expand_as(rows), rtol=1e-4, atol=1e-7):
            return failed(
                "initialisation",
                expected="rows of weights that learn different things",
                seen=f"all {len(rows)} units of {name} have the same weights, also after 6 steps",
                where=name,
                cause="All of its weights begin with one value, so all units stay the same.",
                hint="Draw the first weights at random.",
                certainty=0.95,
            )
    return _alive(subject, net)


def _alive(subject: ModelSubject, net: nn.Module) -> Outcome:
    """Warn of ReLU layers most of whose units are zero for all images."""
    silent: dict[str, float] = {}
    hooks = [
        one.register_forward_hook(
            lambda _m, _i, out, name=name: silent.__setitem__(
                name, float((out.flatten(1) <= 0).all(dim=0).float().mean())
            )
        )
        for name, one in net.named_modules()
        if isinstance(one, nn.ReLU)
    ]
    subject.answers(net, subject.images(64))
    for hook in hooks:
        hook.remove()
    dead = [(share, name) for name, share in silent.items() if share > 0.6]
    if dead:
        share, name = max(dead)
        return warned(f"{share:.0%} of the units of {name} are zero for all of 64 digits", where=name)
    return passed("rows of weights differ")
