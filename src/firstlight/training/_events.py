"""What happens while a model trains. Whoever is told draws it, or does not.

The loop yields `Started`, `StepDone` and `EpochDone`; what keeps runs and trains ensembles tells the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jaxtyping import Float
from torch import Tensor

from firstlight._device import DeviceChoice
from firstlight._errors import CacheError
from firstlight.training._precision import Precision
from firstlight.training._state import TrainingState

__all__ = [
    "CheckpointFailed",
    "CheckpointWritten",
    "EpochDone",
    "Event",
    "MemberStarted",
    "Resumed",
    "Started",
    "StepDone",
]


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
    state
        Everything that the training moves on, live: right at every event of the loop. ``None`` where
        scikit-learn trains.
    """

    steps: int
    parameters: int
    device: DeviceChoice
    precision: Precision
    state: TrainingState | None = field(default=None, compare=False, repr=False)


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


@dataclass(frozen=True)
class Resumed:
    """A run that was cut off goes on after ``step`` of ``steps``; comes after `Started`.

    ``changes`` says what is not as it was, so that the last bits may differ from those of a run that was
    never cut off; empty where nothing is.
    """

    step: int
    steps: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckpointWritten:
    """All of a training up to ``step`` is on the disk; writing it took that many seconds."""

    step: int
    path: Path
    seconds: float


@dataclass(frozen=True)
class CheckpointFailed:
    """The disk refused a checkpoint. Training goes on, and later ones are tried; this is told once."""

    step: int
    error: CacheError


@dataclass(frozen=True)
class MemberStarted:
    """The events from here on are those of member ``member`` of ``members``, counted from 1."""

    member: int
    members: int
    recipe: str
    seed: int


Event = Started | StepDone | EpochDone | Resumed | CheckpointWritten | CheckpointFailed | MemberStarted
