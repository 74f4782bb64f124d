"""L31: any shape and layout gives the same values."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations._activation import Array

__all__ = ["in_any_shape"]

SHAPES = ((35,), (7, 5), (1, 35), (35, 1), (5, 7, 1), (7, 5, 1, 1), (1, 5, 7, 1))


@check_of("L31", "any shape and layout", families=("shape", "batch-mixing"))
def in_any_shape(subject: ActivationSubject) -> Outcome:
    """Give the same 35 numbers in several shapes, transposed and sliced."""
    if subject.reference is not None and not subject.reference.is_elementwise:
        return skipped("it is no function of single elements")
    if subject.width != 5:
        return skipped("its weights want one shape")
    x = np.random.default_rng(11).normal(size=(7, 5)) * 2.0
    base = subject.values(x)
    if base.shape != x.shape or not np.isfinite(base).all():
        return skipped("another check tells of it")
    if subject.reference is None and not _is_elementwise(subject, x, base):
        return skipped("its elements depend on each other")
    refused = []
    shapes = SHAPES if subject.framework == "torch" else SHAPES[::3]
    for shape in shapes:
        try:
            seen = subject.values(x.reshape(shape))
        except Exception:
            refused.append(str(shape))
            continue
        found = _compared(subject, base, seen, shape)
        if found is not None:
            return found
    found = _layouts(subject, x, base) if subject.framework == "torch" else None
    if found is not None:
        return found
    return (
        warned(f"It takes no input of shape {', '.join(refused)}.")
        if refused
        else passed(f"{len(shapes)} shapes")
    )


def _is_elementwise(subject: ActivationSubject, x: Array, base: Array) -> bool:
    moved = x.copy()
    moved[0, 0] += 0.37
    change = np.abs(subject.values(moved) - base)
    change[0, 0] = 0
    mirrored = subject.values(x[:, ::-1].copy())[:, ::-1]
    return bool((change <= 1e-6).all()) and bool((np.abs(mirrored - base) <= 1e-6).all())


def _compared(subject: ActivationSubject, base: Array, seen: Array, shape: tuple[int, ...]) -> Outcome | None:
    if seen.shape != shape:
        return failed(
            "shape",
            expected=f"shape {shape}",
            seen=f"shape {seen.shape}",
            where=f"an input of shape {shape}",
            cause="The output's shape is not the input's.",
            certainty=0.7,
        )
    wrong = np.abs(seen.reshape(base.shape) - base) > 10 * subject.tolerance * (1 + np.abs(base))
    if not wrong.any():
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return failed(
        "shape",
        expected=f"{base[first]:.6g}, as in shape {base.shape}",
        seen=f"{seen.reshape(base.shape)[first]:.6g}",
        where=f"an input of shape {shape}",
        cause="The same numbers in another shape give other values.",
        certainty=0.7,
    )


def _layouts(subject: ActivationSubject, x: Array, base: Array) -> Outcome | None:
    transposed = torch.tensor(x.T.copy(), dtype=subject.dtype).T
    wide = torch.zeros(7, 10, dtype=subject.dtype)
    wide[:, ::2] = torch.tensor(x, dtype=subject.dtype)
    for what, given in (("a transposed tensor", transposed), ("a slice with steps", wide[:, ::2])):
        try:
            seen = subject.function(given).detach().double().numpy()
        except Exception:
            return warned(f"It does not take {what}.")
        found = _compared(subject, base, seen, (7, 5))
        if found is not None:
            return failed(
                "shape",
                expected=found.expected,
                seen=found.seen,
                where=what,
                cause="Numbers are read in the order of the memory, not of the tensor.",
                certainty=0.8,
            )
    return None
