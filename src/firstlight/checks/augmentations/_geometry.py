"""A6 to A8: digits stay upright, nothing comes in on the other side, borders stay background."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from firstlight._seeds import derived_seed
from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images
from firstlight.checks.identity import TURNS

__all__ = ["borders_are_background", "digits_stay_upright", "matches_by_turn", "nothing_comes_in_again"]

ALIKE, MORE = 0.8, 0.12
SOME = 0.03
EXACT = 0.004  # half a byte and rounding


def matches_by_turn(
    before: Float[Tensor, "n 1 h w"], after: Float[Tensor, "n 1 h w"]
) -> Float[Tensor, "n turns"]:
    """Return how well each picture fits its image under each turn, wherever it was moved."""
    seen = after - after.mean((2, 3), keepdim=True)
    seen = functional.pad(seen, (0, 28, 0, 28))
    columns = []
    for turn in TURNS:
        wanted = turn.apply(before)
        wanted = functional.pad(wanted - wanted.mean((2, 3), keepdim=True), (0, 28, 0, 28))
        product = torch.fft.rfft2(seen) * torch.fft.rfft2(wanted).conj()
        best = torch.fft.irfft2(product, s=seen.shape[2:]).amax((1, 2, 3))
        norm = seen.flatten(1).norm(dim=1) * wanted.flatten(1).norm(dim=1)
        columns.append(best / norm.clamp(min=1e-9))
    return torch.stack(columns, dim=1)


@check_of("A6", "digits stay upright", families=("augmentation",), instrument="control")
@takes_images
def digits_stay_upright(subject: AugmentSubject) -> Outcome:
    """Compare each answer with its image under the eight flips and turns by 90 degrees, wherever it lies."""
    images, _ = subject.digits
    if subject.calls[0].pixels.shape[2:] != images.shape[2:]:
        return skipped("the shape changes")
    if subject.declared.flip == "yes" or subject.given.like == "flip":
        return _only_mirrored(subject)
    shares = _turned(subject)
    total = sum(shares.values())
    if total < SOME:
        return passed("none is mirrored or turned")
    names = ", ".join(
        f"{100 * share:.0f} % {TURNS[place].name}" for place, share in shares.items() if share > SOME / 3
    )
    return failed(
        "augmentation",
        expected="digits upright",
        seen=names or f"{100 * total:.0f} % turned",
        where="digits of the test split",
        cause="Flips, or rotations of 90 degrees and more, make of a digit what is none, or another one.",
        hint="Leave them out for digits, or declare flip=yes for images whose mirror image is one, too.",
        certainty=0.95,
    )


def _turned(subject: AugmentSubject) -> dict[int, float]:
    """Return which share of the answers fit their image far better with a turn than without."""
    images, _ = subject.digits
    counts: dict[int, int] = {}
    total = 0
    for one in subject.calls[:3]:
        fits = matches_by_turn(images, one.pixels.mean(1, keepdim=True))
        best, place = fits.max(1)
        is_turned = (place != 0) & (best > ALIKE) & (best - fits[:, 0] > MORE)
        for turn in place[is_turned].tolist():
            counts[turn] = counts.get(turn, 0) + 1
        total += len(images)
    return {turn: count / total for turn, count in sorted(counts.items())}


def _only_mirrored(subject: AugmentSubject) -> Outcome:
    odd = {turn: share for turn, share in _turned(subject).items() if turn > 1 and share > SOME}
    if not odd:
        return passed("mirrored at most")
    names = ", ".join(f"{100 * share:.0f} % {TURNS[turn].name}" for turn, share in odd.items())
    return failed(
        "augmentation",
        expected="images mirrored left to right, or not at all",
        seen=names,
        where="digits of the test split",
        cause="The wrong axis is flipped: rows where columns are meant, or both.",
        certainty=0.95,
    )


@check_of("A7", "what leaves does not come in again", families=("augmentation",), instrument="control")
@takes_images
def nothing_comes_in_again(subject: AugmentSubject) -> Outcome:
    """Give it images that fill their square, and look for answers that are rolled around the edge."""
    images, _ = subject.digits
    full = functional.interpolate(
        images[:, :, 5:23, 5:23], size=(28, 28), mode="bilinear", align_corners=False
    )
    full = (0.3 + 0.7 * full).clamp(0, 1) * (1 - 0.01 * torch.arange(28.0) / 28)
    full = full * (1 - 0.2 * torch.arange(28.0)[:, None] / 28)
    answer = subject.trial(full, seed=derived_seed(subject.given.seed, "roll"))
    if answer is None or answer.pixels.shape != full.shape:
        return skipped("it takes digits only, or the shape changes")
    plain = subject.mode.taken(torch.as_tensor(subject.mode.given(full)))
    rolled, first = 0, (0, 0, 0)
    for row in range(len(full)):
        product = torch.fft.rfft2(answer.pixels[row, 0]) * torch.fft.rfft2(plain[row, 0]).conj()
        place = int(torch.fft.irfft2(product, s=(28, 28)).argmax())
        down, across = place // 28, place % 28
        if (down, across) == (0, 0):
            continue
        if bool((plain[row, 0].roll((down, across), (0, 1)) - answer.pixels[row, 0]).abs().max() <= EXACT):
            first = (row, down, across) if not rolled else first
            rolled += 1
    if rolled < SOME * len(full):
        return passed("nothing is rolled around the edge")
    row, down, across = first
    return failed(
        "augmentation",
        expected="background where an image was moved away",
        seen=f"{rolled} of {len(full)} images are rolled around the edge",
        where=f"row {row}: {down} rows down, {across} columns to the right, modulo 28",
        cause="A roll is used for a shift: what leaves on one side comes in on the other.",
        hint="Pad with background and cut out, or blank what came in.",
        certainty=0.95,
    )


@check_of("A8", "borders stay background", families=("augmentation",), instrument="control")
@takes_images
def borders_are_background(subject: AugmentSubject) -> Outcome:
    """Look for corners that are filled with another value than the background, which itself stays."""
    images, _ = subject.digits
    if subject.calls[0].pixels.shape[2:] != images.shape[2:]:
        return skipped("the shape changes")
    filled, total, values = 0, 0, []
    inner = torch.zeros(28, 28, dtype=torch.bool)
    inner[6:22, 6:22] = True
    for one in subject.calls[:3]:
        pixels = one.pixels.mean(1)
        corners = torch.stack([pixels[:, 0, 0], pixels[:, 0, -1], pixels[:, -1, 0], pixels[:, -1, -1]], dim=1)
        ground = [row[inner & (image[0] == 0)].median() for row, image in zip(pixels, images, strict=True)]
        is_kept = torch.stack(ground).abs() < 0.02
        is_odd = (corners.abs() > 0.08).sum(1) >= 2
        odd = is_odd & is_kept
        values += [
            float(corner.abs().max() * corner[corner.abs().argmax()].sign()) for corner in corners[odd]
        ]
        filled, total = filled + int(odd.sum()), total + len(images)
    found = torch.tensor(values)
    value = float(found.median()) if values else 0.0
    if filled < 0.1 * total or float(((found - value).abs() < 0.02).float().mean()) < 0.4:
        return passed("background, or all of it is changed")
    return failed(
        "augmentation",
        expected="corners filled with the background, which is not 0 where images are normalised",
        seen=f"{100 * filled / total:.0f} % of the images have corners of {value:.2f} (white is 1)",
        where="corners",
        cause="What comes in at the border is not background.",
        hint="Fill with the value that the background has at this place of the pipeline.",
        certainty=0.8,
    )
