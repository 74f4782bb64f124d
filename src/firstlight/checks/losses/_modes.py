"""S14: smoothing is for training; where the loss knows its mode, evaluation is plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from torch import nn

from firstlight.checks._definition import check_of
from firstlight.checks._exposed import exposed_names
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._subject import LossSubject
from firstlight.checks.references.losses._loss import Array

__all__ = ["plain_in_evaluation"]

SWITCHES = ("training", "train", "is_training", "is_train")


@check_of("S14", "evaluation is not smoothed", families=("smoothing", "train-eval-mode"))
def plain_in_evaluation(subject: LossSubject) -> Outcome:
    """Compare losses in training and in evaluation mode, where there are modes."""
    base = subject.batch(n=12, seed=18)
    pair = _both(subject, base)
    if pair is None:
        return skipped("it has no modes")
    training, evaluation = pair
    is_same = training.shape == evaluation.shape and np.allclose(training, evaluation, rtol=1e-7)
    wants_plain = subject.given.declares.get("eval") == "plain" or _switch(subject) is not None
    if is_same and not wants_plain:
        return passed("the same in both modes")
    if subject.reference is None or "label_smoothing" not in subject.options:
        return passed("the same in both modes") if is_same else warned("It differs between the modes.")
    plain = subject.expected(base, label_smoothing=0.0)
    smooth = subject.expected(base)
    if subject.is_close(evaluation, plain):
        return passed("plain in evaluation")
    if subject.is_close(plain, smooth):
        return skipped("it does not smooth")
    swapped = subject.is_close(training, plain) and subject.is_close(evaluation, smooth)
    return failed(
        "smoothing",
        expected=f"{float(plain.mean()):.6g} in evaluation, without smoothing",
        seen=f"{float(evaluation.mean()):.6g}; {float(training.mean()):.6g} in training",
        where="evaluation mode",
        cause="The modes are swapped." if swapped else "Labels are smoothed in evaluation too.",
        certainty=0.97,
    )


def _switch(subject: LossSubject) -> str | None:
    target = subject.given.target
    accepted = exposed_names(getattr(target, "forward", target) if isinstance(target, type) else target)
    return next((name for name in SWITCHES if name in accepted), None)


def _both(subject: LossSubject, base: Batch) -> tuple[Array, Array] | None:
    switch = _switch(subject)
    if switch is not None:
        return _switched(subject, base, switch)
    module = subject.caller.instance
    if not isinstance(module, nn.Module):
        return None
    was_training = module.training
    try:
        module.train()
        training = subject.value(base)
        module.eval()
        return training, subject.value(base)
    finally:
        module.train(was_training)


def _switched(subject: LossSubject, base: Batch, switch: str) -> tuple[Array, Array]:
    function = subject.caller.function
    values = []
    for mode in (True, False):

        def call(*pair: object, mode: bool = mode) -> object:
            return function(*pair, **{switch: mode})

        with theirs():
            values.append(replace(subject.caller, function=call)(base, needs_gradient=False).value)
    return values[0], values[1]
