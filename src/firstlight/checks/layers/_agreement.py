"""Find out under which options and which reading of its weights a layer agrees with a reference, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from firstlight.checks.layers._layer import Array
from firstlight.checks.references.layers import LayerReference, Mistake

__all__ = ["Agreement", "Observation", "find_agreement", "find_mistake"]

# Comparisons for one question.
MOST_TRIED = 4000
FIRST_TRIED = 12
MISTAKES_TRIED = 300


@dataclass(frozen=True)
class Observation:
    """What a layer gave for an input, and the options that this input stands for."""

    x: Array
    y: Array
    change: Mapping[str, Any]


@dataclass(frozen=True)
class Agreement:
    """How well the best hypothesis explains what was seen.

    Attributes
    ----------
    error
        Largest difference divided by the largest value; 0 is equal.
    options, dialect
        Of the best hypothesis, and in words what of it is not the usual way.
    parameters
        The layer's tensors, read as the reference's.
    where, expected, seen
        The first number that differs.
    is_readable
        Whether any reading of its tensors was possible.
    """

    error: float = float("inf")
    options: Mapping[str, Any] = field(default_factory=dict)
    dialect: str = ""
    parameters: Mapping[str, Array] = field(default_factory=dict)
    where: str = ""
    expected: str = ""
    seen: str = ""
    is_readable: bool = False


def find_agreement(
    reference: LayerReference,
    options: Mapping[str, Any],
    declared: frozenset[str],
    tensors: Mapping[str, Array],
    seen: Sequence[Observation],
    *,
    tolerance: float,
    most: int = MOST_TRIED,
) -> Agreement:
    """Return the first of ``most`` hypotheses that agrees, else the nearest one."""
    best = Agreement()
    for count, (chosen, notes, parameters) in enumerate(
        _hypotheses(reference, options, declared, tensors, seen[0].change)
    ):
        if count >= most:
            break
        found = _compared(reference, chosen, notes, parameters, seen)
        if found.error < best.error or not best.is_readable:
            best = found
        if best.error <= tolerance:
            break
    return best


def find_mistake(
    reference: LayerReference,
    options: Mapping[str, Any],
    declared: frozenset[str],
    tensors: Mapping[str, Array],
    seen: Sequence[Observation],
    *,
    tolerance: float,
) -> tuple[Mistake | None, Agreement]:
    """Return the known mistake under which the reference gives the same as the layer."""
    for most in (FIRST_TRIED, MISTAKES_TRIED):  # the likeliest readings of all mistakes first
        for mistake in reference.mistakes:
            changed = mistake.change(options)
            if changed is None:
                continue
            kept = frozenset(declared | {name for name in changed if changed[name] != options.get(name)})
            found = find_agreement(reference, changed, kept, tensors, seen, tolerance=tolerance, most=most)
            if found.error <= tolerance:
                return mistake, found
    return None, Agreement()


def _hypotheses(
    reference: LayerReference,
    options: Mapping[str, Any],
    declared: frozenset[str],
    tensors: Mapping[str, Array],
    change: Mapping[str, Any],
) -> Iterator[tuple[dict[str, Any], str, dict[str, Array]]]:
    names = [name for name in reference.free if name not in declared]
    for values in product(*(_usual_first(options.get(name), reference.free[name]) for name in names)):
        freed = dict(zip(names, values, strict=True))
        chosen = {**options, **freed, **change}
        words = ", ".join(
            f"{name} {value}"
            for name, value in freed.items()
            if value != _usual_first(options.get(name), reference.free[name])[0]
        )
        try:
            shapes = reference.shapes(chosen)
        except (TypeError, ValueError, ZeroDivisionError):
            continue
        for notes, parameters in reference.read(tensors, shapes, reference.absent, chosen):
            yield chosen, ", ".join(one for one in (words, notes) if one), parameters


def _usual_first(usual: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (usual, *(one for one in values if one != usual)) if usual is not None else values


def _compared(
    reference: LayerReference,
    options: dict[str, Any],
    notes: str,
    parameters: dict[str, Array],
    seen: Sequence[Observation],
) -> Agreement:
    worst = Agreement(error=-1.0)
    for one in seen:
        with np.errstate(all="ignore"):
            try:
                expected = reference.forward(parameters, one.x, **{**options, **one.change})
            except (ValueError, IndexError, KeyError, TypeError, ZeroDivisionError):
                return Agreement(options=options, parameters=parameters)
        found = _difference(np.asarray(expected), one.y)
        if found.error > worst.error:
            worst = Agreement(
                found.error, options, notes, parameters, found.where, found.expected, found.seen, True
            )
    return worst


def _difference(expected: Array, seen: Array) -> Agreement:
    if expected.shape != seen.shape:
        return Agreement(
            1e9, expected=f"an output of shape {expected.shape}", seen=f"{seen.shape}", where="shape"
        )
    if expected.size == 0:
        return Agreement(0.0)
    gap = np.abs(expected - seen)
    gap[~np.isfinite(gap)] = np.inf
    scale = max(float(np.abs(expected).max()), 1e-12)
    if not np.isfinite(scale):
        return Agreement(float("inf"))
    first = np.unravel_index(int(np.argmax(gap > 1e-6 * scale)), gap.shape)
    place = ", ".join(str(int(index)) for index in first)
    return Agreement(
        float(gap.max() / scale),
        where=f"output[{place}]",
        expected=f"{expected[first]:.8g}",
        seen=f"{seen[first]:.8g}",
    )
