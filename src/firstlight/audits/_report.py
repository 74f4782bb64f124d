"""What an audit found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from firstlight.audits._duplicates import Duplicate
from firstlight.audits._outliers import Outlier
from firstlight.audits._scores import LabelScores

__all__ = ["AmbiguousImage", "AuditInterrupted", "AuditReport", "Neighbour", "Suspect"]

SCHEMA = 1


@dataclass(frozen=True)
class Neighbour:
    """An image that looks like a suspect: where it is, its label, and how far (0 the same, 1.41 unlike)."""

    index: int
    given: int
    distance: float
    split: str


@dataclass(frozen=True)
class Suspect:
    """An image whose label is probably wrong.

    Attributes
    ----------
    index
        Its place in the split that was audited.
    given
        Its label.
    suggested
        The class that is most probable instead.
    probability
        That the given label is wrong, from 0 to 1.
    score
        What suspects are ranked by: natural logarithm of the odds that the label is wrong, and a little of
        how networks fared that learnt from it. It goes on telling suspects apart where all probabilities
        are nearly 1.
    split
        ``"train"`` or ``"test"``. In an audit of both, ``index`` counts within the split.
    neighbours
        The images that look most like it, nearest first; for the first 300 suspects.
    """

    index: int
    given: int
    suggested: int
    probability: float
    score: float
    split: str
    neighbours: tuple[Neighbour, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return the suspect as plain values for JSON."""
        return {**asdict(self), "neighbours": [asdict(neighbour) for neighbour in self.neighbours]}


@dataclass(frozen=True)
class AmbiguousImage:
    """An image that the networks read in two ways, nearly equally likely.

    Attributes
    ----------
    index, split, given
        As of a `Suspect`.
    readings
        The two likeliest classes, likeliest first, whatever the label is.
    probabilities
        Of the two.
    """

    index: int
    given: int
    readings: tuple[int, int]
    probabilities: tuple[float, float]
    split: str

    def fields(self) -> dict[str, Any]:
        """Return the image as plain values for JSON."""
        return {**asdict(self), "readings": [*self.readings], "probabilities": [*self.probabilities]}


@dataclass(frozen=True)
class AuditReport:
    """What an audit found. Indices count from 0 within the split.

    Attributes
    ----------
    dataset, split
        What was audited; ``split`` is ``"train"``, ``"test"`` or ``"all"``.
    classes
        The name of each class.
    images, judged
        How many there are, and how many of them at least one network judged; fewer only where the audit was
        interrupted.
    estimated_errors, interval
        How many labels are believed wrong among those judged, and between which numbers that probably lies.
    flagged
        How many labels are more probably wrong than right: the audit's own threshold.
    suspects
        The most suspicious first: as many as were asked for; else as many as are flagged or believed wrong,
        whichever is more.
    ambiguous
        The most ambiguous first.
    duplicates, outliers
        Findings of their own: images (nearly) twice in the data or in both splits, and images that look like
        none of the classes.
    transition
        ``transition[j][i]``: the share of images of class j that carry the label i, as estimated.
    recipe, judges, repetitions
        What judged: networks of this recipe, or of these, so many of them, so many for each image.
    seed, seconds
        What decided it, and how long it took.
    is_complete
        Whether all that was planned was done.
    scores
        Of every image; not among the `fields`.
    """

    dataset: str
    split: str
    classes: tuple[str, ...]
    images: int
    judged: int
    estimated_errors: int
    interval: tuple[int, int]
    flagged: int
    suspects: tuple[Suspect, ...]
    ambiguous: tuple[AmbiguousImage, ...]
    duplicates: tuple[Duplicate, ...]
    outliers: tuple[Outlier, ...]
    transition: tuple[tuple[float, ...], ...]
    recipe: str
    judges: int
    repetitions: int
    seed: int
    seconds: float
    is_complete: bool
    scores: LabelScores = field(repr=False, compare=False)

    def fields(self) -> dict[str, Any]:
        """Return the report as plain values for JSON; the scores of all images are left out."""
        lists = ("suspects", "ambiguous", "duplicates", "outliers")
        plain = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in (*lists, "scores", "classes", "interval", "transition")
        }
        return {
            "schema": SCHEMA,
            **plain,
            "classes": [*self.classes],
            "interval": [*self.interval],
            "transition": [[*row] for row in self.transition],
            **{name: [finding.fields() for finding in getattr(self, name)] for name in lists},
        }

    def __str__(self) -> str:
        low, high = self.interval
        part = "" if self.judged == self.images else f"{self.judged:,} of "
        return (
            f"About {self.estimated_errors:,} of the labels of {part}{self.images:,} images are wrong "
            f"({low:,} to {high:,}); {self.flagged:,} are more probably wrong than right."
        )


class AuditInterrupted(KeyboardInterrupt):
    """Ctrl-C during an audit. ``report`` is what was found by then; ``None`` if no network was done.

    A KeyboardInterrupt, so that a script that audits many data sets ends as its user wishes.
    """

    def __init__(self, report: AuditReport | None) -> None:
        super().__init__("The audit was interrupted.")
        self.report = report
