"""Train a network for a few steps, with an Adam of our own."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from firstlight.checks.models._subject import ModelSubject, mode, seeded

__all__ = ["Fit", "accuracy", "fit", "loss_of", "work"]


@dataclass(frozen=True)
class Fit:
    """What a training came to.

    Attributes
    ----------
    net
        The trained network, in evaluation mode.
    losses, accuracies
        Of each step, on that step's batch, in training mode.
    """

    net: nn.Module
    losses: tuple[float, ...]
    accuracies: tuple[float, ...]


def fit(
    subject: ModelSubject,
    images: Tensor,
    targets: Tensor,
    *,
    steps: int,
    rate: float,
    batch: int = 64,
    seed: int = 0,
    until_fitted: bool = False,
    net: nn.Module | None = None,
) -> Fit:
    """Train a fresh network by Adam (Kingma and Ba 2015) on batches drawn without replacement.

    Parameters
    ----------
    until_fitted
        Stop after ten steps in a row on which all of the batch was right.
    net
        Another network than the target's, such as a reference.
    """
    net = subject.fresh(seed) if net is None else net
    weights = [one for one in net.parameters() if one.requires_grad]
    first = [torch.zeros_like(one) for one in weights]
    second = [torch.zeros_like(one) for one in weights]
    losses: list[float] = []
    accuracies: list[float] = []
    order = torch.Generator().manual_seed(seed)
    queue = torch.arange(0)
    with mode(net, training=True), seeded(seed + 100):
        for step in range(1, steps + 1):
            if len(queue) < min(batch, len(targets)):
                queue = torch.randperm(len(targets), generator=order)
            chosen, queue = queue[:batch], queue[batch:]
            logits = subject(net, images[chosen])
            loss = loss_of(subject, logits, targets[chosen])
            if not loss.requires_grad:
                break
            slopes = torch.autograd.grad(loss, weights, allow_unused=True)
            with torch.no_grad():
                for one, slope, m, v in zip(weights, slopes, first, second, strict=True):
                    if slope is None:
                        continue
                    m.lerp_(slope, 0.1)
                    v.mul_(0.999).addcmul_(slope, slope, value=0.001)
                    scale = (v / (1 - 0.999**step)).sqrt_().add_(1e-8)
                    one.addcdiv_(m / (1 - 0.9**step), scale, value=-rate)
            losses.append(float(loss))
            accuracies.append(float((logits.argmax(dim=1) == targets[chosen]).float().mean()))
            if until_fitted and len(accuracies) >= 10 and min(accuracies[-10:]) == 1:
                break
    return Fit(net, tuple(losses), tuple(accuracies))


def loss_of(subject: ModelSubject, logits: Tensor, targets: Tensor) -> Tensor:
    """Return the cross-entropy of what the network gives, as it is declared."""
    if subject.declared("output") == "probabilities":
        return nn.functional.nll_loss(logits.clamp(min=1e-12).log(), targets)
    return nn.functional.cross_entropy(logits, targets)


def accuracy(subject: ModelSubject, net: nn.Module, images: Tensor, targets: Tensor) -> float:
    """Return the accuracy in the mode in which the network is."""
    right: int = sum(
        int((subject.answers(net, some).argmax(dim=1) == truth).sum())
        for some, truth in zip(torch.split(images, 250), torch.split(targets, 250), strict=True)
    )
    return right / len(targets)


def work(subject: ModelSubject) -> int:
    """Return about how many multiplications one image takes: it decides how long a training may be."""
    net, total = subject.fresh(), 0

    def add(module: nn.Module, _given: object, out: object) -> None:
        nonlocal total
        weight = getattr(module, "weight", None)
        if isinstance(weight, Tensor) and weight.dim() >= 2 and isinstance(out, Tensor):
            is_conv = weight.dim() > 2 and out.dim() == weight.dim()
            places = out[0].numel() // weight.shape[0] if is_conv else max(1, out[0].numel() // out.shape[-1])
            total += weight.numel() * places

    handle = nn.modules.module.register_module_forward_hook(add)
    try:
        subject.answers(net, subject.images(2))
    finally:
        handle.remove()
    # What is no layer of torch's is not seen: weights used at least once are its least work.
    return max(total, sum(one.numel() for one in net.parameters()))
