"""S11 and S12: inputs are left alone, and the same batch gives the same loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.losses._subject import LossSubject

__all__ = ["inputs_are_unchanged", "same_batch_twice"]


@check_of("S11", "inputs are left alone", families=("aliasing",))
def inputs_are_unchanged(subject: LossSubject) -> Outcome:
    """Look at logits and targets after the call."""
    base = subject.batch(n=12, seed=14)
    if subject.caller.inputs not in ("logits", "values"):
        return skipped("it takes no logits")
    outputs: Any
    if subject.caller.framework == "torch":
        outputs = torch.tensor(base.outputs, dtype=subject.caller.dtype)
    else:
        outputs = base.outputs.astype(str(subject.caller.dtype).removeprefix("torch."))
    targets = subject.caller.targets(base)
    before = [np.array(outputs, dtype=np.float64), np.array(targets, dtype=np.float64)]
    with theirs():
        subject.caller.raw(outputs, targets)
    after = [np.array(outputs, dtype=np.float64), np.array(targets, dtype=np.float64)]
    changed = [not np.array_equal(one, other) for one, other in zip(before, after, strict=True)]
    if not any(changed):
        return passed("unchanged")
    what = "the outputs" if changed[0] else "the targets"
    if subject.reference is None:
        return warned(f"It changes {what} that it is given.")
    return failed(
        "aliasing",
        expected=f"{what} as they were",
        seen=f"{what} are changed by the call",
        where=what,
        cause="It works in place on what it is given: what is computed afterwards sees other numbers.",
        hint="Copy first, or use the functions without an underscore.",
        certainty=0.75,
    )


@check_of("S12", "the same batch twice", families=("determinism", "state"))
def same_batch_twice(subject: LossSubject) -> Outcome:
    """Call twice with the same batch, and with another between."""
    base, other = subject.batch(n=12, seed=15), subject.batch(n=12, seed=16)
    torch.manual_seed(0)
    first = subject.value(base)
    subject.value(other)
    second = subject.value(base)
    if first.shape == second.shape and np.allclose(first, second, rtol=1e-6, atol=1e-9, equal_nan=True):
        return passed("two calls agree")
    if subject.reference is None or not subject.is_declared:
        return warned("Two calls with the same batch differ.")
    torch.manual_seed(0)
    is_random = np.allclose(subject.value(base), first, rtol=1e-6, atol=1e-9)
    return failed(
        "determinism" if is_random else "state",
        expected=f"{float(first.reshape(-1)[0]):.6g} again",
        seen=f"{float(second.reshape(-1)[0]):.6g}",
        where="the second call",
        cause="It draws at random." if is_random else "It keeps something of the calls before.",
        certainty=0.93,
    )
