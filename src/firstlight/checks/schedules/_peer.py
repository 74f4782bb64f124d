"""Hold a schedule against another implementation that was named, with the same arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from firstlight._errors import TargetError
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed
from firstlight.checks._runner import TargetBroke
from firstlight.checks.schedules._matching import tolerance
from firstlight.checks.schedules._subject import ScheduleSubject

__all__ = ["against_peer"]


def against_peer(subject: ScheduleSubject) -> Outcome:
    """Compare with the peer step by step; the arguments keep their meaning, whatever their names."""
    try:
        peer = _peer(subject)
        steps, expected = peer.seen()
    except (TargetError, TargetBroke) as error:
        return inconclusive(f"the implementation to compare with cannot be run: {error}")
    _, seen = subject.seen()
    count = min(len(expected.values), len(seen.values))
    right, values = expected.values[:count], seen.values[:count]
    near = tolerance(right, is_single=seen.is_single or expected.is_single)
    wrong = ~(np.abs(right - values) <= near)
    if not wrong.any():
        return passed(f"{count} steps")
    first = int(np.flatnonzero(wrong)[0])
    return failed(
        "schedule",
        expected=f"a rate of {right[first]:.8g}",
        seen=f"{values[first]:.8g}",
        where=subject.mark(int(steps[first]), subject.trial.options),
        cause="The rates are not those of the implementation that it should be like.",
        certainty=0.6,
    )


def _peer(subject: ScheduleSubject) -> ScheduleSubject:
    given = subject.given
    other = replace(given, target=given.peer, name="the peer", peer=None, args={}, declares={})
    from firstlight.checks.schedules._names import Names, signature_of

    signature = signature_of(given.peer)
    shared: dict[str, Any] = {name: value for name, value in given.args.items() if name in signature.names}
    rest = {name: value for name, value in subject.trial.options.items() if value is not None}
    names = Names.between(signature, {}, None)
    written = names.write({key: value for key, value in rest.items() if key in names.of}, signature.defaults)
    return ScheduleSubject.of(replace(other, args={**(written or {}), **shared}))
