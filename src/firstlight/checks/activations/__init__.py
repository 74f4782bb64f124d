"""Activations: functions of a tensor, element by element or, as softmax, row by row."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.activations._calls import calls_do_not_mix
from firstlight.checks.activations._gradients import backward_is_derivative
from firstlight.checks.activations._independence import elements_are_independent
from firstlight.checks.activations._modes import modes_agree
from firstlight.checks.activations._options import options_are_heeded
from firstlight.checks.activations._origin import at_zero, is_not_affine
from firstlight.checks.activations._points import at_reference_points
from firstlight.checks.activations._purity import input_is_unchanged, nan_stays_nan, same_twice
from firstlight.checks.activations._shapes import in_any_shape
from firstlight.checks.activations._softmax_rows import rows_are_distributions
from firstlight.checks.activations._stability import at_large_inputs
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations import ACTIVATIONS

__all__ = ["KIND"]

KIND = Kind(
    name="activation",
    what="a function tensor -> tensor or array -> array, an nn.Module (or its class), an autograd function",
    subject=ActivationSubject.of,
    checks=(
        at_reference_points,
        rows_are_distributions,
        options_are_heeded,
        backward_is_derivative,
        calls_do_not_mix,
        at_large_inputs,
        at_zero,
        elements_are_independent,
        in_any_shape,
        modes_agree,
        same_twice,
        input_is_unchanged,
        nan_stays_nan,
        is_not_affine,
    ),
    references=lambda: ACTIVATIONS,
    blind_spots=(
        "How fast it is, and how much memory it takes.",
        "Where nothing names or recognises the activation, a formula that is wrong and smooth.",
    ),
    sentence="A wrong value, a wrong gradient, an option without effect, an overflow up to 10,000.",
)
