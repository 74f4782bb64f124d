"""T1 for networks: it can learn 32 images by heart."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, warned
from firstlight.checks.models._fitting import Fit, accuracy, fit, loss_of, work
from firstlight.checks.models._output import of_range
from firstlight.checks.models._subject import ModelSubject

__all__ = ["learns_by_heart"]

RATES = (1e-3, 1e-2, 1e-4)
STEPS = 200
BUDGET = 2e10  # multiplications, as in learning from 4,000 images
FLOOR = 1.461150  # the loss of a softmax of a perfect softmax


@check_of(
    "N14",
    "learns 32 images by heart",
    families=("capacity", "softmax", "forward", "initialisation"),
    instrument="control",
    seconds=60,
)
@needs_mnist
def learns_by_heart(subject: ModelSubject) -> Outcome:
    """Train on 32 images, three from each class, with three learning rates until all are right."""
    digits = training_digits(32)
    images, targets = digits.pixels(), digits.targets()
    steps = max(40, min(STEPS, int(BUDGET / (3 * 32 * work(subject)))))
    best = 0.0
    for rate in RATES:
        found = fit(subject, images, targets, steps=steps, rate=rate, batch=32, until_fitted=True)
        if not found.losses:
            break
        best = max(best, *found.accuracies, accuracy(subject, found.net, images, targets))
        if best >= 31 / 32:
            return _output_of(subject, found, images, targets, rate)
    if best >= 0.8 or steps < STEPS:
        return warned(f"it learns {best:.0%} of 32 images by heart within {steps} steps", expected="all")
    if _vanishes(subject, images, targets):
        return inconclusive(
            f"{best:.0%} of 32 images by heart: gradients vanish on their way to the first layer",
            hint="Normalise between the layers, or take other activations or first weights.",
        )
    constant = [
        name
        for name, weight in subject.fresh().named_parameters()
        if weight.dim() >= 2 and weight.numel() > 1 and not weight.detach().std()
    ]
    return failed(
        "initialisation" if constant else "capacity",
        expected=f"all of 32 images right after at most {steps} steps of Adam",
        seen=f"{best:.0%} at best, with learning rates {', '.join(f'{rate:g}' for rate in RATES)}",
        where=constant[0] if constant else "training on 32 images",
        cause="All of its weights begin with one value." if constant else _cause(subject, images),
        certainty=0.45,
    )


def _vanishes(subject: ModelSubject, images: torch.Tensor, targets: torch.Tensor) -> bool:
    """Whether the first layer's gradient is far below the last one's: deep and slow, but not wrong."""
    net = subject.fresh()
    weights = [one for one in net.parameters() if one.requires_grad and one.dim() >= 2]
    loss = loss_of(subject, subject(net, images), targets)
    if len(weights) < 4 or not loss.requires_grad:
        return False
    slopes = torch.autograd.grad(loss, weights, allow_unused=True)
    if slopes[0] is None or slopes[-1] is None:
        return False
    return 0 < float(slopes[0].norm()) < 1e-3 * float(slopes[-1].norm())


def _cause(subject: ModelSubject, images: torch.Tensor) -> str:
    logits = subject.answers(subject.precise(jitter=True)[0].float(), images)
    if float(logits.std(dim=0).max()) < 1e-6 * float(logits.abs().max().clamp(min=1e-12)):
        return "Its logits do not depend on the image: what comes in is lost on the way."
    return "Gradients do not reach its weights, or what tells images apart is lost on the way."


def _output_of(
    subject: ModelSubject, found: Fit, images: torch.Tensor, targets: torch.Tensor, rate: float
) -> Outcome:
    """Look at the logits of a network that is sure of itself: a second softmax or a bound shows now."""
    more = fit(subject, images, targets, steps=60, rate=rate, batch=32, net=found.net)
    logits = subject.answers(more.net, images).double()
    spread = logits.max(dim=1).values - logits.min(dim=1).values
    loss = float(loss_of(subject, logits, targets))
    is_declared = subject.declared("output") in ("probabilities", "scores")
    if (
        not is_declared
        and float(spread.max()) <= 1 + 1e-6
        and float(spread.max()) > 0.97
        and loss > FLOOR - 1e-3
    ):
        return failed(
            "softmax",
            expected="a loss that goes to 0 on 32 images known by heart",
            seen=f"{loss:.4f}; it cannot come below {FLOOR:.4f}",
            where="the last layer",
            cause="Two softmaxes follow each other: logits of one image never differ by more than 1.",
            certainty=0.9,
        )
    is_log = bool(((logits.exp().sum(dim=1) - 1).abs() < 1e-3).all())
    outcome = of_range(logits) if not is_declared and not is_log else None
    if outcome is not None and outcome.status == "fail":
        return outcome
    return passed(f"all right after {len(found.losses)} steps at rate {rate:g}; loss {loss:.3g}")
