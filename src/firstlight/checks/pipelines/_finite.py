"""D7: range, and numbers that are none."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["pixels_are_numbers"]


@check_of("D7", "pixels are finite and not all the same", families=("preprocessing",))
@reads
def pixels_are_numbers(subject: PipelineSubject) -> Outcome:
    """Look for NaN, infinity and constant images."""
    told = []
    for split, epoch in subject.epochs():
        count, row = epoch.not_finite
        if count:
            batch, place = epoch.batch_of(row)
            return failed(
                "preprocessing",
                expected="finite pixels",
                seen=f"{count:,} pixels are NaN or infinite",
                where=f"{split} batch {batch}, row {place}",
                cause="Something divides by zero, such as the deviation of a pixel that never changes.",
                hint="Add a small constant to what you divide by, or divide by the deviation of all pixels.",
                certainty=0.95,
            )
        if epoch.high <= epoch.low:
            return failed(
                "preprocessing",
                expected="pictures",
                seen=f"each pixel of the {split} split is {epoch.low:g}",
                where=f"{split} batch 0",
                cause="A cast or a scaling made all pixels equal.",
                certainty=0.9,
            )
        told.append(f"{split}: {epoch.low:.4g} to {epoch.high:.4g}")
    return passed("; ".join(told))
