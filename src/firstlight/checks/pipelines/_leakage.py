"""D3: no test image in training."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import Atlas, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["splits_are_apart"]

MOST = 0.9
BY_CHANCE = 0.01  # of pictures found by likeness


@check_of("D3", "train and test are apart", families=("leakage",), instrument="control", seconds=60)
@reads
def splits_are_apart(subject: PipelineSubject) -> Outcome:
    """Look for images that come in both splits, and for splits that are not what they are called."""
    train, test = subject.train, subject.test
    if train is None or test is None:
        return skipped("there is one split only")
    if subject.atlas is None or subject.found_train is None or subject.found_test is None:
        return _by_bytes(train, test)
    atlas, of_train, of_test = subject.atlas, subject.found_train, subject.found_test
    is_lone = atlas.is_lone
    both = torch.isin(of_test.index, of_train.index[of_train.is_sure]) & of_test.is_sure
    both &= is_lone[of_test.index.clamp(min=0)]  # of duplicates one may lie in each split
    share = float(both.float().mean())
    if share > (0 if subject.is_plain else BY_CHANCE):
        return _overlap(test, of_test, both, subject)
    train_share, test_share = _train_share(of_train, atlas, 1.0), _train_share(of_test, atlas, 0.0)
    if min(of_train.sure_share, of_test.sure_share) < 0.1:
        return skipped("too few pictures are recognised for certain")
    if train_share < 1 - MOST and test_share > MOST:
        return failed(
            "leakage",
            expected=f"train images of {atlas.name} for train=True",
            seen=f"{len(train):,} test images for train=True, and train images for train=False",
            where="train batch 0, row 0",
            cause="The two splits are exchanged.",
            certainty=0.85,
        )
    if subject.declared.split == "test" and test_share > 0:
        return failed(
            "leakage",
            expected="images of the test split for train=False",
            seen=f"{100 * test_share:.3g} % of them are train images",
            where="test split",
            cause="The test split is cut out of the train split, though split=test was declared.",
            certainty=0.7,
        )
    if test_share > MOST:
        return warned(
            f"train=False gives a part of the train images of {atlas.name} that training does not see"
        )
    if train_share < 1 or test_share > 0:
        return warned(
            f"a split of its own: {100 * (1 - train_share):.3g} % of what it trains on are "
            "published test images"
        )
    return passed(f"no image of {len(test):,} test images among {len(train):,} train images")


def _train_share(found: Recognised, atlas: Atlas, otherwise: float) -> float:
    """Return which share of the pictures are train images, rounded where not all are certain."""
    rows = found.is_sure & atlas.is_lone[found.index.clamp(min=0)]
    if not rows.any():
        return otherwise
    share = float(atlas.is_of_train(found.index[rows]).float().mean())
    return round(share, 2 if found.rule == "likeness" else 3)


def _overlap(test: Epoch, of_test: Recognised, both: torch.Tensor, subject: PipelineSubject) -> Outcome:
    atlas = subject.atlas
    assert atlas is not None, "images are recognised in an atlas"
    row = int(both.nonzero()[0, 0])
    batch, place = test.batch_of(row)
    count, share = int(both.sum()), float(both.float().mean())
    if share > MOST:
        cause = "The test split is the train split, or a part of it."
        if not bool(atlas.is_of_train(of_test.index[both]).float().mean() > 0.5):
            cause = "Training sees the whole test split."
    else:
        cause = "The two splits were cut out of one set so that they overlap."
    return failed(
        "leakage",
        expected="no test image in training",
        seen=f"{count:,} of {len(test):,} test images come in training too",
        where=f"test batch {batch}, row {place}, which is {atlas.place(int(of_test.index[row]))}",
        cause=cause,
        certainty=0.97 if share < MOST or cause.startswith("Training") else 0.96,
    )


def _by_bytes(train: Epoch, test: Epoch) -> Outcome:
    """Compare pictures as they are, where they are of no known data set."""
    if train.images.shape[1:] != test.images.shape[1:] or train.images.dtype != test.images.dtype:
        return skipped("the pictures are not known, and the splits differ in shape")
    if test.images[0].numel() < 16:
        return skipped("the pictures are not known")
    seen = {hash(picture.numpy().tobytes()) for picture in train.images.contiguous().float()}
    rows = [
        row
        for row, picture in enumerate(test.images.contiguous().float())
        if len(picture.unique()) > 8 and hash(picture.numpy().tobytes()) in seen
    ]
    share = len(rows) / max(1, len(test))
    if share <= 0.05:
        return passed(f"{len(rows)} of {len(test):,} test pictures equal a train picture")
    batch, place = test.batch_of(rows[0])
    return failed(
        "leakage",
        expected="no test picture in training",
        seen=f"{len(rows):,} of {len(test):,} test pictures equal a train picture, number for number",
        where=f"test batch {batch}, row {place}",
        cause="The splits overlap.",
        certainty=0.55,
    )
