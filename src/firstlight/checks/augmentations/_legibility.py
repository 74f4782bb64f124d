"""A10: the label is kept."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.augmentations._subject import AugmentSubject, takes_images

__all__ = ["labels_are_kept"]

KEPT, LOST = 0.9, 0.55  # a third of the image erased leaves 0.65
LOST_FOR_ALL = 0.3  # where a call has one draw for all rows


@check_of("A10", "digits can still be read", families=("augmentation",), instrument="control", seconds=30)
@takes_images
def labels_are_kept(subject: AugmentSubject) -> Outcome:
    """Let a network that reads 99.5 % of the test digits read them before and after."""
    if subject.declared.flip == "yes" or subject.given.like == "flip":
        return skipped("flipped digits are no digits, which is meant")
    before, after = subject.accuracy
    share = after / max(before, 1e-9)
    seen = f"the shipped network reads {100 * before:.1f} % before and {100 * after:.1f} % after"
    if share >= KEPT:
        return passed(seen)
    lost = LOST if subject.is_row_wise or subject.mode.is_single else LOST_FOR_ALL
    if share >= lost or not subject.is_random:
        return warned(
            f"{seen}: changes are strong", expected=f"at least {100 * KEPT:.0f} % of what it read before"
        )
    return failed(
        "augmentation",
        expected=f"at least {100 * KEPT:.0f} % of what it read before",
        seen=seen,
        where="digits of the test split",
        cause=_cause(subject),
        certainty=0.5,
    )


def _cause(subject: AugmentSubject) -> str:
    spread = subject.calls[0].pixels.std()
    plain = subject.plain.std()
    if float(spread) > 3 * float(plain):
        return "Noise or contrast is for another range of pixels, such as 0 to 255 where they go from 0 to 1."
    if float(spread) < float(plain) / 3:
        return "Pixels are squeezed: they are scaled for another range."
    return "Changes are so strong that the label is lost: look for radians, and for shares taken for pixels."
