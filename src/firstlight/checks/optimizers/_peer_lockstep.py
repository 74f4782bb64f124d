"""O24: step beside a library's optimizer: ``--like torch.optim.Adam``."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import SINGLE, TIGHT, first_difference
from firstlight.checks.optimizers._ratio import named_ratio, step_ratio
from firstlight.checks.optimizers._settings import AS_GIVEN, amplified_settings
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["peer_lockstep"]


@check_of(
    "O24", "lockstep with a peer", families=("rate-scale", "sign", "bias-correction", "state", "weight-decay")
)
def peer_lockstep(subject: OptimizerSubject) -> Outcome:
    """Hold the weights after each step against those of the object that --like named."""
    peer = subject.peer
    if peer is None:
        return skipped("--like names no object")
    shared = {name: v for name, v in subject.options.items() if name in peer.spelled and v is not None}
    compared = 0
    for setting in (AS_GIVEN, *amplified_settings(shared, subject.reference)):
        try:
            theirs = subject.run(subject.tape, setting.changes)
            options = {name: v for name, v in subject.values(setting.changes).items() if name in shared}
            ours = peer.run(subject.tape, options, dtype=subject.manner.dtype)
        except TargetBroke as error:
            if setting is AS_GIVEN:
                raise
            del error
            continue
        compared += 1
        tolerance = TIGHT if subject.is_exact else SINGLE
        place = first_difference(theirs, ours, tolerance, is_elementwise=False)
        if place is not None and first_difference(theirs, ours, SINGLE, is_elementwise=False) is not None:
            named = named_ratio(step_ratio(theirs, ours), subject.values(setting.changes))
            return failed(
                named.family if named else "state" if place.step > 1 else "rate-scale",
                expected=f"a step of {place.expected:.9g}, as {peer.name} makes it",
                seen=f"{place.seen:.9g}",
                where=f"{place.where}; with {setting.words}",
                cause=named.sentence if named else f"It does not step as {peer.name} does.",
                certainty=0.5 if named else 0.25,
            )
    return passed(f"as {peer.name} in {compared} settings")
