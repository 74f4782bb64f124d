"""A run's probabilities before and after temperature scaling, or why it cannot be scaled."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.evaluation._calibration import Calibration, calibration
from firstlight.evaluation._temperature import Temperature, fit_temperature

__all__ = ["Rescaling", "rescale"]


@dataclass(frozen=True)
class Rescaling:
    """What temperature scaling makes of a model's probabilities on images it was not fitted on.

    Attributes
    ----------
    temperature, after
        The temperature, fitted on held-out images, and the calibration that it gives on the others; both
        ``None`` where none could be fitted.
    reason
        Why none could be fitted, and what cures it; empty where one was.
    """

    temperature: Temperature | None = None
    after: Calibration | None = None
    reason: str = ""


def rescale(
    logits: Float[Tensor, "n k"],
    labels: Int64[Tensor, " n"],
    *,
    held_out: tuple[Float[Tensor, "m k"], Int64[Tensor, " m"]],
) -> Rescaling:
    """Fit a temperature on held-out images and judge the others with it.

    Parameters
    ----------
    logits, labels
        What is judged; nothing is fitted on it.
    held_out
        Logits and labels of images that the model did not learn from, and that are not among those judged.

    Examples
    --------
    >>> import torch
    >>> held_out = torch.tensor([[4.0, 0.0]] * 4), torch.tensor([0, 0, 0, 1])
    >>> result = rescale(torch.tensor([[4.0, 0.0]]), torch.tensor([0]), held_out=held_out)
    >>> round(result.after.confidence, 2)
    0.75
    """
    try:
        temperature = fit_temperature(*held_out)
    except UsageError as error:
        return Rescaling(reason=str(error))
    return Rescaling(temperature, calibration(temperature(logits), labels))
