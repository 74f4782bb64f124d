"""How suspicious each label is, by several measures. Up is more suspicious, in all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Bool, Float32, Float64, Int64
from torch import Tensor

from firstlight._errors import MissingExtraError
from firstlight.audits._dynamics import margins
from firstlight.audits._estimate import LabelNoise, consensus, estimate_noise

__all__ = ["LabelScores", "confident_learning", "normalised_margin", "score_labels", "self_confidence"]

# On planted noise in halves of the training images of MNIST and Fashion-MNIST, the AUROC with 0, 0.2 and 0.5
# is 0.9929, 0.9935, 0.9940 (clothes, 5 % anywhere) and 0.9996, 0.9994, 0.9992 (digits, 20 % to the next
# class). Of MNIST's own errors that C. Northcutt picked by hand, the last clear one stands at place 76, 81
# and 93 with 0, 0.1 and 0.2. So a little of it.
SEEN_WEIGHT = 0.1


@dataclass(frozen=True, eq=False)
class LabelScores:
    """What is known of each label that was judged. All arrays are as long as ``places``.

    Attributes
    ----------
    places
        Places of the judged images in the split (of an audit of both splits: train first, then test).
    labels
        Their given labels.
    opinions
        ``[r, n, k]``: log-probabilities by each repetition; NaN where there is none.
    noise
        Estimated noise, and what it makes of each label.
    seen_margin
        Mean margin of the given label while networks learnt from the image; NaN where none did.
    """

    places: Int64[Tensor, " n"]
    labels: Int64[Tensor, " n"]
    opinions: Float32[Tensor, "r n k"]
    noise: LabelNoise
    seen_margin: Float32[Tensor, " n"]

    @property
    def wrong_probability(self) -> Float64[Tensor, " n"]:
        """Probability that the given label is wrong."""
        return self.noise.wrong_probability

    @property
    def log_probabilities(self) -> Float64[Tensor, "n k"]:
        """What the networks say together, before the given label is taken into account."""
        return self.noise.log_reading

    @cached_property
    def suggested(self) -> Int64[Tensor, " n"]:
        """The most probable class other than the given one."""
        others = self.noise.log_posterior.scatter(1, self.labels[:, None], -torch.inf)
        return others.argmax(dim=1)

    @cached_property
    def ranking(self) -> Float64[Tensor, " n"]:
        """What suspects are ranked by: the log-odds that the label is wrong, and a little of the dynamics.

        The margins from the training are brought to the spread of the log-odds and added with the weight 0.1.
        """
        seen = -torch.nan_to_num(self.seen_margin, nan=0.0).double()
        if len(seen) < 2 or not (spread := float(seen.std())):
            return self.noise.log_odds
        return self.noise.log_odds + SEEN_WEIGHT * float(self.noise.log_odds.std()) / spread * seen


def score_labels(
    opinions: Float32[Tensor, "r n k"], labels: Int64[Tensor, " n"], seen_margin: Float32[Tensor, " n"]
) -> LabelScores:
    """Score all images that at least one network judged."""
    places = (~opinions[:, :, 0].isnan()).any(dim=0).nonzero().flatten()
    opinions, labels = opinions[:, places], labels[places]
    noise = estimate_noise(consensus(opinions), labels)
    return LabelScores(places, labels, opinions, noise, seen_margin[places])


def self_confidence(said: Float64[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Float64[Tensor, " n"]:
    """Return how improbable the given label is held: minus its log-probability.

    Examples
    --------
    >>> said = torch.tensor([[0.9, 0.1], [0.2, 0.8]], dtype=torch.float64).log()
    >>> self_confidence(said, torch.tensor([0, 0])).exp()  # 1 / 0.9 and 1 / 0.2
    tensor([1.1111, 5.0000], dtype=torch.float64)
    """
    return -said.gather(1, labels[:, None])[:, 0]


def normalised_margin(
    opinions: Float32[Tensor, "r n k"], labels: Int64[Tensor, " n"]
) -> Float32[Tensor, " n"]:
    """Return by how much another class is preferred to the given one, averaged over the networks.

    Each repetition's logits are divided by their spread first, so that none of them shouts the others down.
    """
    rounds = [-margins(said, labels) / said[~said.isnan()].std() for said in opinions]
    return torch.stack(rounds).nanmean(dim=0)


def confident_learning(said: Float64[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Bool[Tensor, " n"]:
    """Return which labels confident learning holds to be wrong, as cleanlab does it by default.

    Parameters
    ----------
    said
        Log-probabilities of each class, from networks that never saw the image.
    labels
        The given labels.

    Raises
    ------
    MissingExtraError
        cleanlab is not installed.

    References
    ----------
    Northcutt, Jiang, Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels. JAIR 2021,
    arXiv 1911.00068.
    """
    try:
        from cleanlab.filter import find_label_issues
    except ImportError:
        raise MissingExtraError("Confident learning", package="cleanlab", extra="audit") from None
    found = find_label_issues(labels.numpy(), said.exp().numpy(), n_jobs=1)
    return torch.from_numpy(np.asarray(found, dtype=bool))
