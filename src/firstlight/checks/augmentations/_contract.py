"""A1: images in, images out. A2: the input is left alone."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["gives_images", "leaves_input_alone"]

BEYOND = 0.02


@check_of("A1", "images in, images out", families=("shape", "numerical-stability"), seconds=30)
def gives_images(subject: AugmentSubject) -> Outcome:
    """Hold shape, dtype and range of the answers against those of the input."""
    try:
        images, _ = subject.digits
    except TargetBroke as error:
        return inconclusive(str(error)[:300], hint="--declares range=...,layout=... says what it takes")
    answer = subject.calls[0]
    if any(not torch.isfinite(one.pixels).all() for one in subject.calls):
        row = next(
            int((~torch.isfinite(one.pixels)).nonzero()[0, 0])
            for one in subject.calls
            if not torch.isfinite(one.pixels).all()
        )
        return failed(
            "numerical-stability",
            expected="finite pixels",
            seen="NaN or infinity",
            where=f"row {row}",
            cause="It divides by zero, or takes the root or logarithm of something that is not positive.",
            certainty=0.8,
        )
    notes = []
    shape = tuple(answer.pixels.shape)
    if shape[2:] != tuple(images.shape[2:]):
        notes.append(f"images of {tuple(images.shape[2:])} pixels come out with {shape[2:]}")
    elif shape[1] != 1:
        notes.append(f"images of one channel come out with {shape[1]}")
    given = "uint8" if subject.mode.range == "bytes" else "float32"
    if answer.dtype != given:
        notes.append(f"{given} comes out as {answer.dtype}")
    low, high = float(answer.pixels.min()), float(answer.pixels.max())
    if low < -BEYOND or high > 1 + BEYOND:
        notes.append(f"pixels from 0 to 1 come out from {low:.3g} to {high:.3g}")
    if notes:
        return warned("; ".join(notes), expected="shape, dtype and range kept")
    return passed(subject.mode.words, dialect="one image at a time" if subject.mode.is_single else None)


@check_of("A2", "input left alone", families=("aliasing",))
@takes_images
def leaves_input_alone(subject: AugmentSubject) -> Outcome:
    """Compare what went in with what it is after the call."""
    if not any(one.is_changed for one in subject.calls):
        return passed("unchanged in each call")
    if subject.declared.inplace == "yes":
        return skipped("it writes into its input, as declared")
    return failed(
        "aliasing",
        expected="the input as it was",
        seen="the input was written into",
        where="the images handed over, call 1",
        cause="It changes the images that it gets, so that a data set is worn down from epoch to epoch.",
        hint="Work on a copy: images.clone() or images.copy(); or declare inplace=yes.",
        certainty=0.9,
    )
