"""S8: losses of ordinary batches are those of the reference."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped
from firstlight.checks.losses._explain import explained
from firstlight.checks.losses._recognise import fitting_batches
from firstlight.checks.losses._subject import LossSubject
from firstlight.checks.references.losses import LOSSES

__all__ = ["as_reference"]

FAMILIES = (
    "forward", "reduction", "softmax", "smoothing", "labels", "sign", "shape", "sample-weight",
    "ignored-option", "numerical-stability",
)  # fmt: skip


@check_of("S8", "losses of ordinary batches", families=FAMILIES)
def as_reference(subject: LossSubject) -> Outcome:
    """Hold two batches against the reference; where they differ, find the wrong formula that gives them."""
    if subject.reference is None:
        return _without_reference(subject)
    batches = fitting_batches(subject)
    seen = [subject.value(one) for one in batches]
    expected = [subject.expected(one) for one in batches]
    wrong = [not subject.is_close(one, other) for one, other in zip(seen, expected, strict=True)]
    if not any(wrong):
        return passed(f"2 batches within 1e-4 of {subject.reference.name}", dialect=subject.dialect)
    first = wrong.index(True)
    why = explained(subject, batches, seen)
    return failed(
        why.family,
        expected=f"{_short(expected[first])} for {len(batches[first].outputs)} rows",
        seen=_short(seen[first]),
        where=f"a batch of {len(batches[first].outputs)} rows, targets as {subject.form}",
        cause=why.cause,
        certainty=why.certainty,
    )


def _without_reference(subject: LossSubject) -> Outcome:
    """Where nothing was named: fail only what is a well-known wrong cross-entropy, exactly."""
    from dataclasses import replace

    from firstlight.checks.losses._reduce import EXTRA

    if subject.form not in ("labels", "one-hot"):
        return skipped("no reference: --like names one")
    reference = subject.named or LOSSES["cross-entropy"]
    trial = replace(subject, reference=reference, options={**reference.options, **EXTRA, **_kept(subject)})
    batches = fitting_batches(trial)
    seen = [trial.value(one) for one in batches]
    why = explained(trial, batches, seen)
    is_known = why.certainty >= 0.9 and (why.family != "forward" or subject.named is not None)
    if is_known and (
        subject.named is not None or why.family in ("softmax", "sign", "labels") or "classes too" in why.cause
    ):
        return failed(
            why.family,
            expected=f"{_short(trial.expected(batches[0]))}, the {reference.name}",
            seen=_short(seen[0]),
            where=f"a batch of {len(batches[0].outputs)} rows",
            cause=f"It is the {reference.name} but for one thing: {why.cause}",
            certainty=0.85,
        )
    if subject.named is not None:
        return inconclusive(
            f"Its name speaks of {reference.name}, its losses are others.",
            hint=f"Say --like {reference.name} if it is meant to be that.",
        )
    return skipped("no reference: --like names one")


def _kept(subject: LossSubject) -> dict[str, object]:
    args = subject.given.args
    return {"reduction": subject.given.declares.get("reduction", args.get("reduction"))}


def _short(values: object) -> str:
    import numpy as np

    array = np.asarray(values, dtype=np.float64)
    if array.size == 1:
        return f"{float(array.reshape(-1)[0]):.6g}"
    return f"{array.reshape(-1)[0]:.6g} and {array.size - 1} more, shape {array.shape}"
