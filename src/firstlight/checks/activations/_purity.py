"""L33, L36: the input is left alone, and nothing that is not a number is hidden."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["input_is_unchanged", "nan_stays_nan", "same_twice"]


@check_of("L33", "input is left alone", families=("aliasing",))
def input_is_unchanged(subject: ActivationSubject) -> Outcome:
    """Look at the input after the call; in-place activations are right and told of."""
    x = np.random.default_rng(17).normal(size=(4, subject.width))
    given = torch.tensor(x, dtype=subject.dtype) if subject.framework == "torch" else x.copy()
    with theirs():
        subject.function(given)
    after = given.double().numpy() if isinstance(given, torch.Tensor) else given
    if np.allclose(after, x, atol=1e-6, equal_nan=True):
        return passed("unchanged")
    return warned("It changes its input.", hint="Fine where it is meant to work in place.")


@check_of("L36", "not a number stays so", families=("numerical-stability",))
def nan_stays_nan(subject: ActivationSubject) -> Outcome:
    """Give a NaN: most activations pass it on, so that mistakes upstream are seen."""
    x = np.random.default_rng(19).normal(size=(2, subject.width))
    x[0, 0] = np.nan
    with theirs():
        seen = subject.values(x)
    if seen.shape != x.shape or np.isnan(seen[0, 0]):
        return passed("NaN in, NaN out")
    return warned(f"It makes {seen[0, 0]:g} of NaN: mistakes upstream stay hidden.")


@check_of("L30", "the same input twice", families=("determinism", "state"))
def same_twice(subject: ActivationSubject) -> Outcome:
    """Call twice with the same numbers, and with others between."""
    if subject.given.declares.get("random") == "yes":
        return skipped("it declares that it draws at random")
    x = np.random.default_rng(23).normal(size=(6, subject.width))
    first = subject.values(x)
    subject.values(-3.0 * x + 1.0)
    second = subject.values(x)
    if first.shape == second.shape and np.allclose(first, second, rtol=1e-6, atol=1e-7, equal_nan=True):
        return passed("two calls agree")
    if subject.reference is None or not subject.is_declared:
        return warned("Two calls with the same input differ.", hint="--declares random=yes if that is meant.")
    return failed(
        "determinism",
        expected="the same output for the same input",
        seen=f"a change of {np.nanmax(np.abs(first - second)):.4g}"
        if first.shape == second.shape
        else f"shapes {first.shape} and {second.shape}",
        where="the second call",
        cause="It draws at random, or keeps something of the call before.",
        certainty=0.7,
    )
