"""A3: draws differ between calls and rows. A9: it does something. A4: all rows are reached."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["changes_something", "draws_anew", "reaches_all_rows"]

OFTEN, RARELY = 0.9, 0.05
LIMIT = 1e-6
RARE_CALLS = 60  # so often, what happens to one batch in ten is missed once in 500 times


@check_of("A9", "it does something", families=("ignored-option",))
@takes_images
def changes_something(subject: AugmentSubject) -> Outcome:
    """Look whether any image is ever changed: digits, and digits moved out of the middle on a grey ground."""
    differences = subject.differences()
    changed = float((differences > LIMIT).float().mean())
    if changed > 0:
        return _as_often_as_declared(subject, changed) or passed(
            f"{100 * changed:.0f} % of the images changed"
        )
    images = subject.digits[0]
    odd = (0.2 + 0.6 * images).roll((5, -4), (2, 3))
    answer = subject.trial(odd)
    if answer is None:
        return passed("it changes no digit as MNIST has it, and refuses others")
    plain = subject.mode.taken(torch.as_tensor(subject.mode.given(odd)))
    is_content = answer.pixels.shape != plain.shape or bool((answer.pixels - plain).abs().max() > LIMIT)
    if is_content or subject.declared.random == "no":
        return passed("it changes no digit as MNIST has it, but others")
    if any(_is_changed_once(subject) for _ in range(RARE_CALLS)):
        return passed("it changes an image now and then")
    count = differences.numel()
    return failed(
        "ignored-option",
        expected="changed images",
        seen=f"{count:,} images came out as they went in",
        where="each row of each call",
        cause="Its result is thrown away, or its strength is so small that pixels are rounded back.",
        certainty=0.85,
    )


def _is_changed_once(subject: AugmentSubject) -> bool:
    """Call it with a few digits and say whether one of them changed."""
    few = subject.digits[0][:8]
    answer = subject.call(few)
    return answer.pixels.shape[2:] != few.shape[2:] or bool(
        (answer.pixels[:, :1] - subject.plain[:8]).abs().max() > LIMIT
    )


def _as_often_as_declared(subject: AugmentSubject, changed: float) -> Outcome | None:
    p = subject.declared.p
    if p is None:
        return None
    count = subject.differences().numel()
    # Draws that leave an image as it is are no misses of the coin: only too many changes are certain, or far
    # too few.
    slack = 5 * (max(p * (1 - p), 0.01) / count) ** 0.5
    if 0.7 * p - slack <= changed <= p + slack:
        return None
    return failed(
        "augmentation",
        expected=f"{100 * p:.0f} % of the images changed, as declared",
        seen=f"{100 * changed:.1f} %",
        where="all calls",
        cause="The coin is thrown the wrong way round."
        if abs(changed - (1 - p)) < slack
        else "p is not used.",
        certainty=0.85,
    )


@check_of("A3", "new draws for each call and row", families=("augmentation", "determinism"))
@takes_images
def draws_anew(subject: AugmentSubject) -> Outcome:
    """Give it one image in all rows, several times."""
    if subject.declared.random == "no":
        if not subject.is_random:
            return passed("the same each time, as declared")
        return failed(
            "determinism",
            expected="the same images each time, as declared",
            seen="different ones",
            where="second call",
            cause="It draws random numbers.",
            certainty=0.9,
        )
    if not subject.is_random:
        if subject.declared.random == "yes":
            return _never_other("random=yes was declared, and equal images come out equal in each call.")
        return passed("it draws nothing: a fixed preprocessing", dialect="fixed preprocessing")
    first = subject.copies[0].pixels
    is_repeated = all(torch.equal(first, other.pixels) for other in subject.copies[1:])
    if is_repeated and not subject.has_seed:
        return _never_other(
            "The generator is seeded anew in each call, so that each epoch sees the same images."
        )
    if not subject.is_row_wise:
        if subject.declared.per_image == "yes":
            return failed(
                "augmentation",
                expected="draws of its own for each image, as declared",
                seen="equal rows come out equal in each call",
                where="all rows of call 1",
                cause="Parameters are drawn once for the whole batch.",
                certainty=0.9,
            )
        return warned("all rows of a batch get the same draw")
    is_seeded = torch.equal(subject.calls[0].pixels, subject.again.pixels)
    dialect = None if is_seeded or subject.has_seed else "a generator of its own"
    return passed("rows and calls differ", dialect=dialect)


def _never_other(cause: str) -> Outcome:
    return failed(
        "augmentation",
        expected="other draws in each call",
        seen="the very same images in six calls",
        where="second call, row 0",
        cause=cause,
        hint="Make the generator once, outside, and let it go on.",
        certainty=0.9,
    )


@check_of("A4", "all rows are reached", families=("augmentation",))
@takes_images
def reaches_all_rows(subject: AugmentSubject) -> Outcome:
    """Look for rows that are never changed, while the others nearly always are."""
    images, _ = subject.digits
    if subject.mode.is_single or subject.copies[0].pixels.shape[2:] != images.shape[2:]:
        return skipped("rows are handed over one by one" if subject.mode.is_single else "the shape changes")
    plain = subject.plain[:1]
    changed = torch.stack(
        [((one.pixels[:, :1] - plain).abs().amax((1, 2, 3)) > LIMIT) for one in subject.copies]
    )
    never = ~changed.any(0)
    others = changed[:, ~never].float().mean() if bool((~never).any()) else torch.tensor(0.0)
    share = float(never.float().mean())
    is_one_draw = all(torch.equal(subject.copies[0].pixels, other.pixels) for other in subject.copies[1:])
    is_often = float(others) > OFTEN or (float(others) > 0.4 and share > 0.2 and not is_one_draw)
    if share <= RARELY / 2 or share == 1 or not is_often:
        return passed("each row is changed at times")
    rows = never.nonzero()[:, 0]
    block = (
        "the last"
        if int(rows[0]) == len(never) - len(rows)
        else "the first"
        if int(rows[-1]) == len(rows) - 1
        else ""
    )
    which = f"{block} {len(rows)} rows" if block else f"{len(rows)} rows, such as {rows[:5].tolist()},"
    return failed(
        "augmentation",
        expected=f"all of {len(never)} rows changed as often as the others",
        seen=f"{which} never are",
        where=f"row {int(rows[0])}",
        cause="A bound or a mask leaves a part of the batch out.",
        certainty=0.9,
    )
