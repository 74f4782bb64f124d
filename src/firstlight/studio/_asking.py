"""`Asking`: images that many clients send at the same moment are read by the network in one batch."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool

from firstlight._errors import TargetError, UsageError

if TYPE_CHECKING:
    from firstlight.studio._studio import Studio

__all__ = ["PIXELS", "Asking", "image_rows", "read_images"]

Images = NDArray[np.uint8]
Chances = NDArray[np.float32]
PIXELS = 28 * 28
AT_ONCE = 500  # images that one request may hold, and that a batch has about


@dataclass(frozen=True, eq=False)
class _Question:
    images: Images
    answer: asyncio.Future[Chances]


class Asking:
    """Reads what waits whenever the network is free; nobody waits for a batch to fill.

    Parameters
    ----------
    studio
        Whose network reads.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._waiting: list[_Question] = []
        self._task: asyncio.Task[None] | None = None

    async def probabilities(self, images: Images) -> Chances:
        """Return the probability of each class for each image ``[n, 784]``.

        Raises
        ------
        TargetError
            The network raises on these images, or answers what is no number.
        """
        question = _Question(images, asyncio.get_running_loop().create_future())
        self._waiting.append(question)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await question.answer

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            answers = await run_in_threadpool(_answers, self._studio, [one.images for one in batch])
            for question, answer in zip(batch, answers, strict=True):
                if question.answer.cancelled():
                    continue
                if isinstance(answer, Exception):
                    question.answer.set_exception(answer)
                else:
                    question.answer.set_result(answer)

    def _next_batch(self) -> list[_Question]:
        count, batch = 0, []
        while self._waiting and count < AT_ONCE:
            batch.append(self._waiting.pop(0))
            count += len(batch[-1].images)
        return batch


def image_rows(body: bytes) -> Images:
    """Return images ``[n, 784]`` that were sent one after the other.

    Raises
    ------
    UsageError
        The bytes are not those of 1 to 500 images of 28 x 28.
    """
    if not body or len(body) % PIXELS or len(body) > AT_ONCE * PIXELS:
        raise UsageError(
            f"Send 1 to {AT_ONCE} images of 28 x 28 bytes, one after the other; got {len(body):,} bytes."
        )
    return np.frombuffer(body, np.uint8).reshape(-1, PIXELS)


def read_images(studio: Studio, images: Images) -> Chances:
    """Return the probability of each class for each image, or say what is wrong with the network.

    Raises
    ------
    TargetError
        It raises on these images, or answers what is no number.
    """
    import torch

    reader = studio.reader()
    batch = torch.from_numpy(images.copy()).view(-1, 1, 28, 28)
    try:
        chances: Chances = reader.probabilities(batch).numpy()
    except Exception as error:
        raise TargetError(f"{reader.name} raises {type(error).__name__} on this image: {error}") from error
    if not np.isfinite(chances).all():
        raise TargetError(
            f"{reader.name} answers what is no number (NaN or infinity) to this image. Have its weights "
            "diverged, or does it divide by zero where an image is all black?"
        )
    return chances


def _answers(studio: Studio, several: list[Images]) -> list[Chances | Exception]:
    """Read all in one batch; where that fails, each alone, so that one image does not spoil the others."""
    try:
        chances = read_images(studio, np.concatenate(several))
        return list(np.split(chances, np.cumsum([len(images) for images in several])[:-1]))
    except Exception as error:
        if len(several) == 1:
            return [error]
    return [_answers(studio, [images])[0] for images in several]
