"""The record and the best weights of a training, kept up to date while its events go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from firstlight._errors import TrainingDivergedError
from firstlight.training._beginning import Beginning
from firstlight.training._events import EpochDone, Event, Resumed, Started
from firstlight.training._run import Run, RunRecord
from firstlight.training._run_record import now
from firstlight.training._state import TrainingState

__all__ = ["Watch", "loss_curve"]

BEST = "best."


class Watch:
    """Follows a training; says at any event what its record is, and what it would keep if it ended there.

    Parameters
    ----------
    record
        As it begins, or as a checkpoint holds it.
    tensors
        Of that checkpoint: the best weights so far are among them.
    """

    def __init__(self, record: RunRecord, tensors: Mapping[str, Tensor] | None = None) -> None:
        self._record = record
        self._started: Started | None = None
        kept = (tensors or {}).items()
        self._best = {name.removeprefix(BEST): value for name, value in kept if name.startswith(BEST)}

    def __call__(self, event: Event) -> None:
        """Take in an event."""
        if isinstance(event, Started):
            self._start(event)
        elif isinstance(event, EpochDone):
            rank = max(map(_rank, self._record.history), default=(float("-inf"), float("-inf")))
            self._record = replace(self._record, history=(*self._record.history, event))
            if _rank(event) > rank:
                self._keep_weights()

    @property
    def has_started(self) -> bool:
        """Whether there is a training to speak of."""
        return self._started is not None

    @property
    def started(self) -> Started:
        """What was decided."""
        assert self._started is not None, "asked for only after Started"
        return self._started

    @property
    def state(self) -> TrainingState:
        """Where the training stands."""
        assert self.started.state is not None, "the loop gives its state"
        return self.started.state

    @property
    def record(self) -> RunRecord:
        """The record as of now, to the step."""
        state = self.state
        return replace(
            self._record,
            step=state.step,
            epochs=state.epochs,
            train_seconds=state.clock.seconds,
            loss_curve=loss_curve(state.losses[: state.step]),
        )

    def tensors(self) -> dict[str, Tensor]:
        """Return all that a checkpoint holds; in part live."""
        return self.state.tensors() | {BEST + name: value for name, value in self._best.items()}

    def finished(self) -> RunRecord:
        """Return the record of a training that has come to its end."""
        # The seconds of the last epoch's end: what was drawn or written since is no training.
        return replace(self.record, train_seconds=self._record.history[-1].seconds)

    @property
    def best_epoch(self) -> float | None:
        """After which epoch the network was best, by validation accuracy or else by training loss."""
        return max(self._record.history, key=_rank).epoch if self._best else None

    def interrupted(self) -> Run:
        """Return the best so far: of an epoch that was finished, else as the weights are now."""
        self._put_back(self._best)
        return Run(self.state.model, replace(self.record, status="interrupted", finished=now()))

    def diverged(self, error: TrainingDivergedError, instead: Mapping[str, Tensor]) -> Run:
        """Return the best so far: of an epoch that was finished, else the weights that are given instead."""
        record = replace(
            self.record,
            status="diverged",
            finished=now(),
            step=error.step,
            problem=str(error).removesuffix(f" {error.advice}"),
            loss_curve=loss_curve(self.state.losses[: error.step - 1]),
        )
        self._put_back(self._best or instead)
        return Run(self.state.model, record)

    def resumed(self, beginning: Beginning) -> Resumed:
        """Note that the run goes on where it was cut off."""
        changes = beginning.changes(self._record)
        note = {"at": now(), "step": self.state.step, "changes": list(changes)}
        self._record = replace(self._record, resumes=(*self._record.resumes, note))
        return Resumed(self.state.step, self.state.steps, changes)

    def _start(self, event: Started) -> None:
        self._started = event
        self._record = replace(
            self._record,
            steps=event.steps,
            parameters=event.parameters,
            device=str(event.device.device),
            device_reason=event.device.reason,
            precision=event.precision.name,
            precision_reason=event.precision.reason,
            threads=torch.get_num_threads(),
        )

    def _keep_weights(self) -> None:
        with self.state.averaging.applied():
            self._best = {name: value.clone() for name, value in self.state.model.state_dict().items()}

    def _put_back(self, weights: Mapping[str, Tensor]) -> None:
        if weights:
            self.state.model.load_state_dict(weights)


def loss_curve(losses: Float[Tensor, " steps"], points: int = 100) -> tuple[float, ...]:
    """Return the means of at most that many equal stretches of the losses.

    Examples
    --------
    >>> loss_curve(torch.tensor([4.0, 2.0, 1.0, 1.0]), points=2)
    (3.0, 1.0)
    """
    if not len(losses):
        return ()
    stretches = losses.cpu().double().tensor_split(min(points, len(losses)))
    return tuple(float(stretch.mean()) for stretch in stretches)


def _rank(event: EpochDone) -> tuple[float, float]:
    score = float("-inf") if event.validation_accuracy is None else event.validation_accuracy
    return score, -event.loss
