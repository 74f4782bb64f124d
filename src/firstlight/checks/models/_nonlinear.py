"""N11: a network of several layers is more than one linear map."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.models._subject import ModelSubject

__all__ = ["not_affine"]


@check_of("N11", "more than one linear map", families=("capacity",))
def not_affine(subject: ModelSubject) -> Outcome:
    """Ask it about the mean of two images; a linear map gives the mean of their logits."""
    net, dtype = subject.precise(jitter=True)
    layers = sum(1 for weight in net.parameters() if weight.dim() >= 2)
    if subject.declared("linear") == "yes" or layers < 2:
        return skipped("one linear layer" if layers < 2 else "declared: linear=yes")
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    images = 3 * subject.images(16).to(dtype)
    noise = torch.randn(16, 1, 28, 28, generator=torch.Generator().manual_seed(4)).to(dtype)
    one, other = images, 2 * noise
    mean = subject.answers(net, (one + other) / 2)
    between = (subject.answers(net, one) + subject.answers(net, other)) / 2
    # log_softmax adds a number of its own to each row: it is no layer that could make a net more than linear.
    mean, between = (found - found.mean(dim=1, keepdim=True) for found in (mean, between))
    scale = between.abs().max().clamp(min=1e-12)
    difference = float((mean - between).abs().max() / scale)
    # Rounding alone bends a linear map by less than the first number, weak activations by more.
    rounding, weak = (1e-12, 1e-8) if dtype == torch.float64 else (1e-6, 1e-4)
    if difference > weak:
        return passed(f"bent by {difference:.2g}")
    if difference > rounding:
        return warned(f"bent by {difference:.2g} only: its activations hardly count")
    return failed(
        "capacity",
        expected="f((x + y) / 2) to differ from (f(x) + f(y)) / 2",
        seen=f"they agree to {difference:.1g}: {layers} layers make one linear map",
        where="between the layers",
        cause="The activations between the layers are missing, or are made and not called.",
        hint="Call a non-linear function after each hidden layer; or declare linear=yes.",
        certainty=0.95,
    )
