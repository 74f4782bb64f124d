"""Does a target draw random numbers?"""

from __future__ import annotations

import random

import numpy as np
import torch

from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Trajectory

__all__ = ["draws_at_random", "seeded_run"]


def seeded_run(subject: OptimizerSubject, seed: int) -> Trajectory:
    """Return a new run along the calm tape, with the global generators at a known state."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    session = subject.start(subject.calm_tape.weights)
    found = [session.values()]
    for grads in subject.calm_tape.grads[:6]:
        session.step(grads)
        found.append(session.values())
    return found


def draws_at_random(subject: OptimizerSubject) -> bool:
    """Tell whether other seeds give other steps."""
    if "draws" not in subject.knowledge:
        one, other = seeded_run(subject, 1), seeded_run(subject, 2)
        subject.knowledge["draws"] = not _are_equal(one, other)
    found: bool = subject.knowledge["draws"]
    return found


def _are_equal(one: Trajectory, other: Trajectory) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=True)
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )
