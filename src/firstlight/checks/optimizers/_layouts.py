"""O14: the same numbers in another memory layout or precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import Tolerance, first_difference
from firstlight.checks.optimizers._order import rounding_of
from firstlight.checks.optimizers._randomness import draws_at_random
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory

__all__ = ["layout_is_irrelevant"]

STEPS = 5
ROUGH = Tolerance(2e-2, 1e-4)


@check_of("O14", "layouts and precisions", families=("shape", "numerical-stability"))
def layout_is_irrelevant(subject: OptimizerSubject) -> Outcome:
    """Transposed, sliced and channels-last weights step as contiguous ones; float32 nearly as float64."""
    if subject.manner.form != "torch":
        return skipped("only for torch tensors")
    if draws_at_random(subject):
        return skipped("it draws random numbers")
    tape = subject.calm_tape.first(STEPS)
    usual = subject.run(subject.calm_tape)[: STEPS + 1]
    notes = []
    try:
        walked = _walked(subject, tape, [_odd_layout(weight) for weight in tape.weights])
    except TargetBroke as error:
        notes.append(f"weights that are not contiguous break it: {str(error)[:160]}")
    else:
        place = first_difference(walked, usual, rounding_of(subject), is_elementwise=False)
        if place is not None:
            return failed(
                "shape",
                expected="the same steps for weights in another memory layout",
                seen=f"{place.seen:.6g} for {place.expected:.6g}",
                where=f"{place.where}, stored transposed or with its channels last",
                cause="Entries are taken in the order of memory, or a copy is stepped: view, reshape.",
                hint="Use reshape or elementwise operations; make state with torch.zeros_like(p).",
                certainty=0.85,
            )
    notes += _in_single(subject, tape, usual)
    return warned("; ".join(notes)) if notes else passed("transposed, channels-last and float32 alike")


def _odd_layout(weight: Any) -> torch.Tensor:
    tensor = torch.tensor(np.array(weight))
    if tensor.ndim == 2:
        return tensor.t().contiguous().t()
    if tensor.ndim == 4:
        return tensor.to(memory_format=torch.channels_last)
    return tensor


def _walked(
    subject: OptimizerSubject, tape: Tape, weights: list[Any] | tuple[Any, ...], dtype: str | None = None
) -> Trajectory:
    session = subject.start(weights, dtype=dtype)
    found = [session.values()]
    for grads in tape.grads:
        session.step(grads)
        found.append(session.values())
    return found


def _in_single(subject: OptimizerSubject, tape: Tape, usual: Trajectory) -> list[str]:
    """Return what is odd about float32, if anything: nothing of it is a failure."""
    if not subject.is_exact:
        return []
    try:
        walked = _walked(subject, tape, tape.weights, dtype="float32")
    except TargetBroke as error:
        return [f"float32 breaks it: {str(error)[:160]}"]
    if first_difference(walked, usual, ROUGH, is_elementwise=False) is not None:
        return ["float32 steps differently from float64"]
    return []
