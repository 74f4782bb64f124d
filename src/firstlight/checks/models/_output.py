"""N1, N2: what comes out."""

from __future__ import annotations

import torch
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.models._subject import ModelSubject

__all__ = ["of_range", "really_logits", "shape_of_logits"]

COUNTS = (2, 1, 7, 64, 100)


@check_of("N1", "ten finite numbers an image", families=("shape", "numerical-stability"))
def shape_of_logits(subject: ModelSubject) -> Outcome:
    """Give it 1 to 100 images; it returns [n, 10], all finite, also of blank and of bright images."""
    net = subject.fresh()
    for count in COUNTS:
        try:
            found = subject.answers(net, subject.images(count))
        except Exception as error:
            cause = error.__cause__ or error
            return failed(
                "shape",
                expected=f"logits [{count}, 10] of images [{count}, 1, 28, 28]",
                seen=f"{type(cause).__name__}: {cause}"[:250],
                where=f"a batch of {count}",
                cause="The network does not take images [n, 1, 28, 28] for every n.",
                certainty=0.6,
            )
        if tuple(found.shape) != (count, 10):
            return failed(
                "shape",
                expected=f"[{count}, 10]",
                seen=f"{list(found.shape)}",
                where=f"a batch of {count}",
                cause=_cause_of(tuple(found.shape), count),
                certainty=0.9,
            )
    extreme = torch.stack(
        [torch.zeros(1, 28, 28), torch.full((1, 28, 28), -0.4242), torch.full((1, 28, 28), 2.82)]
    )
    for name, images in (("digits", subject.images(64)), ("blank and bright images", extreme)):
        found = subject.answers(net, images)
        if not torch.isfinite(found).all():
            row = int((~torch.isfinite(found)).any(dim=1).nonzero()[0])
            return failed(
                "numerical-stability",
                expected="finite logits",
                seen=f"{int((~torch.isfinite(found)).sum())} that are infinite or undefined",
                where=f"{name}: image {row}",
                cause="A division by zero, or a logarithm or exponential out of range.",
                certainty=0.8,
            )
    return passed(f"[n, 10] for n = {', '.join(map(str, sorted(COUNTS)))}")


def _cause_of(shape: tuple[int, ...], count: int) -> str:
    if count == 1 and shape == (10,):
        return "squeeze() takes away the batch axis where the batch has one image; name the axes to squeeze."
    if len(shape) == 2 and shape[0] == 10 and shape[1] == count:
        return "The axes of batch and classes are exchanged."
    if shape and shape[0] != count:
        return "The batch axis is lost or mixed with another one: look at view, reshape and flatten."
    return "The last layer does not give ten numbers an image."


@check_of("N2", "logits, not probabilities", families=("softmax", "forward"))
def really_logits(subject: ModelSubject) -> Outcome:
    """See whether a softmax, a sigmoid or a ReLU has been put on the logits."""
    if subject.declared("output") in ("probabilities", "scores"):
        return passed(f"declared: {subject.declared('output')}")
    net = subject.precise(jitter=True)[0]
    images = subject.images(200)
    found = torch.cat([_outputs(subject, net, scale * images) for scale in (1.0, 4.0)])
    if not torch.isfinite(found).all():
        return passed("not finite: see N1")
    sums = found.sum(dim=1)
    if (found >= 0).all() and ((sums - 1).abs() < 1e-3).all():
        return failed(
            "softmax",
            expected="logits: a cross-entropy takes the softmax itself",
            seen="all outputs are positive and add up to 1",
            where="the last layer",
            cause="A softmax is at the end of the network, so the loss takes it twice.",
            hint="Return the logits; or declare output=probabilities.",
            certainty=0.97,
        )
    if _is_over_batch(subject, net):
        return failed(
            "softmax",
            expected="logits of each image for itself",
            seen="each column adds up to 1 over the batch",
            where="the last layer",
            cause="A softmax over the batch (dim=0) is at the end of the network.",
            certainty=0.97,
        )
    if ((found.exp().sum(dim=1) - 1).abs() < 1e-3).all():
        return passed("log-probabilities", dialect="log-probabilities instead of logits")
    return of_range(found)


def _outputs(subject: ModelSubject, net: torch.nn.Module, images: Tensor) -> Tensor:
    dtype = torch.float64 if subject.takes_double else torch.float32
    return subject.answers(net, images.to(dtype)).double()


def _is_over_batch(subject: ModelSubject, net: torch.nn.Module) -> bool:
    found = _outputs(subject, net, subject.images(12))
    columns = [found.sum(dim=0), found.exp().sum(dim=0)]
    return any(bool(((one - 1).abs() < 1e-3).all()) for one in columns)


def of_range(found: Tensor) -> Outcome:
    """Say whether a ReLU, a sigmoid or a tanh has been put on logits ``[n, 10]``."""
    zeros = float((found == 0).double().mean())
    if (found >= 0).all() and zeros > 0.1:
        return failed(
            "forward",
            expected="logits of both signs",
            seen=f"none is negative, {zeros:.0%} are exactly 0",
            where="the last layer",
            cause="A ReLU is behind the last layer: it cuts off all negative logits and their gradients.",
            hint="End with the linear layer.",
            certainty=0.9,
        )
    lowest, highest = float(found.min()), float(found.max())
    for name, low, high in (("sigmoid", 0.0, 1.0), ("tanh", -1.0, 1.0)):
        is_inside = lowest >= low and highest <= high
        if is_inside and highest > high - 0.03 and lowest < low + 0.03:
            return failed(
                "forward",
                expected="logits of any size",
                seen=f"all between {low:g} and {high:g}, also for images four times as bright",
                where="the last layer",
                cause=f"A {name} is behind the last layer: no class can become surer than it allows.",
                hint="End with the linear layer; or declare output=scores.",
                certainty=0.85,
            )
    return passed(f"between {lowest:.3g} and {highest:.3g}")
