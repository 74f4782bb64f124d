"""A10: the label is kept."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.augmentations._subject import AugmentSubject

__all__ = ["labels_are_kept"]

KEPT, LOST = 0.9, 0.72


@check_of("A10", "digits can still be read", families=("augmentation",), instrument="control", seconds=30)
def labels_are_kept(subject: AugmentSubject) -> Outcome:
    """Let a network that reads 99.5 % of the test digits read them before and after."""
    before, after = subject.accuracy
    share = after / max(before, 1e-9)
    seen = f"the shipped network reads {100 * before:.1f} % before and {100 * after:.1f} % after"
    if share >= KEPT:
        return passed(seen)
    if share >= LOST or not subject.is_random:
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
    return "Changes are so strong that the label is lost: look at degrees against radians, and pixels against shares."
