"""Which activation a target is meant to be: by ``--like``, by its own name, or by its values."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from firstlight._errors import TargetError
from firstlight.checks._exposed import Exposed, exposed_names, exposed_options
from firstlight.checks._given import Given
from firstlight.checks._runner import TargetBroke
from firstlight.checks._target import object_name
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations import ACTIVATIONS, ActivationReference
from firstlight.checks.references.activations._activation import Array

__all__ = ["fits", "grid", "matrix", "recognised", "variants"]

NOISE_WORDS = ("my", "custom", "activation", "function", "fn", "layer", "module")


def grid() -> Array:
    """Return points between -20 and 20, close around zero, none of them a kink."""
    dense = np.linspace(-6.03, 6.05, 120)
    return np.concatenate([dense, [-19.7, -14.2, -11.3, -8.6, 8.3, 11.9, 14.6, 19.8, 1e-3, -1e-3]])


def matrix() -> Array:
    """Return a matrix of which no two rows, columns or sums are equal, for softmax and its kin."""
    return np.random.default_rng(7).normal(size=(7, 5)) * 2.0


def recognised(subject: ActivationSubject) -> ActivationSubject:
    """Return the subject with the reference that it is to be held against, where there is one."""
    if subject.given.like is not None:
        return _held_against(subject, ACTIVATIONS[subject.given.like], is_declared=True)
    if subject.given.peer is not None:
        return _of_peer(subject)
    named = ACTIVATIONS.get(_own_name(subject.given))
    if named is not None:
        return _held_against(subject, named, is_declared=True)
    _refuse_what_raises(subject)
    for reference in dict.fromkeys(ACTIVATIONS.values()):
        found = _held_against(subject, reference, is_declared=False)
        if fits(found, found.exposed.values):
            return replace(found, dialect=f"recognised by its values as {reference.name}")
    return subject


def _refuse_what_raises(subject: ActivationSubject) -> None:
    """Refuse what takes no matrix, where nothing says that it should."""
    try:
        subject.at(np.linspace(-2.0, 2.0, 10))
    except TargetBroke as error:
        raise TargetError(
            f"{subject.given.name} takes no tensor of shape [2, {subject.width}]: {error}. Say what it is "
            "meant to be, --like, or check it as a layer: --kind layer."
        ) from error


def fits(subject: ActivationSubject, options: Mapping[str, Any]) -> bool:
    """Return whether the target's values are the reference's with these options."""
    reference = subject.reference
    assert reference is not None
    try:
        x = grid() if reference.is_elementwise else matrix()
        seen = subject.at(x) if reference.is_elementwise else subject.values(x)
        expected = reference.value(x, **options)
    except Exception:
        return False
    return seen.shape == expected.shape and bool(
        (np.abs(seen - expected) <= subject.tolerance * (1 + np.abs(expected))).all()
    )


def variants(subject: ActivationSubject) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield the reference's own options and those of each dialect that nothing speaks against."""
    reference = subject.reference
    assert reference is not None
    yield None, dict(subject.exposed.values)
    for name, options in reference.dialects.items():
        if not set(options) & subject.exposed.explicit:
            yield name, {**subject.exposed.values, **options}


def _held_against(
    subject: ActivationSubject, reference: ActivationReference, *, is_declared: bool
) -> ActivationSubject:
    exposed = exposed_options(
        subject.given.target, subject.given.args, options=reference.options, aliases=reference.aliases
    )
    if not reference.is_elementwise and "axis" in subject.given.declares:
        exposed = replace(exposed, values={**exposed.values, "axis": int(subject.given.declares["axis"])})
    if not reference.is_elementwise and "axis" in exposed.names and "axis" not in exposed.explicit:
        subject = subject.with_args(**{exposed.names["axis"]: exposed.values["axis"]})
    held = replace(subject, reference=reference, exposed=_numbers(exposed), is_declared=is_declared)
    for dialect, options in variants(held):
        if dialect is not None and fits(held, options):
            values = replace(held.exposed, values=options)
            return replace(held, exposed=values, dialect=f"{reference.name} in the form: {dialect}")
        if dialect is None and fits(held, options):
            return held
    return held


def _numbers(exposed: Exposed) -> Exposed:
    """Take one number of a tensor or list of equal ones, as of weights by channel."""
    values = {
        name: value
        if isinstance(value, (str, int, float, bool))
        else float(np.asarray(_array(value)).flat[0])
        for name, value in exposed.values.items()
    }
    return replace(exposed, values=values)


def _array(value: Any) -> Any:
    return value.detach().double().numpy() if hasattr(value, "detach") else value


def _own_name(given: Given) -> str:
    target = given.target
    word = getattr(target, "__name__", None) or type(target).__name__
    if inspect.isfunction(target) and word == "<lambda>":
        return ""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", word)
    kept = [one.lower() for one in words if one.lower() not in NOISE_WORDS]
    squashed = "".join(kept)
    return next((name for name in ACTIVATIONS if name.replace("-", "") == squashed), "")


def _of_peer(subject: ActivationSubject) -> ActivationSubject:
    """Recognise the object that was named; where it is none of ours, its own values are the reference."""
    peer = subject.given.peer
    accepted = exposed_names(peer)
    args = {name: value for name, value in subject.given.args.items() if name in accepted}
    given = Given(target=peer, name=object_name(peer), args=args)
    other = ActivationSubject.plain(given)
    known = recognised(other)
    if known.reference is not None:
        found = _held_against(subject, known.reference, is_declared=True)
        strict = {**known.exposed.values, **{k: found.exposed.values[k] for k in found.exposed.explicit}}
        return replace(found, exposed=replace(found.exposed, values=strict), dialect=None)
    reference = ActivationReference(
        given.name, given.name, other.values, lambda x: other.gradient(x, np.ones_like(x))
    )
    return replace(subject, reference=reference, is_declared=True)
