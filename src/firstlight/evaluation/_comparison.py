"""Whether two models differ on the same images, and where."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError
from firstlight._metrics import exact_mcnemar
from firstlight.evaluation._answers import check_answers

__all__ = ["Comparison", "OneRight", "compare", "one_right"]


@dataclass(frozen=True)
class Comparison:
    """Two models on the same images.

    Attributes
    ----------
    both, only_first, only_second, neither
        How many images they read right.
    p_value
        Exact McNemar: how often two equally good models would differ at least this much. It speaks of
        these two trained models; another seed of the same recipe is another model.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float

    @property
    def difference(self) -> float:
        """Accuracy of the first less that of the second, a fraction."""
        total = self.both + self.only_first + self.only_second + self.neither
        return (self.only_first - self.only_second) / total


@dataclass(frozen=True)
class OneRight:
    """An image that just one of two models read right.

    Attributes
    ----------
    index, label
        Its place in the data set, and what it is said to be.
    first, second
        What the two models took it for; one of them is ``label``.
    """

    index: int
    label: int
    first: int
    second: int


def compare(
    first: Float[Tensor, "n k"], second: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]
) -> Comparison:
    """Compare two models' logits for the same images.

    Raises
    ------
    UsageError
        The three do not have one row an image.

    Examples
    --------
    >>> right, wrong = torch.eye(2), torch.eye(2).flip(0)
    >>> compare(right, wrong, torch.tensor([0, 1])).only_first
    2
    """
    _check(first, second, labels)
    one, two = (logits.argmax(dim=1) == labels for logits in (first, second))
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    return Comparison(
        both=int((one & two).sum()),
        only_first=only_first,
        only_second=only_second,
        neither=int((~one & ~two).sum()),
        p_value=exact_mcnemar(only_first, only_second),
    )


def one_right(
    first: Float[Tensor, "n k"], second: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]
) -> tuple[OneRight, ...]:
    """Return the images that just one of two models read right, the most clearly decided first.

    Clear is where both are sure of what they say: the product of the two answers' probabilities is large.

    Raises
    ------
    UsageError
        The three do not have one row an image.

    Examples
    --------
    >>> one_right(torch.eye(2), torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([0, 1]))
    (OneRight(index=1, label=1, first=1, second=0),)
    """
    _check(first, second, labels)
    (sure, one), (sure_too, two) = (logits.double().softmax(dim=1).max(dim=1) for logits in (first, second))
    places = torch.nonzero((one == labels) != (two == labels)).flatten()
    places = places[(sure * sure_too)[places].argsort(descending=True, stable=True)]
    columns = (places, labels[places], one[places], two[places])
    return tuple(OneRight(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _check(first: Tensor, second: Tensor, labels: Tensor) -> None:
    if not len(first) == len(second) == len(labels):
        raise UsageError(
            "Two models are compared on the same images; "
            f"got {len(first)} and {len(second)} rows of logits for {len(labels)} labels."
        )
    check_answers(first, labels)
    check_answers(second, labels)
