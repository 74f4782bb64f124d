"""L15: values at reference points."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["at_reference_points"]

TOLERANCE = 1e-6
POINTS = np.array([-20.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 20.0])


@check_of("L15", "values at nine points", families=("forward",))
def at_reference_points(subject: ActivationSubject) -> Outcome:
    """Hold the values at nine points against the reference."""
    if subject.reference is None:
        return skipped("no reference: --like names one")
    seen = subject(torch.from_numpy(POINTS)).detach().double().numpy()
    expected = subject.reference.value(POINTS)
    wrong = np.abs(seen - expected) > TOLERANCE * (1 + np.abs(expected))
    if not wrong.any():
        return passed(f"{len(POINTS)} points within {TOLERANCE:g}")
    first = int(np.flatnonzero(wrong)[0])
    return failed(
        "forward",
        expected=f"f({POINTS[first]:g}) = {expected[first]:.6g}",
        seen=f"{seen[first]:.6g}",
        where=f"x = {POINTS[first]:g}",
        cause=f"The formula is not that of {subject.reference.name}.",
        certainty=0.9,
    )
