"""A11: rotations, shifts and sizes are as strong as declared. A12: noise is as strong as declared."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.augmentations._measured import Moves
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["as_strong_as_declared", "noise_is_as_declared"]

GOOD = 0.15
ENOUGH = 40


@check_of(
    "A11",
    "as strong as declared",
    families=("augmentation", "ignored-option"),
    instrument="statistical",
    seconds=40,
)
@takes_images
def as_strong_as_declared(subject: AugmentSubject) -> Outcome:
    """Register answers against their images and hold the greatest changes against those declared."""
    declared = subject.declared
    wanted = {"degrees": declared.degrees, "shift": declared.shift, "scale": declared.scale}
    if all(value is None for value in wanted.values()):
        return skipped("nothing was declared: --declares degrees=10,shift=2,scale=0.1")
    images, _ = subject.digits
    if subject.calls[0].pixels.shape[2:] != images.shape[2:]:
        return skipped("the shape changes")
    moves = subject.moves
    good = moves.rest < GOOD
    if int(good.sum()) < ENOUGH:
        return skipped("too few answers fit a moved image")
    told = []
    for name, limit in wanted.items():
        if limit is None:
            continue
        outcome, words = _judged(name, limit, moves, good)
        if outcome is not None:
            return outcome
        told.append(words)
    return passed("; ".join(told))


def _judged(name: str, limit: float, moves: Moves, good: torch.Tensor) -> tuple[Outcome | None, str]:
    values = {
        "degrees": moves.degrees[good],
        "shift": moves.shift[good].reshape(-1),
        "scale": moves.scale[good] - 1,
    }[name]
    slack = {"degrees": 3.0, "shift": 0.8, "scale": 0.05}[name]
    # The 2nd and the 98th of a hundred: single fits go astray.
    low, high = float(values.quantile(0.02)), float(values.quantile(0.98))
    words = f"{name} from {low:.3g} to {high:.3g}"
    if max(-low, high) > 1.15 * limit + slack:
        return _failed(name, limit, words, _too_much(name, limit, max(-low, high))), words
    if max(-low, high) < 0.6 * limit - slack:
        return _failed(name, limit, words, _too_little(name)), words
    if limit > 3 * slack and (high < 0.25 * limit - slack / 2 or -low < 0.25 * limit - slack / 2):
        return _failed(name, limit, words, "Changes go one way only: the range begins at 0."), words
    return None, words


def _too_much(name: str, limit: float, seen: float) -> str:
    if name == "degrees" and seen > 4 * limit:
        return "Degrees are taken for radians."
    return f"Images are changed {seen / max(limit, 1e-9):.1f} times as much as declared."


def _too_little(name: str) -> str:
    if name == "degrees":
        return "Rotations are far too small: degrees are converted to radians twice, or not used."
    if name == "shift":
        return "Shifts are far too small: pixels are taken for shares of the image, or are not used."
    return "The size hardly changes: the option is not used."


def _failed(name: str, limit: float, words: str, cause: str) -> Outcome:
    return failed(
        "augmentation",
        expected=f"{name} up to {limit:g} both ways",
        seen=words,
        where="answers registered against their images",
        cause=cause,
        certainty=0.85,
    )


@check_of("A12", "noise as declared", families=("augmentation",), instrument="statistical")
@takes_images
def noise_is_as_declared(subject: AugmentSubject) -> Outcome:
    """Give it grey images and measure the deviation of what is added."""
    wanted = subject.declared.noise
    if wanted is None:
        return skipped("nothing was declared: --declares noise=0.1, as a share of the range")
    grey = torch.full_like(subject.digits[0], 0.5)
    answer = subject.trial(grey)
    if answer is None:
        return skipped("it takes no grey images")
    seen, middle = float(answer.pixels.std()), float(answer.pixels.mean())
    if (
        0.8 * wanted <= seen + 0.003
        and seen <= 1.25 * wanted + 0.003
        and abs(middle - 0.5) < 0.2 * wanted + 0.01
    ):
        return passed(f"deviation {seen:.3g}")
    cause = (
        "Noise is for another range of pixels."
        if not 0.1 < seen / max(wanted, 1e-9) < 10
        else (
            "The variance is taken for the deviation, or the other way round."
            if abs(seen - wanted**2) < 0.2 * wanted**2 + 0.003 or abs(seen - wanted**0.5) < 0.2 * wanted**0.5
            else "Noise is of another strength, or is not centred."
        )
    )
    return failed(
        "augmentation",
        expected=f"noise of deviation {wanted:g} around 0",
        seen=f"deviation {seen:.3g} around {middle - 0.5:.3g}",
        where="grey images",
        cause=cause,
        certainty=0.85,
    )
