"""What happens while a model trains. The loop yields these; whoever iterates draws them, or does not."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from firstlight._device import DeviceChoice
from firstlight.training._precision import Precision

__all__ = ["EpochDone", "Event", "Started", "StepDone"]


@dataclass(frozen=True)
class Started:
    """Training is about to begin: everything is decided.

    Attributes
    ----------
    steps
        How many there will be.
    parameters
        How many numbers are trained.
    device, precision
        What was chosen, with the reason.
    """

    steps: int
    parameters: int
    device: DeviceChoice
    precision: Precision


@dataclass(frozen=True)
class StepDone:
    """One step of ``steps`` is done; ``step`` counts from 1.

    ``loss`` stays on the device: asking for its value waits for the step to be computed.
    """

    step: int
    steps: int
    loss: Float[Tensor, ""]


@dataclass(frozen=True)
class EpochDone:
    """A pass over the training images, or the last part of one, is done.

    Attributes
    ----------
    epoch
        Passes so far; not whole where a recipe ends within a pass.
    step
        Steps so far.
    loss, train_accuracy
        Mean over the images of this pass, each judged just before the network learnt from it.
    validation_accuracy
        On images that were held out of training; ``None`` where none were.
    seconds
        Training time so far; validation and drawing do not count.
    """

    epoch: float
    step: int
    loss: float
    train_accuracy: float
    validation_accuracy: float | None
    seconds: float


Event = Started | StepDone | EpochDone
