"""A5: bytes do not wrap around at 256."""

from __future__ import annotations

from dataclasses import replace

import torch

from firstlight._seeds import derived_seed
from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["bytes_do_not_wrap"]

LEVELS = tuple(range(15, 256, 20))
ROWS = 32
SLACK = 8.0
TURN = 256.0
PLACES = ((14, 14), (9, 18), (18, 9))


@check_of("A5", "bytes do not wrap around", families=("preprocessing",))
@takes_images
def bytes_do_not_wrap(subject: AugmentSubject) -> Outcome:
    """Give it plain grey images, brighter and brighter, after one seed: a fall of 256 in a rise is a wrap."""
    if subject.mode.framework == "picture":
        return skipped("it takes pictures of Pillow, which do not wrap around")
    mode, seed = replace(subject.mode, range="bytes"), derived_seed(subject.given.seed, "wrap")
    try:
        answers = [
            subject.call(torch.full((ROWS, 1, 28, 28), level / 255), seed=seed, mode=mode) for level in LEVELS
        ]
    except Exception:
        return skipped("it does not take bytes")
    if any(one.dtype != "uint8" for one in answers):
        return skipped(f"bytes come out as {answers[0].dtype}")
    raw = torch.stack([one.raw.reshape(ROWS, -1).float() for one in answers])
    side = int(raw.shape[2] ** 0.5)
    if side * side != raw.shape[2] or side <= max(max(place) for place in PLACES):
        return skipped("the shape changes")
    for row in range(ROWS):
        for y, x in PLACES:
            values = raw[:, row, y * side + x]
            steps = values.diff()
            usual = float(steps.median())
            falls = (steps < -100) & ((steps + TURN - usual).abs() <= SLACK)
            if usual > 3 and falls.any():
                level = int(falls.nonzero()[0, 0])
                return _failed(row, LEVELS[level], LEVELS[level + 1], values[level : level + 2].tolist())
    return passed("brighter images stay brighter")


def _failed(row: int, darker: int, brighter: int, values: list[float]) -> Outcome:
    return failed(
        "preprocessing",
        expected="bytes that stop at 255",
        seen=f"grey {darker} becomes {values[0]:.0f}, the brighter {brighter} becomes {values[1]:.0f}",
        where=f"row {row}",
        cause="Arithmetic on uint8 wraps around at 256.",
        hint="Convert to float, clamp to 0 to 255, and convert back.",
        certainty=0.97,
    )
