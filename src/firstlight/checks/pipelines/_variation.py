"""D5: what is varied at random keeps the label, and is varied anew."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import TURNS, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._frozen import reader_accuracy
from firstlight.checks.pipelines._subject import PipelineSubject, reads
from firstlight.checks.pipelines._twice import paired_rows

__all__ = ["variation_is_right"]

SOME = 0.01
MANY = 0.15
LEGIBLE = 0.9
ILLEGIBLE = 0.5
SEQUENCE = 24  # draws in a row that are equal in two batches: not by chance
ROUNDING = 1e-4


@check_of(
    "D5", "random changes of train images", families=("augmentation",), instrument="control", seconds=40
)
@reads
def variation_is_right(subject: PipelineSubject) -> Outcome:
    """Look for flips of digits, for draws that repeat themselves, and for pictures that cannot be read."""
    train, found = subject.train, subject.found_train
    if train is None or found is None or subject.atlas is None:
        return skipped("the train pictures are not known")
    for judged in (
        _flipped(subject, found),
        _repeated_draws(train, found),
        _same_again(subject, train, found),
    ):
        if judged is not None:
            return judged
    unread = _illegible(subject, train, found)
    if unread is not None:
        return unread
    if not _is_varied(found) and subject.declared.augment == "yes":
        return failed(
            "ignored-option",
            expected="train images that are varied, as declared",
            seen="each picture is its image, unchanged",
            where="train batch 0, row 0",
            cause="Augmentation was declared and does not happen.",
            certainty=0.8,
        )
    return passed("varied" if _is_varied(found) else "not varied")


def _is_varied(found: Recognised) -> bool:
    if found.exact_share < 0.9:
        return True
    return len(torch.unique(_draws(found), dim=0)) > 2


def _draws(found: Recognised) -> Int64[Tensor, "n 3"]:
    """Return what can be seen of each picture's draw: turn and offset."""
    return torch.cat([found.turn[:, None], found.offset], dim=1)


def _flipped(subject: PipelineSubject, found: Recognised) -> Outcome | None:
    """Tell of digits of which some are mirrored or turned."""
    atlas = subject.atlas
    assert atlas is not None, "asked for by the check"
    known = found.is_exact
    if known.float().mean() > 0.3:
        turns = torch.bincount(found.turn[known], minlength=len(TURNS)).float() / known.sum()
        usual = int(turns.argmax())
        others = {place: float(share) for place, share in enumerate(turns) if place != usual and share > SOME}
    else:
        others, usual = _turned_votes(found), 0
    names = ", ".join(f"{100 * share:.0f} % {TURNS[place].name}" for place, share in others.items())
    if not others:
        return None
    if atlas.name != "mnist":
        odd = {place for place in others if place not in (0, 1)}
        return warned(f"train pictures: {names}") if odd else None
    if subject.declared.pixels == "any":
        return None
    row = int((known & (found.turn != usual)).nonzero()[0, 0]) if known.any() else 0
    return failed(
        "augmentation",
        expected="digits upright",
        seen=f"train pictures: {names}",
        where=f"train row {row}",
        cause="Flips and turns by 90 degrees make of a digit what is none, or another one.",
        hint="Leave them out for digits; small rotations and shifts keep the label.",
        certainty=0.95,
    )


def _turned_votes(found: Recognised) -> dict[int, float]:
    votes = found.votes
    if not len(votes):
        return {}
    best, place = votes.max(1)
    is_turned = (place != 0) & (best > 0.85) & (best - votes[:, 0] > 0.08)
    if float(is_turned.float().mean()) < MANY:
        return {}
    shares = torch.bincount(place[is_turned], minlength=len(TURNS)).float() / len(votes)
    return {turn: float(share) for turn, share in enumerate(shares) if share > 0}


def _repeated_draws(train: Epoch, found: Recognised) -> Outcome | None:
    """Tell of batches whose pictures got the same sequence of draws as those of another batch."""
    if found.exact_share < 0.5 or len(train.sizes) < 4:
        return None
    draws = _draws(found)
    if len(torch.unique(draws, dim=0)) < 4:
        return None
    starts, repeats, first = train.starts(), 0, (0, 0)
    seen: dict[bytes, int] = {}
    whole = [number for number, size in enumerate(train.sizes) if size >= SEQUENCE]
    for number in whole:
        rows = slice(starts[number], starts[number] + SEQUENCE)
        part = draws[rows]
        if len(torch.unique(part, dim=0)) < 4 or not bool(found.is_exact[rows].all()):
            continue
        key = part.numpy().tobytes()
        if key in seen:
            first = first if repeats else (seen[key], number)
            repeats += 1
        seen.setdefault(key, number)
    if not repeats:
        return None
    return failed(
        "augmentation",
        expected="draws of its own for each picture",
        seen=f"{repeats + 1} of {len(whole)} batches have the very draws of another batch",
        where=f"train batch {first[1]} has those of batch {first[0]}",
        cause="Workers share one state of NumPy's random numbers, or the generator is "
        "seeded anew for each batch.",
        hint="Seed each worker by torch.initial_seed(), or draw from torch's generator.",
        certainty=0.97,
    )


def _same_again(subject: PipelineSubject, train: Epoch, found: Recognised) -> Outcome | None:
    """Tell of pictures that are varied in the very same way in the next epoch."""
    again = subject.train_again
    if (
        again is None
        or not len(again)
        or not _is_varied(found)
        or again.images.shape[1:] != train.images.shape[1:]
    ):
        return None
    is_test_plain = subject.found_test is not None and not _is_varied(subject.found_test)
    pairs = paired_rows(subject, train, found, again)
    if pairs is None or not is_test_plain:
        return None
    first, second = pairs
    slack = ROUNDING * max(train.high - train.low, 1e-12)
    rest = (train.images[first].float() - again.images[second].float()).abs().amax((1, 2, 3))
    same = float((rest <= slack).float().mean())
    if same < 0.99 or not len(first):
        return None
    is_other_order = not torch.equal(first, second)
    if subject.is_same_source("train") or is_other_order or subject.declared.augment == "yes":
        return failed(
            "augmentation",
            expected="other draws in the next epoch",
            seen=f"{100 * same:.1f} % of {len(first):,} pictures are the same in the next "
            "epoch, number for number",
            where="second epoch, train batch 0",
            cause="Images are augmented once and kept, or with a seed of their own, so "
            "that each epoch sees the same.",
            hint="Augment when a batch is made, from a generator that goes on.",
            certainty=0.85,
        )
    return warned("asked anew, it gives the very same random changes: each call may begin with one seed")


def _illegible(subject: PipelineSubject, train: Epoch, found: Recognised) -> Outcome | None:
    """Let the shipped network read some of the pictures that are not exactly images."""
    assert subject.atlas is not None, "asked for by the check"
    if subject.atlas.name != "mnist" or found.exact_share > 0.5:
        return None
    rows = torch.linspace(0, len(train) - 1, min(400, len(train))).long()
    rows = rows[train.labels[rows] >= 0]
    if len(rows) < 50:
        return None
    accuracy = reader_accuracy(_bytes(subject, train, rows), train.labels[rows])
    if accuracy >= LEGIBLE:
        return None
    if accuracy < ILLEGIBLE and found.known_share < 0.5:
        return failed(
            "augmentation",
            expected="train pictures that a good network can read",
            seen=f"the shipped network reads {100 * accuracy:.0f} % of them",
            where="train pictures",
            cause="Random changes are so strong that the label is lost.",
            certainty=0.4,
        )
    return warned(
        f"the shipped network reads {100 * accuracy:.0f} % of the train pictures: changes are strong"
    )


def _bytes(subject: PipelineSubject, epoch: Epoch, rows: Tensor) -> Float[Tensor, "k 1 h w"]:
    """Return pictures as numbers from 0 to 255 with a dark background, as the test split maps bytes."""
    pictures, greys = epoch.images[rows].float(), subject.greys_test
    if greys is not None and greys.form == "affine" and greys.slope[0]:
        return ((pictures - greys.start[0]) / greys.slope[0]).clamp(0, 255)
    pictures = (pictures - epoch.low) / max(epoch.high - epoch.low, 1e-12) * 255
    border = torch.cat([pictures[:, :, 0], pictures[:, :, -1]], dim=2).median()
    return 255 - pictures if float(border) > 128 else pictures
