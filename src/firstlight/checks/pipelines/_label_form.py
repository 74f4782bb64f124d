"""From labels in whatever form to class numbers, and what was odd about them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Int64, Shaped
from torch import Tensor

__all__ = ["LabelForm", "class_numbers"]

UNKNOWN = -1
SLACK = 1e-3


@dataclass(frozen=True)
class LabelForm:
    """What the labels of a batch are.

    Attributes
    ----------
    name
        ``"class numbers"``, ``"one-hot"``, ``"smoothed"``, ``"mixed"``, ``"column"``, ``"fractions"`` or
        ``"none"``.
    dtype
        As delivered.
    width
        Of a row, for one-hot labels.
    fault, row
        What is wrong with a row, and which one, counted from the first of the batch.
    """

    name: str
    dtype: str
    width: int = 1
    fault: str = ""
    row: int = 0


def class_numbers(labels: Shaped[Tensor, ...]) -> tuple[Int64[Tensor, " n"], LabelForm]:
    """Return the class of each row, -1 where it has none."""
    dtype = str(labels.dtype).removeprefix("torch.")
    if labels.ndim == 0:
        labels = labels[None]
    if labels.ndim == 1:
        return _numbers(labels, "class numbers", dtype)
    flat = labels.reshape(len(labels), -1)
    if flat.shape[1] == 1:
        return _numbers(flat[:, 0], "column", dtype)
    return _rows(flat.double(), dtype)


def _numbers(labels: Shaped[Tensor, " n"], name: str, dtype: str) -> tuple[Int64[Tensor, " n"], LabelForm]:
    if labels.dtype.is_floating_point:
        odd = labels != labels.round()
        if odd.any():
            return torch.full((len(labels),), UNKNOWN), LabelForm(
                "fractions", dtype, row=int(odd.nonzero()[0, 0])
            )
    return labels.long(), LabelForm(name, dtype)


def _rows(rows: Shaped[Tensor, "n k"], dtype: str) -> tuple[Int64[Tensor, " n"], LabelForm]:
    """Read rows of one number for each class."""
    width, total, top = rows.shape[1], rows.sum(1), rows.max(1)
    numbers = top.indices
    wrong = (total - 1).abs() > SLACK
    if wrong.any():
        row = int(wrong.nonzero()[0, 0])
        fault = f"its numbers sum to {float(total[row]):.4g}, not to 1"
        return torch.where(wrong, UNKNOWN, numbers), LabelForm("one-hot", dtype, width, fault, row)
    if (top.values > 1 - SLACK).all():
        return numbers, LabelForm("one-hot", dtype, width)
    rest = rows.sort(1).values[:, :-1]
    is_even = ((rest[:, -1] - rest[:, 0]) < SLACK).all() and (top.values > rest[:, -1] + SLACK).all()
    if is_even:
        return numbers, LabelForm("smoothed", dtype, width)
    return torch.full((len(rows),), UNKNOWN), LabelForm("mixed", dtype, width)
