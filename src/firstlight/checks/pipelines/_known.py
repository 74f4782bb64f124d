"""D13: whose images they are."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, warned
from firstlight.checks.identity import Atlas, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["images_are_known"]

NEARLY_ALL = 0.9
HALF = 0.5
LEARNABLE = 0.35  # means of classes know more than 0.65 of each of these data sets


@check_of(
    "D13",
    "each picture is an image of the data set",
    families=("preprocessing", "evaluation-count"),
    seconds=120,
)
@reads
def images_are_known(subject: PipelineSubject) -> Outcome:
    """Find each picture among all images of the data set, under whatever was done to it."""
    atlas = subject.atlas
    if atlas is None:
        scrambled = _scrambled(subject)
        return scrambled or inconclusive(
            "the pictures are no images of MNIST, Fashion-MNIST or CIFAR-10 as far as "
            "these are at hand, so that "
            "nothing could be held against them",
            hint="--declares dataset=NAME or dataset=PATH says which they are",
        )
    told = []
    for split, epoch, found in subject.splits():
        if found is None:
            continue
        strange = _strange(split, epoch, found)
        if strange is not None:
            return strange
        how = "exactly" if found.exact_share > HALF else "by likeness"
        told.append(f"{split}: {100 * found.known_share:.2f} % found {how}")
    weak = [split for split, _, found in subject.splits() if found is not None and found.known_share < HALF]
    if weak:
        return warned(
            f"{atlas.name}: of the {' and the '.join(weak)} split little is recognised; {'; '.join(told)}"
        )
    return passed(f"{atlas.name}; {'; '.join(told)}")


def _strange(split: str, epoch: Epoch, found: Recognised) -> Outcome | None:
    """Tell of pictures of the test split that are no image at all, where all others are exactly one."""
    rows = (~found.is_known).nonzero()[:, 0]
    if not len(rows):
        return None
    row = int(rows[0])
    batch, place = epoch.batch_of(row)
    pictures = epoch.images[rows].float()
    is_blank = (pictures.amax((1, 2, 3)) == pictures.amin((1, 2, 3))).float().mean() > NEARLY_ALL
    if is_blank:
        is_padding = batch == len(epoch.sizes) - 1
        return failed(
            "evaluation-count" if is_padding else "preprocessing",
            expected="images",
            seen=f"{len(rows):,} blank pictures among {len(epoch):,}",
            where=f"{split} batch {batch}, row {place}",
            cause="The last batch is filled up with blank rows."
            if is_padding
            else "Pictures were wiped out.",
            certainty=0.85,
        )
    is_by_value = found.rule not in ("pixel", "half", "half-inverted")
    if split == "test" and found.exact_share > NEARLY_ALL and is_by_value:
        return failed(
            "preprocessing",
            expected="each test picture an image of the data set, as the others are",
            seen=f"{len(rows):,} of {len(epoch):,} are none: their pixels were changed",
            where=f"test batch {batch}, row {place}",
            cause="Some of the test pictures go through another transform, or are damaged.",
            certainty=0.6,
        )
    return None


def _scrambled(subject: PipelineSubject) -> Outcome | None:
    """Tell of pictures that have the labels of a data set, in its numbers, and none of its images."""
    from firstlight.checks.identity import atlas_at_hand

    test = subject.test
    if test is None or subject.declared.pixels == "any":
        return None
    for name in ("mnist", "fashion-mnist"):
        atlas = atlas_at_hand(name)
        if atlas is None or not _has_its_labels(atlas, test):
            continue
        if _centroid_accuracy(test) > LEARNABLE:
            continue
        return failed(
            "preprocessing",
            expected=f"images of {name}, whose number of test images of each class these labels have",
            seen="pictures that are none of them and say nothing about their labels",
            where="test batch 0, row 0",
            cause="Axes are reshaped where they have to be transposed, so that pixels of several images mix.",
            certainty=0.6,
        )
    return None


def _has_its_labels(atlas: Atlas, test: Epoch) -> bool:
    if len(test) != atlas.test_count or int(test.labels.min()) < 0:
        return False
    wanted = torch.bincount(atlas.labels[atlas.train_count :], minlength=10)
    seen = torch.bincount(test.labels, minlength=10)
    # Labels in the published order, or an unusual number of each: Fashion-MNIST's classes are all equal.
    is_same_order = torch.equal(test.labels, atlas.labels[atlas.train_count :])
    return is_same_order or (torch.equal(seen, wanted) and len(torch.unique(wanted)) > 1)


def _centroid_accuracy(test: Epoch) -> float:
    """Return the share of every other picture that is nearest to its class's mean over those between."""
    flat = test.images.reshape(len(test), -1).float()
    flat = (flat - flat.mean()) / flat.std().clamp(min=1e-12)
    classes = int(test.labels.max()) + 1
    shown, asked = flat[::2], flat[1::2]
    means = torch.stack([shown[test.labels[::2] == one].mean(0) for one in range(classes)])
    scores = asked @ means.T - (means**2).sum(1) / 2
    return float((scores.argmax(1) == test.labels[1::2]).float().mean())
