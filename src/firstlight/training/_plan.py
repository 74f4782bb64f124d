"""What is to be trained, on what, and who is told: decided before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from firstlight.datasets import ImageDataset
from firstlight.recipes import AnyRecipe
from firstlight.training._events import Event
from firstlight.training._run import RunRecord
from firstlight.training._run_record import first_record

__all__ = ["TrainingPlan"]


@dataclass(frozen=True, eq=False)
class TrainingPlan:
    """One training, checked and ready.

    Attributes
    ----------
    recipe
        Of any kind.
    images, validation, test
        To learn from, to watch (``None`` for none), and to look at once.
    seed
        In [0, 2**63).
    device
        ``None`` takes a GPU if there is one.
    on_event
        Called with every event.
    """

    recipe: AnyRecipe
    images: ImageDataset
    validation: ImageDataset | None
    test: ImageDataset
    seed: int
    device: str | torch.device | None = None
    on_event: Callable[[Event], None] = lambda _: None

    def first_record(self) -> RunRecord:
        """Return the record of a run that is about to begin."""
        return first_record(self.recipe, self.images, self.test, self.seed, validation=self.validation)
