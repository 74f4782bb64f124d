"""D6: pictures lie as they were published, and in the same way in both splits."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.identity import TURNS, Recognised
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, Split, reads

__all__ = ["pictures_lie_right"]

NEARLY_ALL = 0.95


@check_of(
    "D6", "pictures lie as they were published", families=("preprocessing",), instrument="control", seconds=60
)
@reads
def pictures_lie_right(subject: PipelineSubject) -> Outcome:
    """Look for splits that are turned, mirrored, rolled, moved, or whose channels are exchanged."""
    if subject.atlas is None:
        return skipped("the pictures are not known")
    places: dict[Split, tuple[int, int] | None] = {}
    judged = []
    for split, epoch, found in subject.splits():
        if found is None or found.known_share < 0.3:
            continue
        judged.append(split)
        outcome = None if subject.declared.pixels == "any" else _outcome(subject, split, epoch, found)
        if outcome is not None:
            return outcome
        places[split] = _place(found)
    if len(judged) == 2 and None not in places.values() and len(set(places.values())) > 1:
        return failed(
            "preprocessing",
            expected=f"test pictures in the same place as train pictures, {places['train']}",
            seen=f"{places['test']} (rows and columns further)",
            where="test batch 0, row 0",
            cause="The two splits are padded, cropped or moved differently.",
            certainty=0.9,
        )
    return passed("upright, and where they belong") if judged else skipped("the pictures are not recognised")


def _outcome(subject: PipelineSubject, split: Split, epoch: Epoch, found: Recognised) -> Outcome | None:
    known = found.is_known
    turns = torch.bincount(found.turn[known], minlength=len(TURNS))
    usual = int(turns.argmax())
    both = " in this split only" if _other_is_upright(subject, split) else ""
    if usual != 0 and int(turns[usual]) > NEARLY_ALL * int(known.sum()):
        return _failed(split, f"{TURNS[usual].name}{both}", _cause_of_turn(usual), 0.96)
    if len(found.channels) > 1 and found.channels != tuple(range(len(found.channels))):
        return _failed(
            split, "blue where red should be", "Channels are read in the order BGR, as OpenCV does.", 0.97
        )
    if found.roll != (0, 0):
        by = (
            f"{found.roll[0]} rows and {found.roll[-1]} columns"
            if len(found.roll) > 1
            else f"{found.roll[0]} pixels"
        )
        seen = f"rolled by {by} around the edge"
        return _failed(
            split, seen, "Pictures are rolled, so that what leaves on one side comes in on the other.", 0.95
        )
    atlas = subject.atlas
    is_same_size = atlas is not None and epoch.images.shape[2:] == atlas.images.shape[2:]
    place = _place(found)
    if is_same_size and place not in (None, (0, 0)) and found.is_exact.any():
        assert place is not None, "it was just told from None"
        seen = f"{place[0]:+d} rows and {place[1]:+d} columns away from where they were published"
        return _failed(split, seen, "Pictures are rolled or shifted by a fixed number of pixels.", 0.85)
    return None


def _place(found: Recognised) -> tuple[int, int] | None:
    """Return the offset that nearly all pictures have, if there is one."""
    known = found.is_exact
    if not known.any() or found.rule == "values":
        return None
    offsets, counts = torch.unique(found.offset[known], dim=0, return_counts=True)
    if int(counts.max()) < NEARLY_ALL * int(known.sum()):
        return None
    down, across = offsets[counts.argmax()].tolist()
    return int(down), int(across)


def _other_is_upright(subject: PipelineSubject, split: Split) -> bool | None:
    other = subject.found("test" if split == "train" else "train")
    if other is None or not other.is_known.any():
        return None
    return bool((other.turn[other.is_known] == 0).float().mean() > 0.5)


def _cause_of_turn(turn: int) -> str:
    name = TURNS[turn].name
    if name == "transposed":
        return "Rows and columns are exchanged: a reshape in the wrong order, or a file of Matlab's."
    return f"All pictures are {name}."


def _failed(split: Split, seen: str, cause: str, certainty: float) -> Outcome:
    return failed(
        "preprocessing",
        expected="pictures as they were published",
        seen=f"{split} pictures are {seen}",
        where=f"{split} batch 0, row 0",
        cause=cause,
        hint="Undo it, or declare pixels=any where it is meant.",
        certainty=certainty,
    )
