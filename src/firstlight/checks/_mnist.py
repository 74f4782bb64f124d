"""Small fixed subsets of MNIST for experiments: the same images for everybody, always as a fresh copy."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from firstlight._errors import DataError
from firstlight._seeds import derived_seed
from firstlight.checks._outcome import Outcome, skipped

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Digits", "MnistNotAtHand", "held_out_digits", "needs_mnist", "training_digits"]

CLASSES = 10
MEAN, STD = 0.1307, 0.3081  # of the pixels of all training images, scaled to [0, 1]
Asked = TypeVar("Asked")


class MnistNotAtHand(Exception):  # noqa: N818 - no fault: a reason to skip a check
    """MNIST can neither be read nor obtained."""


@dataclass(frozen=True)
class Digits:
    """Some images and their labels.

    Attributes
    ----------
    images
        ``[n, 28, 28]``, uint8.
    labels
        ``[n]``, int64.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self.labels)

    def first(self, count: int) -> Digits:
        """Return a copy of the first images."""
        return Digits(self.images[:count].copy(), self.labels[:count].copy())

    def pixels(self, *, is_normalised: bool = True) -> Tensor:
        """Return the images for a network: float32 ``[n, 1, 28, 28]``, normalised or in [0, 1]."""
        import torch

        scaled = torch.from_numpy(self.images.astype(np.float32) / 255).unsqueeze(1)
        return (scaled - MEAN) / STD if is_normalised else scaled

    def targets(self) -> Tensor:
        """Return the labels as an int64 tensor."""
        import torch

        return torch.from_numpy(self.labels.copy())


def training_digits(count: int, *, draw: int = 0) -> Digits:
    """Return images of the training split, as many of each class as of any other, in a random order.

    Parameters
    ----------
    count
        How many, up to 50,000. Of one draw, the images of a smaller number are among those of a larger.
    draw
        Which of the random draws; another one shares images with it only by chance.

    Raises
    ------
    MnistNotAtHand
        Make a skip of it with `needs_mnist`.

    Examples
    --------
    >>> digits = training_digits(32)
    >>> digits.images.shape, sorted(set(digits.labels.tolist())) == list(range(10))
    ((32, 28, 28), True)
    """
    return _drawn("train", count, draw).first(count)


def held_out_digits(count: int = 2000, *, draw: int = 0) -> Digits:
    """Return images of the test split, as many of each class as of any other; up to 8,900."""
    return _drawn("test", count, draw).first(count)


def needs_mnist(run: Callable[[Asked], Outcome]) -> Callable[[Asked], Outcome]:
    """Make a skip of a check where MNIST is not at hand. Put it below ``@check_of``."""

    @functools.wraps(run)
    def asked(subject: Asked) -> Outcome:
        try:
            return run(subject)
        except MnistNotAtHand as error:
            return skipped(f"MNIST is not at hand: {error}")

    return asked


@functools.lru_cache(maxsize=32)
def _drawn(split: Literal["train", "test"], count: int, draw: int) -> Digits:
    images, labels = _split(split)
    random = np.random.default_rng(derived_seed(draw, "digits", split))
    # One image of each class after the other, so that every beginning has as many of each; then shuffled.
    by_class = [random.permutation(np.flatnonzero(labels == one)) for one in range(CLASSES)]
    most = min(len(places) for places in by_class)
    each = -(-count // CLASSES)
    assert each <= most, f"{split} has {most} images of its rarest class; {count} images need {each}"
    places = np.stack([some[:each] for some in by_class], axis=1).reshape(-1)[:count]
    places = places[np.random.default_rng(derived_seed(draw, "digits", "order", count)).permutation(count)]
    return Digits(images[places], labels[places])


@functools.lru_cache(maxsize=2)
def _split(split: Literal["train", "test"]) -> tuple[NDArray[Any], NDArray[Any]]:
    import firstlight

    try:
        train, test = firstlight.load("mnist")
    except (DataError, OSError) as error:
        raise MnistNotAtHand(str(error).splitlines()[0]) from error
    chosen = train if split == "train" else test
    return chosen.images[:, 0].numpy(), chosen.labels.numpy()
