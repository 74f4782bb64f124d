"""Layers: modules and plain classes with a forward, and perhaps a backward of their own."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.layers._batchnorm import running_statistics
from firstlight.checks.layers._dropout import dropout_statistics
from firstlight.checks.layers._gradients import gradients_are_derivatives
from firstlight.checks.layers._guard import with_input
from firstlight.checks.layers._invariances import (
    attention_looks_back,
    convolution_is_linear,
    normalisation_is_invariant,
    pooling_and_residual,
)
from firstlight.checks.layers._lockstep import lockstep
from firstlight.checks.layers._manual_backward import manual_backward
from firstlight.checks.layers._modes import modes
from firstlight.checks.layers._registration import registration, saving
from firstlight.checks.layers._rows import rows_are_independent, rows_may_be_permuted, some_rows_alone
from firstlight.checks.layers._stability import extreme_inputs
from firstlight.checks.layers._subject import LayerSubject
from firstlight.checks.layers._variants import under_other_options
from firstlight.checks.references.layers import LAYERS

__all__ = ["KIND"]

KIND = Kind(
    name="layer",
    what="an nn.Module class with --args for its constructor, an instance, or a plain class with forward",
    subject=LayerSubject.of,
    checks=(
        lockstep,
        *map(
            with_input,
            (
                registration,
                modes,
                rows_are_independent,
                rows_may_be_permuted,
                some_rows_alone,
                running_statistics,
                attention_looks_back,
                pooling_and_residual,
                convolution_is_linear,
                normalisation_is_invariant,
                under_other_options,
                gradients_are_derivatives,
                manual_backward,
                extreme_inputs,
                saving,
                dropout_statistics,
            ),
        ),
    ),
    references=lambda: LAYERS,
    blind_spots=(
        "How fast it is and how much memory it takes.",
        "Options that neither --args nor the reference names.",
        "Half precision, and other devices than the CPU.",
    ),
    sentence=(
        "A wrong output, gradient, mode, running statistic, drop rate or registration; rows that mix; "
        "an option that changes nothing."
    ),
)
