"""D4: the test split is the same each time."""

from __future__ import annotations

import torch
from jaxtyping import Int64
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import Recognised, recognise
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["evaluation_holds_still", "paired_rows"]

ROUNDING = 1e-4  # of the range
MANY = 0.02


@check_of("D4", "test images are the same each time", families=("augmentation",), seconds=60)
@reads
def evaluation_holds_still(subject: PipelineSubject) -> Outcome:
    """Read the test split twice; also look for moves and flips that differ from picture to picture."""
    test, again = subject.test, subject.test_again
    if test is None or again is None or not len(again) or not len(test):
        return skipped("there is no test split")
    pairs = paired_rows(subject, test, subject.found_test, again)
    if pairs is None:
        return warned("the test images come in another order each time, and are not recognised")
    first, second = pairs
    if test.images.shape[1:] != again.images.shape[1:]:
        return warned("the second pass has another shape")
    slack = ROUNDING * max(test.high - test.low, 1e-12)
    rest = (test.images[first].float() - again.images[second].float()).abs().amax((1, 2, 3))
    changed = rest > slack
    if changed.any():
        row = int(first[changed][0])
        batch, place = test.batch_of(row)
        return failed(
            "augmentation",
            expected="the same test images in two passes",
            seen=f"{int(changed.sum()):,} of {len(first):,} differ, by up to {float(rest.max()):.3g}",
            where=f"test batch {batch}, row {place}",
            cause="Test images are augmented: they go through the random transforms of training.",
            hint="Give the test split a transform of its own, without anything random.",
            certainty=0.97,
        )
    varied = _varied(subject)
    if varied is not None:
        return varied
    return passed(f"{len(first):,} test images twice, equal")


def paired_rows(
    subject: PipelineSubject, first: Epoch, found: Recognised | None, second: Epoch
) -> tuple[Int64[Tensor, " k"], Int64[Tensor, " k"]] | None:
    """Return rows of two epochs that are the same image; ``None`` where that cannot be told."""
    n = min(len(first), len(second))
    if torch.equal(first.labels[:n], second.labels[:n]) and len(torch.unique(first.labels[:n])) > 1:
        return torch.arange(n), torch.arange(n)
    if subject.atlas is None or found is None or found.sure_share < 0.5:
        return None
    other = recognise(second.images, second.labels, subject.atlas)
    place = torch.full((len(subject.atlas.images),), -1)
    mine = found.is_sure.nonzero()[:, 0]
    place[found.index[mine]] = mine
    counts = torch.bincount(subject.atlas.first_alike, minlength=len(place))
    theirs = (other.is_sure & (counts[other.index.clamp(min=0)] == 1)).nonzero()[:, 0]
    rows = place[other.index[theirs]]
    return (rows[rows >= 0], theirs[rows >= 0]) if (rows >= 0).any() else None


def _varied(subject: PipelineSubject) -> Outcome | None:
    """Tell of a test split in which pictures are moved or turned one by one, where train pictures are not."""
    of_train, of_test, test = subject.found_train, subject.found_test, subject.test
    if of_test is None or test is None or of_test.exact_share < 0.5:
        return None
    for name, mine, theirs in (
        ("turned", _odd_turns(of_test), 0.0 if of_train is None else _odd_share(_odd_turns(of_train))),
        ("moved", _odd_moves(of_test), 1.0 if of_train is None else _odd_share(_odd_moves(of_train))),
    ):
        share = _odd_share(mine)
        is_special = name == "turned" or theirs < MANY
        if share > MANY and is_special:
            row = int(mine.nonzero()[0, 0])
            batch, place = test.batch_of(row)
            return failed(
                "augmentation",
                expected="all test pictures under one transform",
                seen=f"{100 * share:.1f} % of the test pictures are {name} otherwise than the rest",
                where=f"test batch {batch}, row {place}",
                cause="Test images are augmented, with the same draws each time.",
                certainty=0.85,
            )
    return None


def _odd_turns(found: Recognised) -> Tensor:
    known = found.is_exact
    usual = int(torch.bincount(found.turn[known], minlength=1).argmax()) if known.any() else 0
    return known & (found.turn != usual)


def _odd_moves(found: Recognised) -> Tensor:
    known = found.is_exact
    if not known.any():
        return known
    offsets, counts = torch.unique(found.offset[known], dim=0, return_counts=True)
    usual = offsets[counts.argmax()]
    moved: Tensor = known & (found.offset != usual).any(1)
    return moved


def _odd_share(rows: Tensor) -> float:
    return float(rows.float().mean()) if len(rows) else 0.0
