"""D2: each image once in an epoch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Int64
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import Atlas, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, Split, has_one_place, reads

__all__ = ["each_image_once"]

SURE = 0.98
ROUND = 500  # splits that somebody chose are multiples of it
CHANCE = 0.632  # share of n images that n draws with replacement see


@dataclass(frozen=True, eq=False)
class _Count:
    """How often each image was delivered, and how often it should be."""

    epoch: Epoch
    found: Recognised
    atlas: Atlas
    seen: Int64[Tensor, " images"]
    there: Int64[Tensor, " images"]

    @staticmethod
    def of(epoch: Epoch, found: Recognised, atlas: Atlas) -> _Count:
        """Count the pictures that are known for certain."""
        size = len(atlas.images)
        seen = torch.bincount(found.index[found.is_sure], minlength=size)
        there = torch.bincount(atlas.first_alike, minlength=size)
        return _Count(epoch, found, atlas, seen, there)

    @property
    def total(self) -> int:
        return len(self.epoch)

    @property
    def repeats(self) -> int:
        """Deliveries beyond the first of each image."""
        return int((self.seen - self.there).clamp(min=0).sum())

    @property
    def different(self) -> int:
        """Different images that came."""
        return int(torch.minimum(self.seen, self.there).sum())

    def first_repeated(self) -> str:
        """Say which image came twice first, and where."""
        index = self.found.index
        often = (self.seen > self.there).nonzero()[:, 0]
        rows = torch.isin(index, often).nonzero()[:, 0].tolist()
        met: dict[int, int] = {}
        for row in rows:
            image = int(index[row])
            met[image] = met.get(image, 0) + 1
            if met[image] > int(self.there[image]):
                batch, place = self.epoch.batch_of(row)
                return f"batch {batch}, row {place}: {self.atlas.place(image)} again"
        return ""


@check_of(
    "D2",
    "each image once in an epoch",
    families=("evaluation-count", "order"),
    instrument="control",
    seconds=60,
)
@reads
def each_image_once(subject: PipelineSubject) -> Outcome:
    """Count how often each image of the data set is delivered."""
    if subject.atlas is None:
        return skipped("the pictures are not known")
    told, notes = [], []
    for split, epoch, found in subject.splits():
        if found is None:
            continue
        if found.sure_share < SURE:
            outcome = _by_number(split, epoch, subject.atlas)
        else:
            outcome = _judged(subject, split, _Count.of(epoch, found, subject.atlas))
        if outcome is None:
            told.append(f"{split}: {len(epoch):,} images, each once")
        elif outcome.status == "fail":
            return outcome
        else:
            notes.append(f"{split}: {outcome.seen}")
    return warned("; ".join(notes)) if notes else passed("; ".join(told))


def _by_number(split: Split, epoch: Epoch, atlas: Atlas) -> Outcome | None:
    """Judge by the number of pictures alone, where not all are recognised for certain."""
    whole = atlas.train_count if split == "train" else atlas.test_count
    if len(epoch) == whole:
        return None
    if split == "test" and _is_last_dropped(epoch, whole):
        return _dropped(epoch, whole)
    return warned(f"{len(epoch):,} pictures, where the data set has {whole:,}; not all are recognised")


def _judged(subject: PipelineSubject, split: Split, count: _Count) -> Outcome | None:
    if count.epoch.is_cut:
        return _of_stream(count)
    if subject.declared.sampling == "replacement" and split == "train":
        return None
    repeats = count.repeats
    if repeats and _is_each_as_often(count):
        return warned(f"each image comes {int(count.seen.max())} times")
    slack = 0 if has_one_place(count.found) and count.found.exact_share > SURE else 0.003 * count.total
    if repeats > slack:
        return _repeated(subject, split, count)
    return _missing(subject, split, count)


def _of_stream(count: _Count) -> Outcome | None:
    return warned(
        f"it did not end after {count.total:,} images, of which {count.different:,} are "
        "different: an endless stream"
    )


def _is_each_as_often(count: _Count) -> bool:
    """Return whether all images that came, came equally often: copies, varied or not, on purpose."""
    rows = (count.seen > 0) & (count.there == 1)
    values = count.seen[rows]
    return bool(len(values)) and int(values.min()) == int(values.max()) > 1


def _repeated(subject: PipelineSubject, split: Split, count: _Count) -> Outcome:
    del subject
    whole = count.atlas.train_count if split == "train" else count.atlas.test_count
    share = count.different / whole
    if abs(share - (1 - 2.718281828 ** (-count.total / whole))) < 0.02 and count.repeats > 0.05 * count.total:
        return failed(
            "evaluation-count",
            expected=f"each of {whole:,} images once",
            seen=f"{count.different:,} different images among {count.total:,}, as drawing "
            "with replacement gives",
            where=f"{split} {count.first_repeated()}",
            cause="Images are drawn with replacement, so that a third of them is missing in each epoch.",
            hint="Go through a permutation of all images, or declare sampling=replacement.",
            certainty=0.95,
        )
    last = count.epoch.sizes[-1]
    cause = "Some images come twice in an epoch."
    if 0 < count.repeats < max(count.epoch.sizes) and count.different == whole:
        cause = "The last batch is filled up with images that came before."
    elif count.epoch.sizes[0] == last and count.repeats >= last:
        cause = "Batches overlap, or one batch is delivered more than once."
    return failed(
        "evaluation-count",
        expected=f"each of {whole:,} images once",
        seen=f"{count.repeats:,} deliveries too many; {whole - count.different:,} images never come"
        if count.different < whole
        else f"{count.repeats:,} deliveries too many",
        where=f"{split} {count.first_repeated()}",
        cause=cause,
        certainty=0.85,
    )


def _missing(subject: PipelineSubject, split: Split, count: _Count) -> Outcome | None:
    """Judge a split in which no image comes twice, by how many never come."""
    declared = subject.declared.subset if split == "train" else subject.declared.test_subset
    atlas, total = count.atlas, count.total
    home = "train" if bool(atlas.is_of_train(count.found.index).float().mean() > 0.5) else "test"
    whole = atlas.train_count if home == "train" else atlas.test_count
    wanted = int(declared) if declared is not None else whole
    if total == wanted or total > whole:
        return None
    size = max(count.epoch.sizes)
    if declared is not None and not 0 < wanted - total < size:
        return failed(
            "evaluation-count",
            expected=f"{wanted:,} images, as declared",
            seen=f"{total:,}",
            where=f"{split} split",
            cause="Not as many images come as was declared.",
            certainty=0.8,
        )
    chosen = _chosen_classes(count, home == "train")
    if chosen:
        return warned(f"only images of class {chosen} come")
    if split == "train":
        return _missing_in_train(subject, count, wanted, size)
    if home == "train":
        return warned(f"train=False gives {total:,} images of the train split: a validation part")
    if _is_last_dropped(count.epoch, wanted):
        return _dropped(count.epoch, wanted)
    if total % ROUND == 0 or _is_corrected_split(atlas, wanted - total):
        return warned(
            f"{wanted - total:,} of {wanted:,} images never come; say test_subset={total} if this is meant"
        )
    return _unseen(split, count, wanted)


def _chosen_classes(count: _Count, is_train: bool) -> str:
    """Return the classes that come, where all of their images come and none of the others; else nothing."""
    atlas = count.atlas
    is_home = (torch.arange(len(atlas.images)) < atlas.train_count) == is_train
    is_home &= atlas.is_lone
    there = torch.bincount(atlas.labels[is_home])
    seen = torch.bincount(atlas.labels[is_home & (count.seen > 0)], minlength=len(there))
    share = seen / there.clamp(min=1)
    is_chosen = share > 0.999
    if not bool((is_chosen | (seen == 0)).all()) or bool(is_chosen.all()) or not bool(is_chosen.any()):
        return ""
    return ", ".join(str(label) for label in is_chosen.nonzero()[:, 0].tolist())


def _missing_in_train(subject: PipelineSubject, count: _Count, wanted: int, size: int) -> Outcome | None:
    total = count.total
    if _is_last_dropped(count.epoch, wanted) or subject.declared.drop_last == "yes":
        if subject.declared.drop_last == "no":
            return _dropped(count.epoch, wanted)
        return warned(f"the last {wanted - total} images are dropped, because they fill no batch (drop_last)")
    chosen = -(-total // ROUND) * ROUND
    is_chosen = chosen < wanted and (chosen == total or _is_last_dropped(count.epoch, chosen))
    if is_chosen and wanted - total != size:
        return warned(
            f"{wanted - total:,} of {wanted:,} images never come; say subset={total} if this is meant"
        )
    return _unseen("train", count, wanted)


def _is_last_dropped(epoch: Epoch, whole: int) -> bool:
    size = epoch.sizes[0]
    if len(epoch.sizes) < 2:
        return False
    return len(epoch) == whole // size * size < whole and min(epoch.sizes) == size


def _is_corrected_split(atlas: Atlas, missing: int) -> bool:
    from firstlight.datasets import verified_corrections

    if atlas.name not in ("mnist", "cifar10"):
        return False
    return missing == sum(verdict.corrected is None for verdict in verified_corrections(atlas.name))


def _dropped(epoch: Epoch, whole: int) -> Outcome:
    return failed(
        "evaluation-count",
        expected=f"all {whole:,} images",
        seen=f"{len(epoch):,}: the last {whole - len(epoch)} never come",
        where=f"after batch {len(epoch.sizes) - 1}",
        cause="The last batch is dropped because it is not full (drop_last), so that an "
        "accuracy leaves images out.",
        hint="Set drop_last=False for the test split.",
        certainty=0.95,
    )


def _unseen(split: Split, count: _Count, wanted: int) -> Outcome:
    atlas = count.atlas
    is_home = torch.arange(len(atlas.images)) < atlas.train_count
    is_home = is_home if split == "train" else ~is_home
    left = ((count.seen < count.there) & is_home).nonzero()[:, 0]
    first = atlas.place(int(left[0])) if len(left) else "?"
    return failed(
        "evaluation-count",
        expected=f"all {wanted:,} images",
        seen=f"{count.total:,}: {wanted - count.total:,} never come",
        where=f"{split} split; the first that never comes is {first}",
        cause="A bound is off, so that some images are never delivered.",
        hint=f"Deliver all, or declare {'subset' if split == 'train' else 'test_subset'}={count.total}.",
        certainty=0.8,
    )
