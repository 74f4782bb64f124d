"""L37: training and evaluation mode are the same for an activation."""

from __future__ import annotations

import numpy as np
from torch import nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["modes_agree"]


@check_of("L37", "training mode equals evaluation mode", families=("train-eval-mode",))
def modes_agree(subject: ActivationSubject) -> Outcome:
    """Compare outputs in both modes."""
    module = subject.instance
    if not isinstance(module, nn.Module):
        return skipped("it is no module")
    x = np.random.default_rng(31).normal(size=(4, subject.width))
    evaluated = subject.values(x)
    module.train()
    try:
        trained = subject.values(x)
    finally:
        module.eval()
    if trained.shape == evaluated.shape and np.allclose(trained, evaluated, rtol=1e-6, atol=1e-7):
        return passed("both modes agree")
    if subject.reference is None or not subject.is_declared or subject.given.declares.get("random") == "yes":
        return warned("It differs between training and evaluation mode.")
    return failed(
        "train-eval-mode",
        expected=f"{subject.reference.name} in both modes",
        seen="other values in training mode",
        where="module.train()",
        cause="It asks for its mode, and need not.",
        certainty=0.85,
    )
