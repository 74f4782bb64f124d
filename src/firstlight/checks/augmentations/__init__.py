"""Augmentations: functions of images that return images."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.augmentations._contract import gives_images, leaves_input_alone
from firstlight.checks.augmentations._geometry import (
    borders_are_background,
    digits_stay_upright,
    nothing_comes_in_again,
)
from firstlight.checks.augmentations._legibility import labels_are_kept
from firstlight.checks.augmentations._likeness import REFERENCES, is_what_it_is_called
from firstlight.checks.augmentations._randomness import changes_something, draws_anew, reaches_all_rows
from firstlight.checks.augmentations._strength import as_strong_as_declared, noise_is_as_declared
from firstlight.checks.augmentations._subject import AugmentSubject
from firstlight.checks.augmentations._wrapping import bytes_do_not_wrap

__all__ = ["KIND"]

KIND = Kind(
    name="augment",
    what="a function images -> images (a batch or one image, torch or NumPy), or a class or module of one",
    subject=AugmentSubject,
    checks=(
        gives_images,
        leaves_input_alone,
        draws_anew,
        reaches_all_rows,
        bytes_do_not_wrap,
        digits_stay_upright,
        nothing_comes_in_again,
        borders_are_background,
        changes_something,
        labels_are_kept,
        as_strong_as_declared,
        noise_is_as_declared,
        is_what_it_is_called,
    ),
    references=lambda: REFERENCES,
    blind_spots=(
        "Whether it makes a network better.",
        "The strength of what was not declared.",
        "Images that are no digits.",
    ),
    sentence="Flipped digits, wrapped bytes, changed inputs, repeated draws, rows left out, lost labels.",
)
