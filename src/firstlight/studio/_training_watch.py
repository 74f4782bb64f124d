"""`TrainingWatch`: tells those who look on how a training goes, and lets them pause or stop it."""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from firstlight._metrics import confusion_matrix
from firstlight.datasets import ImageDataset, canonical_indices
from firstlight.studio._feed import Feed
from firstlight.studio._first_weights import first_weights
from firstlight.training import (
    CheckpointFailed,
    CheckpointWritten,
    EpochDone,
    Event,
    Resumed,
    Started,
    StepDone,
    TrainingState,
    predict_logits,
)

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["TrainingWatch"]

POINTS = 400  # of the loss curve
LOOKS = 40  # at the weights and at held-out images
LOOKED_AT = 1000  # held-out images; at the end of an epoch, all of them
LEAST_WORK = 4  # times what a look costs is trained before the next, so that watching costs a fifth at most
FLUSH_SECONDS = 0.1


class TrainingWatch:
    """Takes the events of `firstlight.train`, and tells a feed: losses, accuracies, weights, confusion.

    Looking costs time, but changes nothing: the weights come out the same to the last bit.

    Parameters
    ----------
    feed
        What is told.
    images
        The whole train split; the canonical part of it that is held out is looked at.
    """

    def __init__(self, feed: Feed, images: ImageDataset) -> None:
        self._feed, self._shape, self._classes = feed, images.image_shape, len(images.classes)
        places = canonical_indices(images.labels)[1]
        self._labels = images.labels[places]
        self._sample = images.subset(places[:LOOKED_AT])
        self._goes, self._stops = threading.Event(), False
        self._goes.set()
        self.weights: dict[int, NDArray[np.float32]] = {}
        self.step = self.steps = 0
        self._points: list[list[float]] = []
        self._sum: Tensor | float = 0.0
        self._summed = 0
        self._flushed = self._looked = 0.0
        self._looked_step, self._cost = 0, 0.0

    def pause(self) -> None:
        """Stand still after this step."""
        self._goes.clear()

    def go_on(self) -> None:
        """Go on after a pause."""
        self._goes.set()

    def stop(self) -> None:
        """End the training after this step, as Ctrl-C does."""
        self._stops = True
        self._goes.set()

    def __call__(self, event: Event) -> None:
        """Take in an event; to stop, raises KeyboardInterrupt, whereupon the run is kept as after Ctrl-C."""
        if isinstance(event, StepDone):
            self._step(event)
        elif isinstance(event, EpochDone):
            self._epoch(event)
        elif isinstance(event, Started):
            self._start(event)
        elif isinstance(event, Resumed):
            self._feed.tell("resumed", step=event.step, changes=event.changes)
        elif isinstance(event, CheckpointWritten):
            self._feed.tell("checkpoint", step=event.step)
        elif isinstance(event, CheckpointFailed):
            self._feed.tell("warning", message=str(event.error))
        if isinstance(event, StepDone | EpochDone | Started):
            self._obey()

    def _start(self, event: Started) -> None:
        assert event.state is not None, "only networks are trained here"
        self._state: TrainingState = event.state
        self._started = event
        self.step, self.steps = event.state.step, event.steps
        self._stride = max(1, event.steps // POINTS)
        self._feed.tell(
            "started",
            steps=event.steps,
            epoch_steps=event.state.epoch_steps,
            parameters=event.parameters,
            device=str(event.device.device),
            reason=event.device.reason,
        )
        losses = event.state.losses[: self.step]
        for end in range(self._stride, self.step + 1, self._stride):  # of a run that is gone on with
            self._points.append([end, float(losses[end - self._stride : end].mean())])
        self._flush()
        self._look()

    def _step(self, event: StepDone) -> None:
        self.step = event.step
        self._sum, self._summed = self._sum + event.loss, self._summed + 1
        if event.step % self._stride == 0 or event.step == event.steps:
            self._points.append([event.step, float(self._sum) / self._summed])
            self._sum, self._summed = 0.0, 0
        now = perf_counter()
        if now - self._flushed >= FLUSH_SECONDS:
            self._flush()
        is_far = event.step - self._looked_step >= max(1, self.steps // LOOKS)
        if is_far and event.step < event.steps and now - self._looked >= LEAST_WORK * self._cost:
            self._look()

    def _epoch(self, event: EpochDone) -> None:
        self._flush()
        self._feed.tell(
            "epoch",
            step=event.step,
            epoch=event.epoch,
            loss=event.loss,
            train_accuracy=event.train_accuracy,
            validation_accuracy=event.validation_accuracy,
            seconds=event.seconds,
        )
        self._look(self._state.validation_logits)

    def _look(self, logits: Tensor | None = None) -> None:
        """Look at the weights, and at what the network says of held-out images."""
        state, begun = self._state, perf_counter()
        with state.clock.paused(), state.averaging.applied():
            if logits is None:
                logits = predict_logits(state.model, self._sample, precision=self._started.precision)
            pictures = first_weights(state.model, self._shape)
        self._tell_look(logits, pictures)
        # The first look costs more than any other, since much is done for the first time.
        is_first, self._looked, self._looked_step = not self._looked, perf_counter(), state.step
        self._cost = 0.0 if is_first else self._looked - begun

    def _tell_look(self, logits: Tensor, pictures: Tensor | None) -> None:
        labels = self._labels[: len(logits)]
        confusion = confusion_matrix(logits.argmax(dim=1), labels, classes=self._classes)
        fields: dict[str, Any] = {"step": self._state.step, "count": len(labels)}
        fields |= {"correct": int(confusion.diag().sum()), "confusion": confusion.flatten().tolist()}
        if pictures is not None:
            self.weights[self._state.step] = pictures.numpy()
        self._feed.tell("looked", **fields, has_weights=pictures is not None)

    def _flush(self) -> None:
        if self._points:
            self._feed.tell("losses", points=self._points, seconds=self._state.clock.seconds)
            self._points = []
        self._flushed = perf_counter()

    def _obey(self) -> None:
        if not self._goes.is_set():
            self._flush()
            self._feed.tell("paused", step=self.step)
            with self._state.clock.paused():
                self._goes.wait()
            if not self._stops:
                self._feed.tell("going", step=self.step)
        if self._stops:
            self._flush()
            raise KeyboardInterrupt
