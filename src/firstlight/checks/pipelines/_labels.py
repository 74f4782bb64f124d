"""D1: each image has its label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import Atlas, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, Split, has_one_place, reads

__all__ = ["images_keep_labels"]

CLEAR = 0.98  # share of a class that bears one label, for labels to be a function of the class
SHUFFLED = 0.5
FEWER_LIKE = 0.05  # by how much an image of the delivered label is less like, to call a label wrong
DETERMINISTIC = 0.985  # likeness from which pictures went through one fixed transform
LEAST_WRONG = {True: 0.01, False: 0.08}  # share found wrong by likeness, from which it is certain
VARIED = 0.002


@check_of(
    "D1", "each image has its own label", families=("labels", "order"), instrument="control", seconds=60
)
@reads
def images_keep_labels(subject: PipelineSubject) -> Outcome:
    """Hold each delivered label against that of the image that the picture is."""
    if subject.atlas is None:
        return skipped("the pictures are not known")
    told, notes = [], []
    maps: dict[Split, tuple[int, ...]] = {}
    for split, epoch, found in subject.splits():
        if found is None or not (epoch.labels >= 0).any():
            continue
        ledger = _Ledger(subject.atlas, epoch, found)
        if ledger.judged_count < 20:
            continue
        outcome = _judged(subject, split, ledger, maps)
        if outcome is not None and outcome.status == "fail":
            return outcome
        notes += [outcome.seen] if outcome is not None else []
        told.append(f"{split}: {ledger.judged_count:,} labels")
    if len(set(maps.values())) > 1:
        return failed(
            "labels",
            expected="the same numbering of the classes in both splits",
            seen="; ".join(f"{split}: {list(numbers)}" for split, numbers in maps.items()),
            where="test labels",
            cause="Class numbers are given anew for each split, such as in order of their appearance.",
            certainty=0.9,
        )
    if notes:
        return warned("; ".join(notes))
    return passed("; ".join(told)) if told else skipped("no picture could be told for certain")


@dataclass(frozen=True, eq=False)
class _Ledger:
    """The labels of one epoch beside the true ones."""

    atlas: Atlas
    epoch: Epoch
    found: Recognised

    @cached_property
    def is_judged(self) -> Bool[Tensor, " n"]:
        """Of which rows the image is certain."""
        if self.found.exact_share > SHUFFLED / 2:
            return self.found.is_exact & (self.epoch.labels >= 0)
        usual = float(self.found.likeness.quantile(0.75))
        is_like = self.found.is_known & (self.found.likeness >= usual - 0.1)
        return is_like & (self.epoch.labels >= 0) & (self.found.is_wide | ~self.found.is_doubtful)

    @property
    def judged_count(self) -> int:
        """How many rows that are."""
        return int(self.is_judged.sum())

    @property
    def is_exact(self) -> bool:
        """Whether pictures were found exactly, not by likeness."""
        return self.found.exact_share > SHUFFLED / 2

    @cached_property
    def truth(self) -> Int64[Tensor, " n"]:
        """The label of each picture's image, -1 where it is not known."""
        return torch.where(self.found.is_known, self.atlas.labels[self.found.index.clamp(min=0)], -1)

    @cached_property
    def is_wrong(self) -> Bool[Tensor, " n"]:
        """Which judged rows bear a label that no image that looks so has."""
        sets = self.atlas.label_sets[self.found.index.clamp(min=0)]
        labels = self.epoch.labels.clamp(min=0, max=sets.shape[1] - 1)
        is_right = sets.gather(1, labels[:, None])[:, 0] & (self.epoch.labels < sets.shape[1])
        wrong = self.is_judged & ~is_right
        if not self.is_exact:
            wrong &= self.found.likeness - self.found.own_likeness >= FEWER_LIKE
        return wrong

    @cached_property
    def wrong_share(self) -> float:
        """Share of wrong labels in the whole epoch."""
        if self.is_exact:
            return float(self.is_wrong.sum()) / max(1, self.judged_count)
        wide = int(self.found.is_wide.sum())
        among = float(self.is_wrong.sum()) / max(1, wide)
        return among * float(self.found.is_doubtful.float().mean())

    @cached_property
    def table(self) -> Float[Tensor, "truth label"]:
        """How often each class bears each label, as shares of the class."""
        rows = self.is_judged if self.is_exact else self.is_judged & self.found.is_wide
        classes = len(self.atlas.classes)
        top = max(classes, int(self.epoch.labels.max()) + 1)
        flat = self.truth[rows] * top + self.epoch.labels[rows]
        counts = torch.bincount(flat, minlength=classes * top)[: classes * top].reshape(classes, top).float()
        return counts / counts.sum(1, keepdim=True).clamp(min=1)

    @cached_property
    def numbering(self) -> tuple[int, ...] | None:
        """The label of each class, where labels are a function of the class."""
        is_there = self.table.sum(1) > 0
        share, label = self.table.max(1)
        if not is_there.any() or float(share[is_there].min()) < CLEAR:
            return None
        return tuple(int(one) if here else -1 for one, here in zip(label, is_there, strict=True))

    def first_wrong(self) -> tuple[int, str]:
        """Return the first row with a wrong label, and where it is."""
        row = int(self.is_wrong.nonzero()[0, 0])
        batch, place = self.epoch.batch_of(row)
        image = self.atlas.place(int(self.found.index[row]))
        return row, f"batch {batch}, row {place}, which is {image}"


def _judged(
    subject: PipelineSubject, split: Split, ledger: _Ledger, maps: dict[Split, tuple[int, ...]]
) -> Outcome | None:
    numbering = ledger.numbering
    count = int(ledger.is_wrong.sum())
    if numbering is not None and ledger.wrong_share > CLEAR - SHUFFLED:
        maps[split] = numbering
        return _renumbered(subject, split, ledger, numbering)
    if numbering is not None and any(label not in (-1, place) for place, label in enumerate(numbering)):
        maps[split] = numbering
        return _renumbered(subject, split, ledger, numbering)
    if numbering is not None:
        maps[split] = tuple(range(len(numbering)))
    if not count:
        return None
    if ledger.is_exact and split == "test" and _is_corrected(ledger):
        return warned(f"{count} test labels are the verified corrections of the published ones")
    if _is_declared(subject, split, ledger):
        return warned(f"{100 * ledger.wrong_share:.2f} % of the train labels are wrong, as declared")
    certain = LEAST_WRONG[float(ledger.found.likeness.median()) > DETERMINISTIC]
    if not ledger.is_exact and ledger.wrong_share < certain:
        return None
    if ledger.is_exact and ledger.wrong_share < VARIED and not has_one_place(ledger.found):
        return None  # of varied pictures a few look exactly like another image
    return _wrong(split, ledger)


def _renumbered(
    subject: PipelineSubject, split: Split, ledger: _Ledger, numbering: tuple[int, ...]
) -> Outcome | None:
    """Judge labels that are a function of the class, and not the class."""
    pairs = [(place, label) for place, label in enumerate(numbering) if label >= 0]
    moved = [(place, label) for place, label in pairs if place != label]
    if not moved or subject.declared.labels == "any":
        return None
    classes = len(numbering)
    shifts = {label - place for place, label in pairs}
    turned = {(label - place) % classes for place, label in pairs}
    names = ", ".join(f"{place} bears {label}" for place, label in moved[:10])
    _, where = ledger.first_wrong()
    if len(shifts) == 1 or len(turned) == 1:
        by = min(shifts, key=abs) if len(shifts) == 1 else min(turned)
        return failed(
            "labels",
            expected="each image under its own class",
            seen=f"each label is the class {by:+d}" + ("" if len(shifts) == 1 else f" modulo {classes}"),
            where=f"{split} {where}",
            cause="Labels are off by one."
            if abs(by) == 1 or by == classes - 1
            else f"Labels are off by {by}.",
            certainty=0.98,
        )
    if len({label for _, label in pairs}) < len(pairs):
        return warned(f"{split} labels put classes together: {names}")
    if len(moved) <= 0.3 * len(pairs):
        return failed(
            "labels",
            expected="each class under its own number",
            seen=f"class {names}",
            where=f"{split} {where}",
            cause="Some classes are exchanged.",
            certainty=0.95,
        )
    return warned(f"{split} labels number the classes otherwise: class {names}")


def _wrong(split: Split, ledger: _Ledger) -> Outcome:
    row, where = ledger.first_wrong()
    share, count = ledger.wrong_share, int(ledger.is_wrong.sum())
    label, truth = int(ledger.epoch.labels[row]), int(ledger.truth[row])
    cause = _cause(ledger) or (
        "Images and labels are shuffled apart: agreement is what chance gives."
        if share > SHUFFLED
        else f"{100 * share:.2g} % of the labels are not those of their images."
    )
    how = f"{count:,} of {ledger.judged_count:,} labels" if ledger.is_exact else "by likeness, the labels"
    return failed(
        "labels",
        expected="each image with the label that it was published with",
        seen=f"{how} are wrong, {100 * share:.3g} %; the first: {label} where it is {truth}",
        where=f"{split} {where}",
        cause=cause,
        hint="Shuffle images and labels with one and the same permutation, and change neither afterwards."
        if share > SHUFFLED
        else cause,
        certainty=0.97 if ledger.is_exact or share > SHUFFLED else 0.85,
    )


def _cause(ledger: _Ledger) -> str | None:
    """Name a regular way in which labels are wrong."""
    lag = _lag(ledger)
    if lag:
        return f"Each image bears the label of the image {abs(lag)} {'after' if lag > 0 else 'before'} it."
    wrong = ledger.is_wrong
    starts = torch.tensor(ledger.epoch.starts())
    batches = torch.searchsorted(starts, wrong.nonzero()[:, 0], right=True) - 1
    last = len(starts) - 1
    if len(starts) > 2 and int(batches.min()) == last:
        return "Only the last batch is wrong: it is cut or filled otherwise than the others."
    inside = wrong.nonzero()[:, 0] - starts[batches]
    if len(starts) > 5 and len(batches) > 5 and len(torch.unique(inside)) == 1:
        return f"Only row {int(inside[0])} of each batch is wrong."
    table = ledger.table.clone()
    table[:, : len(table)].fill_diagonal_(0)
    share, place = table.reshape(-1).max(0)
    if float(share) > 0.2 and float(share) > 0.8 * float(table.sum()):
        truth, label = divmod(int(place), table.shape[1])
        return f"{100 * float(share):.0f} % of class {truth} bear the label {label}, other classes are right."
    return None


def _lag(ledger: _Ledger) -> int:
    """Return by how many rows labels lie behind their images, 0 where they do not."""
    truth, labels = ledger.truth, ledger.epoch.labels
    size = ledger.epoch.sizes[0] if ledger.epoch.sizes else 1
    lags = {*range(-3, 4), size, -size} - {0}
    for lag in sorted(lags, key=abs):
        if abs(lag) >= len(labels):
            continue
        a, b = (labels[:-lag], truth[lag:]) if lag > 0 else (labels[-lag:], truth[:lag])
        known = (a >= 0) & (b >= 0)
        if known.any() and float((a == b)[known].float().mean()) > 0.9:
            return int(lag)
    return 0


def _is_corrected(ledger: _Ledger) -> bool:
    """Return whether all changed labels are corrections that people verified."""
    from firstlight.datasets import verified_corrections

    if ledger.atlas.name not in ("mnist", "cifar10"):
        return False
    verdicts = verified_corrections(ledger.atlas.name)
    known = {verdict.index: verdict.corrected for verdict in verdicts if verdict.corrected is not None}
    rows = ledger.is_wrong.nonzero()[:, 0]
    places = (ledger.found.index[rows] - ledger.atlas.train_count).tolist()
    labels = ledger.epoch.labels[rows].tolist()
    return not any(known.get(place) != label for place, label in zip(places, labels, strict=True))


def _is_declared(subject: PipelineSubject, split: Split, ledger: _Ledger) -> bool:
    """Return whether as many train labels are wrong as was declared, within four standard errors."""
    noise = subject.declared.label_noise
    if noise is None or split != "train":
        return False
    share, n = ledger.wrong_share, max(1, ledger.judged_count)
    slack = 4 * (noise * (1 - noise) / n) ** 0.5 + 1e-3
    return bool(0.85 * noise - slack <= share <= noise + slack)  # a label drawn anew may be the right one
