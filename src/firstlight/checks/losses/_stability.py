"""S13: logits up to 10,000 give finite losses, those of exact arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.losses._batches import Batch, certain
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._subject import LossSubject

__all__ = ["is_capped", "of_large_logits"]

LEAST_CAP = 12.5  # -log of 4e-6: smaller constants within a logarithm are guards, larger ones are mistakes


@check_of("S13", "large logits", families=("numerical-stability",))
def of_large_logits(subject: LossSubject) -> Outcome:
    """Shift and scale logits, in each floating point type; losses of probabilities are not asked."""
    if subject.reference is None or as_reference.run(subject).status != "pass":
        return skipped("no reference fits")
    if subject.caller.inputs not in ("logits", "values") or subject.reference.inputs == "values":
        return skipped("it takes no logits")
    base = subject.batch(n=12, seed=17)
    cases = {
        "1,000 added": base.with_outputs(base.outputs + 1e3),
        "10,000 subtracted": base.with_outputs(base.outputs - 1e4),
        "right by 10,000": certain(base, 1e4, is_right=True),
        "wrong by 10,000": certain(base, 1e4, is_right=False),
        "wrong by 200": certain(base, 200.0, is_right=False),
        "all equal to 10,000": base.with_outputs(np.full_like(base.outputs, 1e4)),
    }
    notes = []
    for dtype in dict.fromkeys((subject.caller.dtype, torch.float32)):
        trial = replace(subject, caller=replace(subject.caller, dtype=dtype))
        for what, given in cases.items():
            found = _asked(trial, given, what, is_own=dtype == subject.caller.dtype)
            if found is not None and found.status == "fail":
                return found
            notes += [found] if found is not None else []
    return notes[0] if notes else _gradients(subject, cases) or passed(f"{len(cases)} batches up to 10,000")


def is_capped(seen: float, wanted: float, gap: float) -> bool:
    """Return whether a loss of wrong logits is smaller than it should be by a guard within its logarithm."""
    return bool(np.isfinite(seen)) and wanted > 0 and LEAST_CAP < seen / wanted * gap < gap


def _asked(subject: LossSubject, given: Batch, what: str, *, is_own: bool) -> Outcome | None:
    try:
        seen = subject.caller(given, needs_gradient=False).value
    except Exception:
        return None
    word = str(subject.caller.dtype).removeprefix("torch.")
    exact = given.with_outputs(given.outputs.astype(word).astype(np.float64))
    expected = subject.expected(exact)
    scale = 1e-3 * (1 + np.abs(expected)) + (0.0 if is_own else 1e-3)
    if seen.shape != expected.shape or (np.abs(seen - expected) <= scale).all():
        return None
    first = int(np.flatnonzero(~(np.abs(seen - expected) <= scale))[0])
    value, wanted = float(seen.reshape(-1)[first]), float(expected.reshape(-1)[first])
    if is_capped(value, wanted, float(np.ptp(given.outputs))):
        return warned(
            f"With logits {what} its loss is {value:.4g}, not {wanted:.4g}: a small constant caps it.",
            hint="Use log-softmax: beyond the cap no gradient is left.",
        )
    return failed(
        "numerical-stability",
        expected=f"{wanted:.6g}",
        seen=f"{value:.6g} in {word}",
        where=f"logits {what}",
        cause="Exponentials overflow, or the logarithm of a probability that is zero is taken.",
        hint="Use log-softmax (subtract the largest logit first), not log(softmax).",
        certainty=0.9,
    )


def _gradients(subject: LossSubject, cases: dict[str, Batch]) -> Outcome | None:
    if subject.caller.framework != "torch":
        return None
    for what, given in cases.items():
        gradient = subject.answer(given).gradient
        if gradient is not None and not np.isfinite(gradient).all():
            return warned(
                f"With logits {what} its gradient is not a number.", hint="Use log-softmax throughout."
            )
    return None
