"""Hold a trajectory against another one, and find the first place at which they part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float64

from firstlight.checks.optimizers._tape import Trajectory

__all__ = ["SINGLE", "TIGHT", "Difference", "Tolerance", "first_difference"]

Stacked: TypeAlias = Float64[np.ndarray, "steps ..."]


@dataclass(frozen=True)
class Tolerance:
    """How far two trajectories may be apart: relative to the way gone so far, plus what rounding makes."""

    of_way: float
    of_weight: float


TIGHT = Tolerance(1e-8, 2e-13)
SINGLE = Tolerance(3e-4, 4e-6)


@dataclass(frozen=True)
class Difference:
    """The first place at which a trajectory leaves another one.

    Attributes
    ----------
    step
        From 1.
    tensor
        Its index.
    shape, place
        Of the tensor, and the entry in it.
    seen, expected
        The changes of that entry in that step.
    bad_tensors
        Indices of all tensors that part somewhere.
    """

    step: int
    tensor: int
    shape: tuple[int, ...]
    place: tuple[int, ...]
    seen: float
    expected: float
    bad_tensors: tuple[int, ...]

    @property
    def where(self) -> str:
        """Return it in words."""
        entry = f", entry {list(self.place)}" if self.place else ""
        return f"step {self.step}, tensor {self.tensor} of shape {self.shape}{entry}"


def first_difference(
    theirs: Trajectory, ours: Trajectory, tolerance: Tolerance, *, is_elementwise: bool = True
) -> Difference | None:
    """Return where two trajectories part, or ``None`` if they do not."""
    wrong = [
        _wrong(np.stack(a), np.stack(b), tolerance, is_elementwise=is_elementwise)
        for a, b in zip(zip(*theirs, strict=True), zip(*ours, strict=True), strict=True)
    ]
    firsts = {
        i: int(np.flatnonzero(bad.reshape(len(bad), -1).any(1))[0])
        for i, bad in enumerate(wrong)
        if bad.any()
    }
    if not firsts:
        return None
    tensor = min(firsts, key=lambda i: (firsts[i], i))
    step = firsts[tensor]
    a = np.array([theirs[max(step - 1, 0)][tensor], theirs[step][tensor]])
    b = np.array([ours[max(step - 1, 0)][tensor], ours[step][tensor]])
    apart = np.where(wrong[tensor][step], np.nan_to_num(np.abs(a[1] - b[1]), nan=np.inf), -1.0)
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(apart)), apart.shape))
    return Difference(
        step,
        tensor,
        tuple(a.shape[1:]),
        place,
        float(a[1][place] - a[0][place]),
        float(b[1][place] - b[0][place]),
        tuple(firsts),
    )


def _wrong(
    theirs: Stacked, ours: Stacked, tolerance: Tolerance, *, is_elementwise: bool
) -> Bool[np.ndarray, "steps ..."]:
    with np.errstate(all="ignore"):
        way = np.cumsum(np.abs(np.diff(ours, axis=0, prepend=ours[:1])), axis=0)
        if not is_elementwise and way.size:
            axes = tuple(range(1, way.ndim))
            way = np.broadcast_to(way.max(axis=axes, keepdims=True), way.shape)
        largest = np.maximum.accumulate(np.abs(ours), axis=0)
        allowed = tolerance.of_way * way + tolerance.of_weight * (1 + largest)
        return np.asarray(~(np.abs(theirs - ours) <= allowed))
