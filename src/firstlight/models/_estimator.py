"""What a fitted scikit-learn estimator has learnt, held as plain tensors in a network of ours.

scikit-learn does the learning and is not needed afterwards: weights, trees and support vectors are arrays, so
they are saved as safetensors like any network's weights, read back by any later version of scikit-learn or
without it, and run where torch runs. Nothing is pickled.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import UsageError

__all__ = ["LEAST_PROBABILITY", "EstimatorModel"]

# Forests and neighbours give a class that nobody voted for nothing, whose logarithm no loss survives.
LEAST_PROBABILITY = 1e-6


class EstimatorModel(nn.Module):
    """Takes normalised images like any network of ours, and gives log-probabilities.

    Before anything was learnt, all classes are equally likely. Classes that had no training image get the
    least probability there is, `LEAST_PROBABILITY`. Has no parameters that an optimiser could change.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image.
    classes
        How many log-probabilities come out, at least 2.
    generator
        Taken as every model takes it; nothing is drawn.

    Raises
    ------
    UsageError
        Shape or number of classes make no model.
    """

    mean: Tensor
    std: Tensor
    seen: Tensor

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        generator: torch.Generator | None = None,  # noqa: ARG002
    ) -> None:
        super().__init__()
        if min(image_shape) < 1 or classes < 2:
            raise UsageError(f"A model needs pixels and two classes; got {image_shape}, {classes} classes.")
        self.image_shape, self.classes = image_shape, classes
        self.register_buffer("mean", torch.zeros(image_shape[0], 1, 1))
        self.register_buffer("std", torch.ones(image_shape[0], 1, 1))
        self.register_buffer("seen", torch.zeros(0, dtype=torch.int64))
        for name, table in self._empty_tables().items():
            self.register_buffer(name, table)

    def adopt(self, estimator: Any, *, mean: Sequence[float], std: Sequence[float]) -> None:
        """Take over what a fitted estimator has learnt.

        Parameters
        ----------
        estimator
            Fitted on rows of pixels from 0 to 1 and whole-numbered labels.
        mean, std
            Of each channel: how images will be normalised when they come, to be undone.

        Raises
        ------
        UsageError
            The estimator is of a kind, or has settings, that this model cannot hold.
        """
        for name, value in [("mean", mean), ("std", std)]:
            setattr(self, name, torch.tensor(value, dtype=torch.float32).view(-1, 1, 1))
        self.seen = torch.as_tensor(estimator.classes_, dtype=torch.int64).clone()
        for name, table in self._tables_of(estimator).items():
            setattr(self, name, table.contiguous())

    @property
    def learnt_numbers(self) -> int:
        """How many numbers were learnt: the size of all tables together."""
        return sum(getattr(self, name).numel() for name in self._empty_tables())

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return the log-probability of each class."""
        if not len(self.seen):
            return images.new_full((len(images), self.classes), -math.log(self.classes), dtype=torch.float32)
        least = math.log(LEAST_PROBABILITY)
        with torch.autocast(images.device.type, enabled=False):  # half precision would find other neighbours
            answers = self._log_probabilities(self._pixels(images)).float().clamp_min(least)
        everything = answers.new_full((len(images), self.classes), least)
        return everything.index_copy(1, self.seen, answers)

    @abstractmethod
    def _empty_tables(self) -> Mapping[str, Tensor]:
        """Return what is learnt, by name, as it is before anything was learnt."""

    @abstractmethod
    def _tables_of(self, estimator: Any) -> Mapping[str, Tensor]:
        """Return what an estimator has learnt, by the same names and in the same types."""

    @abstractmethod
    def _log_probabilities(self, pixels: Float[Tensor, "b d"]) -> Float[Tensor, "b seen"]:
        """Judge rows of pixels from 0 to 255 in whole numbers."""

    def _problem(self) -> str | None:
        """Return what makes the tables unusable, if anything does; they may come from a damaged file."""
        if len(self.seen) and not 0 <= int(self.seen.min()) <= int(self.seen.max()) < self.classes:
            return f"it knows classes {self.seen.tolist()} of {self.classes}"
        return None

    def _pixels(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d"]:
        """Undo the normalisation. The bytes it was made from are whole numbers, so rounding restores them."""
        pixels = ((images.float() * self.std + self.mean) * 255).round().clamp(0, 255)
        return pixels.permute(0, 2, 3, 1).flatten(1)

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *rest: Any) -> None:
        # How large a table is was learnt too, so it comes from the file.
        for name, table in self.named_buffers(recurse=False):
            saved = state_dict.get(prefix + name)
            if saved is not None and saved.dtype == table.dtype and saved.ndim == table.ndim:
                setattr(self, name, table.new_empty(saved.shape))
        super()._load_from_state_dict(state_dict, prefix, *rest)
        errors: list[str] = rest[-1]
        problem = None if errors or not len(self.seen) else self._problem()
        if problem:
            errors.append(f"what was learnt makes no sense: {problem}")
