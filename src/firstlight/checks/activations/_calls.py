"""L35: the backward pass of a call belongs to that call."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import theirs
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["calls_do_not_mix"]


@check_of("L35", "two calls at a time", families=("state", "backward"))
def calls_do_not_mix(subject: ActivationSubject) -> Outcome:
    """Call twice, then go back through the first call: as when it is used in two layers."""
    if subject.framework != "torch" or not subject.is_differentiable:
        return skipped("it has no backward pass")
    random = np.random.default_rng(29)
    x, other = random.normal(size=(4, subject.width)), random.normal(size=(4, subject.width)) * 3.0
    alone = subject.gradient(x, np.ones_like(x))
    with theirs():
        leaf = torch.tensor(x, dtype=subject.dtype, requires_grad=True)
        output = subject.function(leaf * 1.0)
        subject.function(torch.tensor(other, dtype=subject.dtype, requires_grad=True) * 1.0)
        output.sum().backward()
    assert leaf.grad is not None
    seen = leaf.grad.double().numpy()
    if np.allclose(seen, alone, rtol=1e-5, atol=1e-6, equal_nan=True):
        return passed("the first call's gradient is its own")
    return failed(
        "state",
        expected="the gradient of the first call, as without the second",
        seen=f"a gradient that differs by up to {np.nanmax(np.abs(seen - alone)):.4g}",
        where="the backward pass of the first of two calls",
        cause="What the backward pass needs is kept on the object or class: the next call overwrites it.",
        hint="Keep it in ctx: ctx.save_for_backward.",
        certainty=0.92,
    )
