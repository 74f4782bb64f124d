"""Temperature scaling: one number, fitted on held-out images, that makes probabilities mean what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.evaluation._answers import check_answers
from firstlight.evaluation._calibration import negative_log_likelihood

__all__ = ["Temperature", "fit_temperature"]

COLDEST, HOTTEST = 1e-3, 1e3  # times the size of the logits; beyond these all chances are 0, 1 or equal
STEPS = 100  # bisection alone needs 50
CLOSE = 1e-12  # in log T


@dataclass(frozen=True)
class Temperature:
    """By what to divide logits, and what that did where it was fitted.

    Attributes
    ----------
    value
        Above 1: the model was too sure of itself. Below 1: not sure enough.
    count
        Held-out images it was fitted on.
    nll_before, nll_after
        Mean negative log-likelihood of those images, in nats.
    """

    value: float
    count: int
    nll_before: float
    nll_after: float

    def __call__(self, logits: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
        """Return the logits divided by the temperature; which class is largest does not change."""
        return logits / self.value


def fit_temperature(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Temperature:
    """Find the temperature that makes held-out labels most likely (Guo et al. 2017, arXiv 1706.04599, 4.2).

    The likelihood is convex in 1 / T, so its slope has one root: Newton's method on log T finds it, kept
    between bounds that close in. (The paper takes conjugate gradients; the optimum is the same.) Does not
    change which class is largest, so accuracy stays.

    Parameters
    ----------
    logits
        Of images that the model has **not** learnt from and that nothing else is judged on: the
        validation split. Fitted on training images it would only learn that they were memorised.
    labels
        In the same order.

    Raises
    ------
    UsageError
        The two do not belong together, or no temperature is best: every image was read right (then the
        colder the better), the model is no better than chance (then the hotter the better), or a label has
        probability zero.

    Examples
    --------
    >>> logits = torch.tensor([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    >>> temperature = fit_temperature(logits, torch.tensor([0, 0, 1, 1]))
    >>> round(temperature.value, 3)  # three of four right: log-odds log(3) instead of 4
    3.641
    """
    check_answers(logits, labels)
    scores = logits.double()
    scores = scores - scores.amax(dim=1, keepdim=True)  # changes no probability, and keeps squares small
    if not torch.isfinite(scores.gather(1, labels[:, None])).all():
        raise UsageError(
            "A label with probability zero stays impossible at every temperature, so none can be fitted. "
            "Let the model give every class a little."
        )
    size = float(scores.masked_fill(scores.isinf(), 0.0).square().mean().sqrt()) or 1.0
    value = size * math.exp(_log_temperature(scores / size, labels))
    return Temperature(
        value=value,
        count=len(labels),
        nll_before=negative_log_likelihood(scores, labels),
        nll_after=negative_log_likelihood(scores / value, labels),
    )


def _log_temperature(scores: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> float:
    """Return the root of the slope: Newton in log T while that stays between the bounds, else halving."""
    low, high = math.log(COLDEST), math.log(HOTTEST)
    if _slope(scores, labels, low)[0] >= 0:
        raise UsageError(
            f"All {len(labels)} images were read right or nearly so, and the colder the better: "
            "no temperature is best. Hold out more images, or harder ones."
        )
    if _slope(scores, labels, high)[0] <= 0:
        raise UsageError(
            f"On these {len(labels)} images the model is no better than chance, and the hotter the better: "
            "no temperature is best. Are these its images and labels?"
        )
    place = 0.0
    for _ in range(STEPS):
        slope, bend = _slope(scores, labels, place)
        step = -slope / bend if bend > 0 else math.inf
        if slope == 0 or abs(step) < CLOSE:
            break
        low, high = (place, high) if slope < 0 else (low, place)
        place = place + step if low < place + step < high else (low + high) / 2
    return place


def _slope(
    scores: Float[Tensor, "n k"], labels: Int64[Tensor, " n"], log_temperature: float
) -> tuple[float, float]:
    """Return the mean of (label's logit - expected logit), which rises with log T, and how fast it rises.

    It has the sign of the likelihood's slope in log T, and never vanishes elsewhere.
    """
    cold = math.exp(-log_temperature)
    chance = (scores * cold).softmax(dim=1)
    finite = scores.masked_fill(
        scores.isinf(), 0.0
    )  # a class that is ruled out has chance 0 and adds nothing
    expected = (chance * finite).sum(dim=1)
    variance = (chance * finite.square()).sum(dim=1) - expected.square()
    chosen = finite.gather(1, labels[:, None]).squeeze(1)
    return float((chosen - expected).mean()), cold * float(variance.mean())
