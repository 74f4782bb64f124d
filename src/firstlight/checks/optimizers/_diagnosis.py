"""Why does a target leave its reference? Known formulas first, then ratios, then one option after another."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import Difference
from firstlight.checks.optimizers._comparison import Comparison, Way, reference_run
from firstlight.checks.optimizers._hypotheses import Named, fitting_mistake
from firstlight.checks.optimizers._ratio import named_ratio, step_ratio
from firstlight.checks.optimizers._settings import AMPLIFIED, AS_GIVEN, DECAY, Setting

__all__ = ["FAMILY_OF_OPTION", "diagnosed"]

FAMILY_OF_OPTION = {
    "weight_decay": "weight-decay",
    "decoupled": "weight-decay",
    "lambd": "weight-decay",
    "eps": "epsilon",
    "momentum": "momentum",
    "dampening": "momentum",
    "nesterov": "momentum",
    "beta1": "momentum",
    "beta2": "state",
    "beta3": "state",
    "alpha": "state",
    "rho": "state",
    "centered": "state",
    "amsgrad": "state",
    "maximize": "sign",
}


def diagnosed(compared: Comparison, failing: Setting, ways: tuple[Way, ...], place: Difference) -> Named:
    """Return the likeliest cause.

    Parameters
    ----------
    failing
        The first setting in which no accepted way agrees.
    ways
        Those that agree up to there.
    place
        Where the target leaves the first of them.
    """
    ways = ways or compared.ways
    key = f"diagnosis {failing.words}"
    known = compared.subject.knowledge
    if key not in known:
        known[key] = (
            _without_gradient(place, compared)
            or fitting_mistake(compared, failing, ways)
            or _by_ratio(compared, failing, ways)
            or _by_tensor(place, compared, failing)
            or _by_option(compared, failing, ways)
            or _by_step(place)
        )
    found: Named = known[key]
    return found


def _by_ratio(compared: Comparison, failing: Setting, ways: tuple[Way, ...]) -> Named | None:
    """Compare steps where nothing depends on the weights: without decay."""
    for setting in (failing, AS_GIVEN):
        values = compared.subject.values(setting.changes)
        if values.get("weight_decay"):
            continue
        theirs = compared.subject.run(compared.subject.tape, setting.changes)
        for _, hidden in ways[:4]:
            named = named_ratio(step_ratio(theirs, compared.expected(setting, hidden)), values)
            if named is not None and named.certainty > 0.5:
                return named
    return _by_calm_ratio(compared, ways)


def _by_calm_ratio(compared: Comparison, ways: tuple[Way, ...]) -> Named | None:
    """Compare steps where eps is nothing beside the gradients."""
    subject = compared.subject
    wanted = {"weight_decay": 0.0, "eps": 1e-12}
    options = {name: value for name, value in wanted.items() if name in subject.spelled}
    try:
        theirs = subject.run(subject.calm_tape, options)
    except TargetBroke:
        return None
    values = subject.values(options)
    ours = reference_run(compared.reference, subject.calm_tape, values, ways[0][1])
    named = named_ratio(step_ratio(theirs, ours, close=1e-5), values)
    return named if named is not None and named.certainty > 0.5 else None


def _without_gradient(place: Difference, compared: Comparison) -> Named | None:
    """Only tensors that have no gradient are stepped wrongly: by not staying."""
    if all(compared.subject.tape.grads[0][i] is None for i in place.bad_tensors):
        return Named("state", "A tensor without a gradient is changed.", 0.9)
    return None


def _by_tensor(place: Difference, compared: Comparison, failing: Setting) -> Named | None:
    """Some tensors are stepped rightly and others are not."""
    shapes = compared.subject.tape.shapes
    right = [i for i in range(len(shapes)) if i not in place.bad_tensors]
    stepped = [i for i in right if compared.subject.tape.grads[0][i] is not None]
    if not stepped:
        return None
    values = compared.subject.run(compared.subject.tape, failing.changes)
    still = [i for i in place.bad_tensors if np.array_equal(values[0][i], values[-1][i])]
    if still == list(place.bad_tensors) and len({shapes[i] for i in still} & {shapes[i] for i in stepped}):
        return Named("state", f"Tensor {still[0]} is never stepped.", 0.8)
    bad = [shapes[i] for i in place.bad_tensors]
    good = [shapes[i] for i in stepped]
    if stepped == [0]:
        return Named(
            "state", "Only the first tensor is stepped rightly: the others get its state or options.", 0.6
        )
    return Named(
        "shape",
        f"Tensors of shape {_listed(good)} are stepped rightly, those of {_listed(bad)} are not.",
        0.75,
    )


def _listed(shapes: list[tuple[int, ...]]) -> str:
    return " and ".join(str(shape) for shape in shapes)


def _by_option(compared: Comparison, failing: Setting, ways: tuple[Way, ...]) -> Named | None:
    """Switch every option off; where that agrees, switch them on one by one until it does not."""
    neutral = _neutral(compared)
    if not _agrees(compared, neutral, ways):
        return None
    values = compared.subject.values(failing.changes)
    for option in (
        "maximize",
        "weight_decay",
        "eps",
        "decoupled",
        "nesterov",
        "dampening",
        "amsgrad",
        "centered",
        "momentum",
        "beta1",
        "beta2",
        "beta3",
        "alpha",
        "rho",
        "lambd",
    ):
        if option not in compared.subject.spelled:
            continue
        value = _switched_on(option, values)
        changes = {**neutral, option: value}
        if option in ("nesterov", "dampening") and "momentum" in compared.subject.spelled:
            changes["momentum"] = AMPLIFIED["momentum"]
            if _agrees(compared, {**neutral, "momentum": changes["momentum"]}, ways) is False:
                continue
        if _agrees(compared, changes, ways) is False:
            return Named(
                FAMILY_OF_OPTION.get(option, "rate-scale"),
                f"All agrees while {option} is off; with {option} {value} it does not.",
                0.75,
            )
    return None


def _neutral(compared: Comparison) -> dict[str, Any]:
    neutral: dict[str, Any] = {
        "lr": 0.1,
        "eps": 1e-16,
        "weight_decay": 0.0,
        "momentum": 0.0,
        "dampening": 0.0,
    }
    neutral |= {"beta1": 0.0}
    flags = {name: False for name, value in compared.subject.options.items() if isinstance(value, bool)}
    return {name: value for name, value in {**neutral, **flags}.items() if name in compared.subject.spelled}


def _switched_on(option: str, values: dict[str, Any]) -> Any:
    if isinstance(values.get(option), bool):
        return True
    return {"weight_decay": DECAY, "lambd": DECAY}.get(option, AMPLIFIED.get(option, 0.3))


def _agrees(compared: Comparison, changes: dict[str, Any], ways: tuple[Way, ...]) -> bool | None:
    """Tell whether target and reference agree; ``None`` where the target refuses the options."""
    try:
        return any(compared.agrees(Setting("", changes), hidden) for _, hidden in ways[:6])
    except TargetBroke:
        return None


def _by_step(place: Difference) -> Named:
    """Nothing known fits: say at least what the first wrong step looks like."""
    if place.step > 1:
        return Named(
            "state",
            f"Steps are right before step {place.step}: what is kept from one to the next is wrong.",
            0.45,
        )
    if place.seen * place.expected < 0:
        return Named("sign", "The first step goes the opposite way.", 0.5)
    return Named("rate-scale", "The first step is already not that of the formula.", 0.3)
