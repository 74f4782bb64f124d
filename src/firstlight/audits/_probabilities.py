"""What networks say of images that they never saw."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float32, Int64
from torch import Tensor

from firstlight._seeds import derived_seed, generator
from firstlight.audits._dynamics import SeenMargins
from firstlight.audits._events import JudgeDone, JudgeStep
from firstlight.datasets import ImageDataset
from firstlight.recipes import Recipe
from firstlight.training import StepDone, fit, predict_logits

__all__ = ["Opinions", "Task", "judge"]


@dataclass(frozen=True)
class Task:
    """One network of an audit: what it learns from, and what it is asked about.

    Attributes
    ----------
    repetition, fold
        Which pass over the whole split, and which part of it, both from 0.
    learns, judges
        Places in the pool of all images; the two have nothing in common.
    """

    repetition: int
    fold: int
    learns: Int64[Tensor, " m"]
    judges: Int64[Tensor, " j"]


class Opinions:
    """Log-probabilities of each image by each repetition's network that never saw it; filled as they come.

    Parameters
    ----------
    images, classes
        How many of each.
    """

    def __init__(self, images: int, classes: int) -> None:
        self._shape = (images, classes)
        self._rounds: list[Float32[Tensor, "n k"]] = []
        self.seen = SeenMargins(images)

    def add(self, task: Task, logits: Float32[Tensor, "j k"]) -> None:
        """Take in what one network says."""
        while len(self._rounds) <= task.repetition:
            self._rounds.append(torch.full(self._shape, torch.nan))
        self._rounds[task.repetition][task.judges] = logits.log_softmax(dim=1)

    @property
    def log_probabilities(self) -> Float32[Tensor, "r n k"]:
        """All opinions: repetition, image, class; NaN where none was given."""
        return torch.stack(self._rounds) if self._rounds else torch.empty(0, *self._shape)

    @property
    def is_judged(self) -> Bool[Tensor, " n"]:
        """Which images have an opinion at all."""
        if not self._rounds:
            return torch.zeros(self._shape[0], dtype=torch.bool)
        return (~self.log_probabilities[:, :, 0].isnan()).any(dim=0)


def judge(
    pool: ImageDataset, task: Task, recipe: Recipe, opinions: Opinions, *, seed: int
) -> Iterator[JudgeStep | JudgeDone]:
    """Train one network and ask it about the images that it never saw, yielding what happens."""
    started = time.perf_counter()
    own_seed = derived_seed(seed, "audit", task.repetition, task.fold)
    learns = pool.subset(task.learns)
    model = recipe.model(pool.image_shape, len(pool.classes), generator=generator(own_seed, "weights"))
    with opinions.seen.recording(model, task.learns, learns.labels, seed=own_seed):
        for event in fit(model, learns, recipe, seed=own_seed):
            if isinstance(event, StepDone):
                yield JudgeStep(event.step, event.steps)
    asked = pool.subset(task.judges)
    logits = predict_logits(model, asked)
    opinions.add(task, logits)
    agreed = int((logits.argmax(dim=1) == asked.labels).sum())
    yield JudgeDone(len(asked), agreed, time.perf_counter() - started)
