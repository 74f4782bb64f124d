"""L34: each option that it accepts does what the reference says."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.activations._recognise import grid, matrix
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["options_are_heeded"]

OTHER = {
    "negative_slope": 0.3,
    "weight": 0.4,
    "alpha": 0.7,
    "beta": 1.7,
    "approximate": "tanh",
    "slope": 0.25,
    "min_val": -0.6,
    "max_val": 1.7,
    "threshold": 0.8,
    "axis": 0,
}


@check_of("L34", "each option is heeded", families=("ignored-option", "forward", "backward"))
def options_are_heeded(subject: ActivationSubject) -> Outcome:
    """Change one option at a time and hold values against the reference with the same change."""
    if subject.reference is None or subject.given.peer is not None:
        return skipped("no reference: --like names one")
    if not (set(subject.exposed.names) & set(OTHER)):
        return skipped("it accepts no option of the reference")
    asked = []
    for option, name in subject.exposed.names.items():
        if option not in OTHER:
            continue
        found = _asked(subject, option, name)
        if found is not None and found.status == "fail":
            return found
        asked += [name] if found is None else []
    return passed(", ".join(asked)) if asked else warned("Its options could not be tried.")


def _asked(subject: ActivationSubject, option: str, name: str) -> Outcome | None:
    old = subject.exposed.values[option]
    new = OTHER[option]
    if isinstance(old, bool):
        new = not old
    elif option == "approximate" and old == "tanh":
        new = "none"
    assert subject.reference is not None
    x = grid() if subject.reference.is_elementwise else matrix()
    try:
        changed = subject.with_args(**{name: new})
        seen = changed.at(x) if subject.reference.is_elementwise else changed.values(x)
        before = subject.at(x) if subject.reference.is_elementwise else subject.values(x)
    except (TargetBroke, TypeError, ValueError, AttributeError, RuntimeError):
        return inconclusive(f"{name} could not be changed")
    expected = subject.expected(x, **{option: new})
    if seen.shape == expected.shape and np.allclose(seen, expected, rtol=1e-4, atol=20 * subject.tolerance):
        return None
    if np.array_equal(seen, before):
        return failed(
            "ignored-option",
            expected=f"other values with {name}={new}",
            seen=f"the same as with {name}={old}",
            where=name,
            cause=f"{name} is accepted and not used: a constant stands in its place.",
            hint=f"Use {name} where the constant is.",
            certainty=0.97,
        )
    if not np.allclose(before, subject.expected(x), rtol=1e-4, atol=20 * subject.tolerance):
        return inconclusive("its values are wrong already")
    if seen.shape != expected.shape:
        return inconclusive(f"with {name}={new} its output has another shape")
    first = tuple(int(i) for i in np.argwhere(~np.isclose(seen, expected, rtol=1e-4, atol=1e-4))[0])
    return failed(
        "softmax" if option == "axis" else "forward",
        expected=f"f({x[first]:.4g}) = {expected[first]:.6g} with {name}={new}",
        seen=f"{seen[first]:.6g}",
        where=f"{name}, x = {x[first]:.4g}",
        cause=f"{name} stands at the wrong place of the formula, or works only with its default.",
        certainty=0.85,
    )
