"""Losses: functions of logits and labels that training makes small."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.losses._descent import descent_learns
from firstlight.checks.losses._gradients import gradient_by_outputs
from firstlight.checks.losses._invariances import (
    copies_change_nothing,
    order_changes_nothing,
    rows_do_not_mix,
)
from firstlight.checks.losses._known import of_equal_logits, of_sure_logits
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._modes import plain_in_evaluation
from firstlight.checks.losses._options import options_are_heeded
from firstlight.checks.losses._purity import inputs_are_unchanged, same_batch_twice
from firstlight.checks.losses._sizes import of_any_label_type, of_any_size
from firstlight.checks.losses._stability import of_large_logits
from firstlight.checks.losses._subject import LossSubject
from firstlight.checks.references.losses import LOSSES

__all__ = ["KIND"]

KIND = Kind(
    name="loss",
    what="a function (logits [n, k], labels [n]) -> number, of tensors or arrays, or an nn.Module",
    subject=LossSubject.of,
    checks=(
        as_reference,
        of_equal_logits,
        of_sure_logits,
        options_are_heeded,
        gradient_by_outputs,
        plain_in_evaluation,
        of_large_logits,
        of_any_size,
        of_any_label_type,
        order_changes_nothing,
        copies_change_nothing,
        rows_do_not_mix,
        inputs_are_unchanged,
        same_batch_twice,
        descent_learns,
    ),
    references=lambda: LOSSES,
    blind_spots=(
        "Options that no reference has.",
        "Whether this loss is the right one for the task.",
    ),
    sentence="A wrong formula, factor, axis, option or gradient, and an overflow up to logits of 10,000.",
)
