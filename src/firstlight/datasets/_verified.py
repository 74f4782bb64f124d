"""Test labels that people looked at and disowned, and what they say instead."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import torch

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets._dataset import ImageDataset

__all__ = ["LabelVerdict", "correct_labels", "verified_corrections"]

MAJORITY = 3  # of the five who looked


@dataclass(frozen=True)
class LabelVerdict:
    """What five people said about one test image whose given label they did not uphold.

    Attributes
    ----------
    dataset
        ``"mnist"`` or ``"cifar10"``.
    index
        Place in the published test split.
    given
        The published label.
    guessed
        The other label the people were shown.
    votes_given, votes_guessed, votes_both, votes_neither
        How many of the five chose each answer.
    """

    dataset: str
    index: int
    given: int
    guessed: int
    votes_given: int
    votes_guessed: int
    votes_both: int
    votes_neither: int

    @property
    def corrected(self) -> int | None:
        """The label that at least three of five agreed on; ``None`` where they agreed on no other label."""
        return self.guessed if self.votes_guessed >= MAJORITY else None


@cache
def _verdicts() -> tuple[LabelVerdict, ...]:
    table = resources.files("firstlight.datasets").joinpath("verified_labels.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    return tuple(
        LabelVerdict(row.pop("dataset"), **{name: int(value) for name, value in row.items()}) for row in rows
    )


def verified_corrections(name: str) -> tuple[LabelVerdict, ...]:
    """Return the test labels that people disowned: fewer than three of five chose the given label.

    It does not list every wrong label: only suspicious images were shown to people.

    Parameters
    ----------
    name
        ``"mnist"`` (15 labels) or ``"cifar10"`` (54 labels).

    Raises
    ------
    UnknownNameError
        No verdicts are known for this data set.

    References
    ----------
    Northcutt, Athalye, Mueller: Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks.
    NeurIPS Datasets and Benchmarks 2021. Their data: Apache-2.0.

    Examples
    --------
    >>> verdict = verified_corrections("mnist")[0]
    >>> verdict.index, verdict.given, verdict.corrected
    (947, 8, 9)
    """
    known = {verdict.dataset for verdict in _verdicts()}
    if name not in known:
        raise UnknownNameError("data set with verified corrections", name, known)
    return tuple(verdict for verdict in _verdicts() if verdict.dataset == name)


def correct_labels(test: ImageDataset) -> ImageDataset:
    """Return a published test split with its verified corrections.

    A label on whose replacement at least three of five people agreed is replaced. An image on which they
    agreed on no other label is left out, because any label would be a guess. Two columns tell what was done:
    ``index``, the place in the published test split, and ``given``, the published label.

    Raises
    ------
    UsageError
        The labels are not those that were judged, for example because this is not the whole test split.
    """
    verdicts = verified_corrections(test.name)
    if "given" in test.columns:
        raise UsageError("These labels have been corrected already; load the data set anew.")
    places = torch.tensor([verdict.index for verdict in verdicts])
    given = torch.tensor([verdict.given for verdict in verdicts])
    if int(places.max()) >= len(test) or not torch.equal(test.labels[places], given):
        raise UsageError(
            f"Corrections of {test.name} are for its whole published test split; "
            f"got {len(test)} images of {test.split!r} with other labels."
        )
    labels, keep = test.labels.clone(), torch.ones(len(test), dtype=torch.bool)
    for verdict in verdicts:
        if verdict.corrected is None:
            keep[verdict.index] = False
        else:
            labels[verdict.index] = verdict.corrected
    index = torch.nonzero(keep).flatten()
    columns = {"index": torch.arange(len(test)), "given": test.labels}
    return test.replacing(labels=labels, columns={**test.columns, **columns}).subset(index)
