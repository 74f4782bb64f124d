"""Several networks that answer together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import UsageError

__all__ = ["COMBINATIONS", "Combination", "Ensemble", "combined_logits"]

Combination = Literal["probabilities", "logits", "votes"]
COMBINATIONS = ("probabilities", "logits", "votes")

# What a member's probabilities count against its vote: they decide where votes are equal, and keep every
# logarithm finite.
_TIE = 1e-3


class Ensemble(nn.Module):
    """Asks every member and combines what they say.

    Parameters
    ----------
    members
        At least one; each takes the same images and gives logits for the same classes.
    combine
        ``"probabilities"``: the logarithm of the mean probability, which is what a vote that counts how sure
        each member is comes to; ``"logits"``: the mean of the logits; ``"votes"``: each three in a row vote,
        then each three such votes, and so on, as in An et al. 2020, arXiv 2008.10400 (all at once if they do
        not come in threes); of classes with equal votes the more probable one wins.

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

    def __init__(self, members: Iterable[nn.Module], *, combine: Combination = "probabilities") -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.combine = combine
        if not len(self.members) or combine not in COMBINATIONS:
            raise UsageError(
                "An ensemble needs at least one member and combines 'probabilities', 'logits' or 'votes'; "
                f"got {len(self.members)} members and {combine!r}."
            )

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return the combined logits, float32."""
        logits = torch.stack([member(images).float() for member in self.members])
        return combined_logits(logits, combine=self.combine)


def combined_logits(
    logits: Float[Tensor, "m n k"], *, combine: Combination = "probabilities"
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
    if combine == "votes":
        return _voted(logits.softmax(dim=2)).clamp_min(1e-12).log()
    return logits.log_softmax(dim=2).logsumexp(dim=0) - math.log(len(logits))


def _voted(shares: Float[Tensor, "m n k"]) -> Float[Tensor, "n k"]:
    """Let every three in a row vote, until there is one."""
    if len(shares) == 1:
        return shares[0]
    together = 3 if len(shares) % 3 == 0 else len(shares)
    votes = nn.functional.one_hot(shares.argmax(dim=2), shares.shape[2])
    groups = ((votes + _TIE * shares) / (1 + _TIE)).view(-1, together, *votes.shape[1:])
    return _voted(groups.mean(dim=1))
