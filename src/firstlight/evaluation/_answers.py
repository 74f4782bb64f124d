"""The one check of what every judgement is given: logits and labels that belong together."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError

__all__ = ["check_answers"]


def check_answers(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> None:
    """Raise `UsageError` unless each label has one row of logits, with a column for it.

    Minus infinity is a logit: a class that the model rules out. Not a number is none.
    """
    if logits.ndim != 2 or labels.ndim != 1 or len(logits) != len(labels) or not len(labels):
        raise UsageError(
            f"Logits [n, classes] and labels [n] belong together; "
            f"got {list(logits.shape)} and {list(labels.shape)}."
        )
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= logits.shape[1]:
        raise UsageError(
            f"Labels count from 0 to {logits.shape[1] - 1}, a column of logits each; got {low} to {high}."
        )
    broken = torch.nonzero(~logits.amax(dim=1).isfinite()).flatten()  # which not a number makes not a number
    if len(broken):
        raise UsageError(
            f"The logits of {len(broken)} images are not finite, first those of image {int(broken[0])}. "
            "The model's weights are probably broken: train again with a smaller learning rate."
        )
