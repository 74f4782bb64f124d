"""What a model says of test images whose labels people disowned."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from firstlight._errors import UnknownNameError
from firstlight.datasets import ImageDataset, LabelVerdict, verified_corrections
from firstlight.evaluation._answers import check_answers

__all__ = ["DisputedImage", "LabelAgreement", "label_agreement"]


@dataclass(frozen=True)
class DisputedImage:
    """One image whose published label fewer than three of five people upheld.

    Attributes
    ----------
    index
        Its place in the published test split.
    label
        The published label.
    people
        The label that at least three of the five agreed on; ``None`` where they agreed on no other.
    predicted
        What the model says.
    """

    index: int
    label: int
    people: int | None
    predicted: int


@dataclass(frozen=True)
class LabelAgreement:
    """A model's answers where the published labels of the test split are disputed.

    Attributes
    ----------
    images
        Every disputed image.
    mistakes
        How many answers differ from the published labels, of the whole split.
    accuracy_undisputed
        With the disputed images left out.
    accuracy_people
        As people read them: a label that they agreed on replaces the published one; an image on which they
        agreed on none is left out. What ``load(name, corrections="verified")`` would give.
    """

    images: tuple[DisputedImage, ...]
    mistakes: int
    accuracy_undisputed: float
    accuracy_people: float

    @property
    def mistakes_disputed(self) -> int:
        """How many of the mistakes are on disputed images."""
        return sum(image.predicted != image.label for image in self.images)

    @property
    def resolved(self) -> int:
        """On how many disputed images people agreed on another label."""
        return sum(image.people is not None for image in self.images)

    @property
    def read_as_people(self) -> int:
        """On how many of those the model says what the people said."""
        return sum(image.predicted == image.people for image in self.images)

    def __str__(self) -> str:
        if not self.mistakes:
            return f"No mistake, not even on the {len(self.images)} images that people read otherwise"
        on = f"{'is' if self.mistakes_disputed == 1 else 'are'} on images that people read otherwise"
        return f"{self.mistakes_disputed} of its {self.mistakes:,} mistakes {on}"


def label_agreement(logits: Float[Tensor, "n k"], test: ImageDataset) -> LabelAgreement | None:
    """Judge a model's answers where people disowned the published label.

    The verdicts are those of Northcutt, Athalye and Mueller 2021, which come with firstlight for the test
    splits of MNIST (15 images) and CIFAR-10 (54). No complete list: only suspicious images were shown to
    people, so that other labels may be wrong too.

    Parameters
    ----------
    logits
        A model's answers, one row for each image of ``test``.
    test
        The whole published test split, in its own order.

    Returns
    -------
    LabelAgreement or None
        ``None`` where nobody looked: another data set, a part of the split, another order of its images, or
        labels that were corrected already.

    Raises
    ------
    UsageError
        The logits do not belong to these images.

    Examples
    --------
    >>> import firstlight as fl
    >>> test = fl.load("mnist")[1]
    >>> perfect = torch.nn.functional.one_hot(test.labels).float()
    >>> agreement = label_agreement(perfect, test)
    >>> len(agreement.images), agreement.resolved, agreement.read_as_people
    (15, 10, 0)
    >>> round(agreement.accuracy_people, 4)  # to say what the label says is wrong ten times
    0.999
    """
    check_answers(logits, test.labels)
    verdicts = _verdicts(test)
    if not verdicts:
        return None
    answers = logits.argmax(dim=1)
    places = torch.tensor([verdict.index for verdict in verdicts])
    images = tuple(
        DisputedImage(verdict.index, verdict.given, verdict.corrected, predicted)
        for verdict, predicted in zip(verdicts, answers[places].tolist(), strict=True)
    )
    right = answers == test.labels
    elsewhere, count = int(right.sum() - right[places].sum()), len(test) - len(places)
    resolved = [image for image in images if image.people is not None]
    as_people = sum(image.predicted == image.people for image in resolved)
    return LabelAgreement(
        images=images,
        mistakes=len(test) - int(right.sum()),
        accuracy_undisputed=elsewhere / count,
        accuracy_people=(elsewhere + as_people) / (count + len(resolved)),
    )


def _verdicts(test: ImageDataset) -> tuple[LabelVerdict, ...]:
    """Return the verdicts on these images; none where they do not speak of them."""
    try:
        verdicts = verified_corrections(test.name)
    except UnknownNameError:
        return ()
    if "given" in test.columns or max(verdict.index for verdict in verdicts) >= len(test):
        return ()
    labels = test.labels.tolist()
    return verdicts if all(labels[verdict.index] == verdict.given for verdict in verdicts) else ()
