"""B1, B2 for networks: what it learns from 4,000 images."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import held_out_digits, needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._statistics import until_sure
from firstlight.checks.models._fitting import accuracy, fit, work
from firstlight.checks.models._references import reference_net
from firstlight.checks.models._subject import ModelSubject, mode, outputs, seeded

__all__ = ["as_good_as_reference", "learns_from_digits"]

BUDGET = 5e10  # multiplications of one training: some seconds of one core
RATES = (1e-3, 5e-3)
MARGIN = 0.03


def steps_within(subject: ModelSubject) -> int:
    """Return how many steps on batches of 64 the budget allows, up to two epochs of 4,000 images."""
    return min(125, int(BUDGET / (3 * 64 * max(work(subject), 1))))


@check_of(
    "N15",
    "learns from 4,000 images",
    families=("capacity", "running-statistics", "train-eval-mode"),
    instrument="control",
    is_quick=False,
    seconds=90,
)
@needs_mnist
def learns_from_digits(subject: ModelSubject) -> Outcome:
    """Train for two short epochs; it reads held-out digits far better than chance, in evaluation mode too."""
    steps = steps_within(subject)
    if steps < 20:
        return skipped("too large for a training of some seconds")
    digits, unseen = training_digits(4000), held_out_digits(1000)
    best = 0.0
    for rate in RATES:
        net = fit(subject, digits.pixels(), digits.targets(), steps=steps, rate=rate).net
        seen = accuracy(subject, net, unseen.pixels(), unseen.targets())
        with mode(net, training=True):
            in_training = accuracy(subject, net, unseen.pixels(), unseen.targets())
        if in_training > 0.8 and seen < 0.5 and not _catches_up(subject, net, digits.pixels(), unseen):
            return failed(
                "running-statistics",
                expected=f"about {in_training:.0%} in evaluation mode, as in training mode",
                seen=f"{seen:.0%}",
                where="held-out digits",
                cause="What evaluation mode uses in place of the batch's statistics is wrong.",
                certainty=0.7,
            )
        best = max(best, seen)
        if best >= 0.5 or steps < 125:
            break
    if best >= 0.5 or (steps < 125 and best >= 0.2):
        return passed(f"{best:.1%} of 1,000 held-out digits after {steps} steps")
    if steps < 125 or best >= 0.2:
        return warned(f"{best:.1%} of 1,000 held-out digits after {steps} steps of 64 images")
    # Whatever learns 32 images by heart (N14) may only be slow.
    return inconclusive(
        f"{best:.1%} of 1,000 held-out digits after {steps} steps of 64 images with two learning rates",
        hint="A linear map reads seven of eight. Look at its first weights and at what reaches the logits.",
    )


def _catches_up(subject: ModelSubject, net: nn.Module, images: Tensor, unseen: object) -> bool:
    """Show it more images without changing weights: slow running statistics have caught up then."""
    with mode(net, training=True):
        for some in torch.split(images, 64):
            subject.answers(net, some)
    return accuracy(subject, net, unseen.pixels(), unseen.targets()) > 0.6  # type: ignore[attr-defined]


@check_of(
    "N16",
    "as good as its reference",
    families=("capacity", "forward"),
    instrument="statistical",
    is_quick=False,
    seconds=120,
)
@needs_mnist
def as_good_as_reference(subject: ModelSubject) -> Outcome:
    """Train it and the reference on the same batches, seed after seed, until it is clear which is better."""
    made = reference_net(subject.given, 0)
    if made is None:
        return skipped("no reference: --like names one")
    steps = min(steps_within(subject), 125)
    if steps < 60:
        return skipped("too large for several trainings of some seconds")
    different = _differs_from_peer(subject, made)
    if different is not None:
        return different
    digits, unseen = training_digits(4000), held_out_digits(2000)

    def pair(number: int) -> float:
        values = []
        for net in (subject.fresh(number), reference_net(subject.given, number)):
            trained = fit(
                subject, digits.pixels(), digits.targets(), steps=steps, rate=1e-3, seed=number, net=net
            )
            values.append(accuracy(subject, trained.net, unseen.pixels(), unseen.targets()))
        return values[0] - values[1]

    found = until_sure(pair, margin=MARGIN, least=3, most=6, least_sd=0.004)
    if found.verdict == "fine":
        return passed(f"{100 * found.difference:+.2f} points", power=found.fields())
    if found.verdict == "open":
        return inconclusive(
            f"{100 * found.difference:+.2f} points in {found.pairs} pairs: too close to tell",
            power=found.fields(),
        )
    return failed(
        "capacity",
        expected=f"no more than {100 * MARGIN:g} points below {subject.given.like or 'its reference'}",
        seen=f"{100 * found.difference:+.2f} points in {found.pairs} pairs of trainings",
        where="4,000 images, 2,000 held-out ones",
        cause="It learns less than its reference from the same batches.",
        certainty=0.4,
    )


def _differs_from_peer(subject: ModelSubject, peer: nn.Module) -> Outcome | None:
    """Give both the same weights, where they fit one another, and hold the logits side by side."""
    if subject.given.peer is None:
        return None
    net = subject.fresh()
    mine, theirs = list(net.state_dict().values()), list(peer.state_dict().values())
    if [one.shape for one in mine] != [one.shape for one in theirs]:
        return None
    with torch.no_grad():
        for one, other in zip(mine, theirs, strict=True):
            one.copy_(other)
    images = subject.images(16)
    with torch.no_grad(), seeded(1):
        expected = outputs(peer.eval()(images))
    difference = float((subject.answers(net, images) - expected).abs().max() / expected.abs().max())
    if difference < 1e-3:
        return None
    return failed(
        "forward",
        expected="with the same weights, the logits of its reference",
        seen=f"they differ by {difference:.2g} (relative)",
        where="16 digits in evaluation mode",
        cause="Layers, their order or their options differ from the reference.",
        certainty=0.8,
    )
