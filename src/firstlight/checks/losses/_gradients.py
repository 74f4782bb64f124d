"""S3: the gradient is (p - y) / N, or what the reference says."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._explain import named_factor
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._subject import LossSubject
from firstlight.checks.references.losses._loss import Array

__all__ = ["gradient_by_outputs"]


@check_of("S3", "gradient by the outputs", families=("backward", "reduction", "sign"))
def gradient_by_outputs(subject: LossSubject) -> Outcome:
    """Hold the gradient against the reference's, or against differences of its own losses."""
    batches = subject.batch(n=6, seed=5), subject.batch(n=4, seed=6)
    answers = [subject.answer(one) for one in batches]
    if answers[0].is_cut and answers[0].gradient is None:
        return _cut(subject)
    if any(one.gradient is None for one in answers):
        return skipped("a function of arrays: it gives no gradient")
    is_known = subject.reference is not None and as_reference.run(subject).status == "pass"
    is_double = subject.is_double and answers[0].is_double
    if not is_known and not is_double:
        return skipped("it computes in float32, and no reference fits")
    seen = [one.gradient for one in answers if one.gradient is not None]
    wanted = [subject.expected_gradient(one) if is_known else _differences(subject, one) for one in batches]
    tolerance = 1e-4 if is_double else 1e-3
    for one, other, given in zip(seen, wanted, batches, strict=True):
        wrong = ~(np.abs(one - other) <= tolerance * (np.abs(other).max() + np.abs(other)))
        if np.isfinite(other).all() and wrong.any():
            is_strict = is_known and subject.reference is not None and "focal" not in subject.reference.name
            if not is_strict and not _has_own_backward(subject, batches[0]):
                return warned("Its gradient is not the derivative of its losses: a part is detached.")
            return _wrong(subject, batches, seen, wanted, tuple(int(i) for i in np.argwhere(wrong)[0]), given)
    return passed("(p - y) / N" if is_known and _is_plain(subject) else "as differences of its losses")


def _has_own_backward(subject: LossSubject, given: Batch) -> bool:
    """Return whether a backward pass written by hand takes part: torch's own are right."""
    outputs = torch.tensor(given.outputs, dtype=subject.caller.dtype, requires_grad=True)
    with theirs():
        found = subject.caller.raw(outputs * 1.0, subject.caller.targets(given))
    nodes, seen = [getattr(found, "grad_fn", None)], set()
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if isinstance(node, torch.autograd.function.BackwardCFunction):
            return True
        nodes += [one for one, _ in node.next_functions]
    return False


def _is_plain(subject: LossSubject) -> bool:
    assert subject.reference is not None
    return subject.reference.name == "cross-entropy" and subject.options.get("reduction") in (None, "mean")


def _differences(subject: LossSubject, given: Batch) -> Array:
    gradient = np.zeros_like(given.outputs)
    for index in np.ndindex(given.outputs.shape):
        sides = []
        for step in (1e-5, -1e-5):
            moved = given.outputs.copy()
            moved[index] += step
            sides.append(float(subject.value(given.with_outputs(moved)).sum()))
        gradient[index] = (sides[0] - sides[1]) / 2e-5
    return gradient


def _cut(subject: LossSubject) -> Outcome:
    if subject.caller.framework == "array":
        return skipped("a function of arrays: it gives no gradient")
    return failed(
        "backward",
        expected="a loss through which gradients flow",
        seen="a loss that needs no gradient, of logits that do",
        where="the loss's requires_grad",
        cause="The graph is cut: by argmax, detach, .data, .item, numpy or torch.tensor.",
        hint="Compute with the logits themselves.",
        certainty=0.85,
    )


def _wrong(
    subject: LossSubject,
    batches: tuple[Batch, Batch],
    seen: list[Array],
    wanted: list[Array],
    first: tuple[int, ...],
    given: Batch,
) -> Outcome:
    index = batches.index(given) if given in batches else 0
    cause, family = "The backward pass is not the derivative of the forward pass.", "backward"
    factors = [_factor(one, other) for one, other in zip(seen, wanted, strict=True)]
    named = None
    if all(one is not None for one in factors):
        named = named_factor([one for one in factors if one is not None], batches)
        cause = f"The gradient is off by a factor. {named[1]}" if named else cause
    elif all(np.abs(one).max() == 0 for one in seen):
        cause = "The gradient is zero everywhere."
    elif given.outputs.ndim == 2:
        cause = _formula(given, seen[index], cause)
    return failed(
        family,
        expected=f"{wanted[index][first]:.6g}",
        seen=f"{seen[index][first]:.6g}",
        where=f"gradient of the logit at {list(first)}, {len(given.outputs)} rows",
        cause=cause,
        hint="Gradient of the mean cross-entropy: (softmax - one-hot) / rows." if _hints(subject) else "",
        certainty=0.93,
    )


def _hints(subject: LossSubject) -> bool:
    return subject.reference is not None and subject.reference.name == "cross-entropy"


def _factor(seen: Array, wanted: Array) -> float | None:
    big = np.abs(wanted) > 1e-3 * np.abs(wanted).max()
    ratios = seen[big] / wanted[big]
    is_one = np.ptp(ratios) < 1e-3 * (1e-6 + np.abs(ratios).max())
    return float(ratios.mean()) if is_one else None


def _formula(given: Batch, seen: Array, cause: str) -> str:
    from firstlight.checks.references.losses._log_softmax import log_softmax

    p, n = np.exp(log_softmax(given.outputs)), len(given.outputs)
    for words, formula in (
        ("The gradient is p: the target is not subtracted.", p),
        ("The gradient is -y: the softmax is not differentiated.", -given.targets),
        ("The gradient is p + y.", p + given.targets),
        ("The gradient is -y / p: the softmax is not differentiated.", -given.targets / p),
        ("The gradient is z - y: the softmax is missing in it.", given.outputs - given.targets),
    ):
        if any(np.allclose(seen, formula * c, rtol=1e-3, atol=1e-5) for c in (1.0, 1.0 / n)):
            return words
    return cause
