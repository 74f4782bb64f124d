"""`TestAnswers`: what the network that is shown says of every test image, asked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from firstlight._errors import UsageError
from firstlight.evaluation import Evaluation, evaluate, label_agreement
from firstlight.studio._asking import AT_ONCE, PIXELS, read_images

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset
    from firstlight.evaluation import DisputedImage
    from firstlight.studio._studio import Studio

__all__ = ["Reading", "TestAnswers"]


@dataclass(frozen=True, eq=False)
class TestAnswers:
    """What a network says of a test split.

    Attributes
    ----------
    test
        The images and their labels.
    probabilities
        Of each class for each image, float32 ``[n, k]``.
    evaluation
        What they amount to.
    disowned
        By place: the images whose label people did not uphold, where people looked.
    """

    test: ImageDataset
    probabilities: NDArray[np.float32]
    evaluation: Evaluation
    disowned: dict[int, DisputedImage]

    __test__ = False  # no test, whatever pytest makes of its name

    def places(
        self, label: int | None, read: int | None, *, is_surest_first: bool = True
    ) -> NDArray[np.intp]:
        """Return the places of images by label and by what they were read as; ``None`` is any.

        Of images that were read right, those are only given where both say the same class.

        Parameters
        ----------
        label, read
            Classes, by number.
        is_surest_first
            Order by the probability of what was read, the highest first; else the lowest.
        """
        labels = self.test.labels.numpy()
        answers, sureness = self.probabilities.argmax(axis=1), self.probabilities.max(axis=1)
        fits = (answers == labels) if label is not None and label == read else (answers != labels)
        if label is not None:
            fits &= labels == label
        if read is not None:
            fits &= answers == read
        found = np.flatnonzero(fits)
        return found[np.argsort(-sureness[found] if is_surest_first else sureness[found], kind="stable")]


@dataclass(eq=False)
class Reading:
    """Asks the network about the test images, and says how far it is.

    Attributes
    ----------
    done, count
        Images read so far, and how many there are; 0 before they are loaded.
    """

    done: int = field(default=0, init=False)
    count: int = field(default=0, init=False)

    def read(self, studio: Studio) -> TestAnswers:
        """Return the answers; takes as long as the network does.

        Raises
        ------
        UsageError
            The images are not grey ones of 28 x 28.
        TargetError
            The network raises, or answers what is no number.
        """
        test = studio.images()[1]
        if test.image_shape != (1, 28, 28):
            raise UsageError(
                f"The pages show images of [1, 28, 28]; {test.name} has {list(test.image_shape)}. "
                "Show another data set: firstlight studio --dataset mnist"
            )
        self.done, self.count = 0, len(test)
        rows, parts = test.images.reshape(-1, PIXELS).numpy(), []
        for first in range(0, len(rows), AT_ONCE):
            parts.append(read_images(studio, rows[first : first + AT_ONCE]))
            self.done += len(parts[-1])
        probabilities = np.concatenate(parts)
        logits = torch.from_numpy(probabilities).log()
        agreement = label_agreement(logits, test)
        disowned = {image.index: image for image in agreement.images} if agreement else {}
        return TestAnswers(test, probabilities, evaluate(logits, test.labels), disowned)
