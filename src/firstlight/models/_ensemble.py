"""Several networks that answer together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import UsageError

__all__ = ["Ensemble", "combined_logits"]


class Ensemble(nn.Module):
    """Asks every member and combines what they say.

    Parameters
    ----------
    members
        At least one; each takes the same images and gives logits for the same classes.
    combine
        ``"probabilities"``: the logarithm of the mean probability, which is what a vote that counts how sure
        each member is comes to; ``"logits"``: the mean of the logits.

    Raises
    ------
    UsageError
        There is no member, or no such way to combine them.

    Examples
    --------
    >>> pair = Ensemble([nn.Flatten(), nn.Flatten()])
    >>> pair(torch.zeros(3, 1, 1, 2)).exp()[0]
    tensor([0.5000, 0.5000])
    """

    def __init__(
        self, members: Iterable[nn.Module], *, combine: Literal["probabilities", "logits"] = "probabilities"
    ) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.combine = combine
        if not len(self.members) or combine not in {"probabilities", "logits"}:
            raise UsageError(
                "An ensemble needs at least one member and combines 'probabilities' or 'logits'; "
                f"got {len(self.members)} members and {combine!r}."
            )

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return the combined logits, float32."""
        logits = torch.stack([member(images).float() for member in self.members])
        return combined_logits(logits, combine=self.combine)


def combined_logits(
    logits: Float[Tensor, "m n k"], *, combine: Literal["probabilities", "logits"] = "probabilities"
) -> Float[Tensor, "n k"]:
    """Return what members say together, given what each says; as `Ensemble` does.

    Examples
    --------
    >>> sure, undecided = torch.tensor([[9.0, -9.0]]), torch.zeros(1, 2)
    >>> combined_logits(torch.stack([sure, undecided])).exp()
    tensor([[0.7500, 0.2500]])
    """
    if combine == "logits":
        return logits.mean(dim=0)
    return logits.log_softmax(dim=2).logsumexp(dim=0) - math.log(len(logits))
