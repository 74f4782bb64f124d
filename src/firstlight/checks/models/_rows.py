"""N3, N4: each image for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.models._subject import ModelSubject, mode

__all__ = ["order_and_number", "rows_apart"]

ROWS = 12


@check_of("N3", "images do not influence each other", families=("batch-mixing", "train-eval-mode", "softmax"))
def rows_apart(subject: ModelSubject) -> Outcome:
    """Exchange the other images of a batch; the logits of those that stay do not change."""
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    net, dtype = subject.precise(jitter=True)
    images = subject.images(3 * ROWS).to(dtype)
    first = subject.answers(net, images[:ROWS])
    for what, others in (
        ("other digits", images[ROWS : 2 * ROWS]),
        ("brighter digits", 5 * images[2 * ROWS :]),
        ("blank images", torch.zeros_like(images[:ROWS])),
    ):
        half = ROWS // 2
        mixed = torch.cat([images[:half], others[half:]])
        difference = _difference(subject.answers(net, mixed)[:half], first[:half])
        if difference > _tolerance(dtype):
            return _mixing(subject, net, images[:ROWS], first, what=what, difference=difference)
    return passed("logits stay bit for bit or to rounding")


def _mixing(
    subject: ModelSubject, net: nn.Module, images: Tensor, first: Tensor, *, what: str, difference: float
) -> Outcome:
    with mode(net, training=True):
        in_training = subject.answers(net, images)
    is_same = in_training.shape == first.shape and _difference(in_training, first) < 1e-6
    place = _first_mixing(subject, net, images)
    kind = type(dict(net.named_modules()).get(place, net)).__name__.lower()
    said = {
        "expected": "the same logits whatever else is in the batch, in evaluation mode",
        "seen": f"they change by {difference:.2g} (relative) with {what} beside them",
    }
    if is_same and "norm" in kind and not any(word in kind for word in ("layer", "group", "instance")):
        return failed(
            "train-eval-mode",
            **said,
            where=f"image 0 of {ROWS}; {place}",
            cause="Evaluation mode normalises with mean and variance of the batch, as training mode does.",
            hint="Keep running statistics in training and use them in evaluation.",
            certainty=0.85,
        )
    return failed(
        "batch-mixing",
        **said,
        where=f"image 0 of {ROWS}; first seen at or before {place or 'the end'}",
        cause="An operation runs over the batch axis: look at view, reshape, transpose, softmax and mean.",
        certainty=0.9,
    )


def _first_mixing(subject: ModelSubject, net: nn.Module, images: Tensor) -> str:
    """Return the first module whose outputs for the first images depend on the others; else ""."""
    half = len(images) // 2
    traces = [
        _trace(subject, net, batch)
        for batch in (images, torch.cat([images[:half], images[half:].flip(0) * 3]))
    ]
    for name, out in traces[0].items():
        other = traces[1].get(name)
        if other is None or other.shape != out.shape or len(out) != len(images):
            return name
        if _difference(other[:half], out[:half]) > _tolerance(out.dtype):
            return name
    return ""


def _trace(subject: ModelSubject, net: nn.Module, batch: Tensor) -> dict[str, Tensor]:
    trace: dict[str, Tensor] = {}

    def keeper(name: str) -> Callable[[nn.Module, Any, Any], None]:
        return lambda _module, _given, out: trace.update({name: out} if isinstance(out, Tensor) else {})

    hooks = [one.register_forward_hook(keeper(name)) for name, one in net.named_modules() if name]
    subject.answers(net, batch)
    for hook in hooks:
        hook.remove()
    return trace


@check_of("N4", "order and number of images", families=("batch-mixing", "order"))
def order_and_number(subject: ModelSubject) -> Outcome:
    """Reverse a batch, and take its beginning: the logits do as the images do."""
    if not subject.is_steady:
        return skipped("its answers differ from call to call: see N5")
    net, dtype = subject.precise(jitter=True)
    images = subject.images(64).to(dtype)
    first = subject.answers(net, images)
    cases = {
        "reversed": (subject.answers(net, images.flip(0)), first.flip(0)),
        "its first image alone": (subject.answers(net, images[:1]), first[:1]),
        "its first 7 images": (subject.answers(net, images[:7]), first[:7]),
    }
    for name, (seen, expected) in cases.items():
        if seen.shape != expected.shape:
            return skipped("shapes differ: see N1")
        difference = _difference(seen, expected)
        if difference > _tolerance(dtype):
            is_order = name == "reversed" and _is_permuted(seen, expected)
            return failed(
                "order" if is_order else "batch-mixing",
                expected=f"the logits of the batch, {name}",
                seen=f"they differ by {difference:.2g} (relative)",
                where=f"a batch of 64, {name}",
                cause="The answer for an image depends on its place in the batch or on the batch's size.",
                certainty=0.6,
            )
    return passed("reversed, 1 and 7 of 64 images")


def _is_permuted(seen: Tensor, expected: Tensor) -> bool:
    return bool(torch.allclose(seen.sum(dim=0), expected.sum(dim=0), rtol=1e-4))


def _difference(seen: Tensor, expected: Tensor) -> float:
    scale = expected.abs().max().clamp(min=1e-12)
    difference = (seen - expected).abs().max() / scale
    return float(difference) if torch.isfinite(difference) else float("inf")


def _tolerance(dtype: torch.dtype) -> float:
    return 1e-7 if dtype == torch.float64 else 2e-3
