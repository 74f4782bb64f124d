"""Whether two models differ on the same images."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError
from firstlight._metrics import exact_mcnemar

__all__ = ["Comparison", "compare"]


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
    >>> import torch
    >>> right, wrong = torch.eye(2), torch.eye(2).flip(0)
    >>> compare(right, wrong, torch.tensor([0, 1])).only_first
    2
    """
    if not len(first) == len(second) == len(labels):
        raise UsageError(
            "Two models are compared on the same images; "
            f"got {len(first)} and {len(second)} rows of logits for {len(labels)} labels."
        )
    one, two = (logits.argmax(dim=1) == labels for logits in (first, second))
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    return Comparison(
        both=int((one & two).sum()),
        only_first=only_first,
        only_second=only_second,
        neither=int((~one & ~two).sum()),
        p_value=exact_mcnemar(only_first, only_second),
    )
