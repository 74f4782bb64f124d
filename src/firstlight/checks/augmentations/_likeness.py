"""A13: what is done is what the reference of that name does."""

from __future__ import annotations

from collections.abc import Callable

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["REFERENCES", "is_what_it_is_called"]

EXACT = 0.004


@check_of("A13", "what its name says", families=("augmentation",), instrument="control")
@takes_images
def is_what_it_is_called(subject: AugmentSubject) -> Outcome:
    """Hold each answer against what an augmentation of that name can make of its image."""
    like = subject.given.like
    if like is None or like not in _LAWS:
        return skipped(
            "no reference: --like names one" if like is None else f"any {like} is right that keeps digits"
        )
    images, _ = subject.digits
    if subject.calls[0].pixels.shape[2:] != images.shape[2:]:
        return skipped("the shape changes")
    return _LAWS[like](subject)


def _flip(subject: AugmentSubject) -> Outcome:
    """Each answer is the image or its mirror image, half and half (or as often as declared)."""
    plain, mirrored, neither, total = subject.plain, 0, 0, 0
    first = 0
    for one in subject.calls:
        is_same = (one.pixels[:, :1] - plain).abs().amax((1, 2, 3)) <= EXACT
        is_mirror = (one.pixels[:, :1] - plain.flip(3)).abs().amax((1, 2, 3)) <= EXACT
        odd = ~(is_same | is_mirror)
        first = int(odd.nonzero()[0, 0]) if odd.any() and not neither else first
        neither, mirrored, total = neither + int(odd.sum()), mirrored + int(is_mirror.sum()), total + len(odd)
    if neither:
        return _failed(
            "images or their mirror images", f"{neither} of {total} are neither", f"row {first}", ""
        )
    p = subject.declared.p if subject.declared.p is not None else 0.5
    units = total if subject.is_row_wise or subject.mode.is_single else len(subject.calls)
    if units > 100 and abs(mirrored / total - p) > 5 * (p * (1 - p) / units) ** 0.5 + 0.02:
        return _failed(
            f"{100 * p:.0f} % mirrored", f"{100 * mirrored / total:.1f} %", "all calls", "The coin is biased."
        )
    return passed(f"{100 * mirrored / total:.0f} % mirrored")


def _crop(subject: AugmentSubject) -> Outcome:
    """Each answer is the image moved by whole pixels, as often up as down and left as right."""
    images, offsets, bad = subject.plain, [], 0
    for one in subject.calls[:2]:
        for row in range(len(images)):
            product = torch.fft.rfft2(one.pixels[row, 0]) * torch.fft.rfft2(images[row, 0]).conj()
            place = int(torch.fft.irfft2(product, s=(28, 28)).argmax())
            down, across = (place // 28 + 14) % 28 - 14, (place % 28 + 14) % 28 - 14
            moved = images[row, 0].roll((down, across), (0, 1))
            inside = slice(max(0, down), 28 + min(0, down)), slice(max(0, across), 28 + min(0, across))
            bad += bool((moved[inside] - one.pixels[row, 0][inside]).abs().max() > EXACT)
            offsets.append((down, across))
    total = len(offsets)
    if bad > 0.02 * total:
        return _failed("images moved by whole pixels", f"{bad} of {total} are not", "digits", "")
    found = torch.tensor(offsets)
    if not subject.is_row_wise and not subject.mode.is_single:
        return passed("moved by whole pixels")
    for axis, name in enumerate(("down", "to the right")):
        low, high = int(found[:, axis].min()), int(found[:, axis].max())
        if -low != high:
            wanted = max(-low, high)
            return _failed(
                f"shifts from {-wanted} to {wanted}",
                f"from {low} to {high} {name}",
                "digits",
                "The range of shifts is one-sided or leaves its last number out.",
            )
    return passed(f"shifts up to {int(found.abs().max())} pixels")


def _erase(subject: AugmentSubject) -> Outcome:
    """All that changes in an image lies in one rectangle, which then is of one value or noise."""
    outside, total, first = 0, 0, 0
    full = torch.full_like(subject.digits[0], 0.6)
    answers = [one for _ in range(2) if (one := subject.trial(full)) is not None]
    if not answers:
        return skipped("it takes no grey images")
    plain = subject.mode.taken(torch.as_tensor(subject.mode.given(full)))
    for one in answers:
        changed = (one.pixels[:, :1] - plain).abs() > EXACT
        rows, columns = changed.any(3)[:, 0], changed.any(2)[:, 0]
        for row in range(len(full)):
            ys, xs = rows[row].nonzero()[:, 0], columns[row].nonzero()[:, 0]
            if not len(ys):
                continue
            area = (int(ys[-1]) - int(ys[0]) + 1) * (int(xs[-1]) - int(xs[0]) + 1)
            total += 1
            if int(changed[row].sum()) < 0.85 * area:
                first = row if not outside else first
                outside += 1
    if not total:
        return _failed(
            "rectangles", "no pixel of a grey image ever changes", "grey images", "Nothing is erased."
        )
    if outside > 0.05 * total:
        return _failed("one rectangle in each image", f"{outside} of {total} are none", f"row {first}", "")
    share = total / (2 * len(full))
    return passed(f"{100 * share:.0f} % of the images have a rectangle")


def _rotate(subject: AugmentSubject) -> Outcome:
    """Rotations about the middle: nothing is moved, nothing grows."""
    moves = subject.moves
    good = moves.rest < 0.15
    if int(good.sum()) < 40:
        return skipped("too few answers fit a rotated image")
    angles, shift = moves.degrees[good], moves.shift[good]
    if float(angles.abs().quantile(0.9)) < 0.5:
        return _failed(
            "rotated digits",
            f"angles up to {float(angles.abs().max()):.2g} degrees",
            "digits",
            "Rotations are far too small: degrees are converted to radians twice.",
        )
    if float(shift.abs().median()) > 1.2:
        return _failed(
            "rotations about the middle",
            f"digits move by {float(shift.abs().median()):.2g} pixels",
            "digits",
            "The centre of rotation is not the middle of the image.",
        )
    return passed(f"angles from {float(angles.min()):.2g} to {float(angles.max()):.2g} degrees")


def _noise(subject: AugmentSubject) -> Outcome:
    """What is added to a grey image has mean 0 and is of its own for each pixel and row."""
    grey = torch.full_like(subject.digits[0], 0.5)
    answer = subject.trial(grey)
    if answer is None:
        return skipped("it takes no grey images")
    rest = answer.pixels - 0.5
    spread = float(rest.std())
    if spread == 0:
        return _failed("noise", "nothing is added to a grey image", "grey images", "Noise is rounded away.")
    if abs(float(rest.mean())) > 0.25 * spread:
        return _failed(
            "noise around 0",
            f"mean {float(rest.mean()):.3g}, deviation {spread:.3g}",
            "grey images",
            "Noise is not centred: it is uniform from 0, or its absolute value is taken.",
        )
    if subject.is_row_wise or subject.mode.is_single:
        return passed(f"deviation {spread:.3g}")
    return passed(f"deviation {spread:.3g}, the same for all rows")


def _failed(expected: str, seen: str, where: str, cause: str) -> Outcome:
    return failed(
        "augmentation",
        expected=expected,
        seen=seen,
        where=where,
        cause=cause or "It does something else than its name says.",
        certainty=0.85,
    )


_LAWS: dict[str, Callable[[AugmentSubject], Outcome]] = {
    "flip": _flip,
    "crop": _crop,
    "erase": _erase,
    "cutout": _erase,
    "rotate": _rotate,
    "noise": _noise,
}
REFERENCES = (*_LAWS, "affine", "elastic")
