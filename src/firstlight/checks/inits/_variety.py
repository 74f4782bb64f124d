"""I3: seeds and layers differ; I4: units differ."""

from __future__ import annotations

import inspect

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.inits._subject import KEY_NAMES, InitSubject, Sample
from firstlight.checks.references.inits._init_reference import Array

__all__ = ["layers_differ", "units_differ"]


def _is_drawn(subject: InitSubject, sample: Sample) -> bool:
    """Tell drawn weights from constants, identities and sparse patterns."""
    if subject.reference is not None:
        return subject.reference.exact is None
    return bool(len(np.unique(sample.draws[0])) > sample.draws[0].size // 2)


@check_of("I3", "layers and seeds differ", families=("initialisation", "determinism"))
def layers_differ(subject: InitSubject) -> Outcome:
    """Draw twice without seeding in between, and once more with another seed: all differ."""
    drawn = [sample for sample in subject.samples if _is_drawn(subject, sample)]
    if not drawn:
        return skipped("nothing is drawn")
    if subject.is_module:
        twins = _equal_layers(drawn)
        if twins:
            return _same(
                twins, "Layers of one shape begin with the same weights: the seed is set before each."
            )
        if np.array_equal(drawn[0].draws[0], drawn[0].draws[1]):
            return _same(
                drawn[0].name, "Every instance begins with the same weights: the seed is set inside."
            )
        return passed("layers and instances differ")
    for sample in drawn:
        if np.array_equal(sample.draws[0], sample.draws[1]):
            if _has_own_seed(subject):
                return warned(
                    "two draws are the same",
                    hint="Its seed has a default: two layers begin alike unless it is changed.",
                )
            return _same(
                sample.name, "Two layers of one shape begin with the same weights: the seed is set inside."
            )
    return passed("two draws differ")


def _equal_layers(drawn: list[Sample]) -> str | None:
    for index, one in enumerate(drawn):
        for other in drawn[index + 1 :]:
            if one.shape == other.shape and np.array_equal(one.draws[0], other.draws[0]):
                return f"{one.name}, {other.name}"
    return None


def _same(where: str, cause: str) -> Outcome:
    return failed(
        "initialisation",
        expected="other weights each time",
        seen="the same",
        where=where,
        cause=cause,
        certainty=0.93,
    )


def _has_own_seed(subject: InitSubject) -> bool:
    try:
        names = inspect.signature(subject.given.target).parameters
    except (TypeError, ValueError):
        return False
    return any(name.lower() in KEY_NAMES for name in names)


@check_of("I4", "units differ", families=("initialisation",))
def units_differ(subject: InitSubject) -> Outcome:
    """Look for rows or columns that are alike: such units learn the same for ever."""
    looked = 0
    for sample in subject.samples:
        if not _is_drawn(subject, sample) and not _is_repeated(sample.draws[0]):
            continue
        looked += 1
        weights = sample.draws[0].reshape(len(sample.draws[0]), -1)
        for name, matrix in (("rows", weights), ("columns", weights.T)):
            if len(matrix) < 3 or matrix.shape[1] < 2 or np.ptp(matrix) == 0:
                continue
            alike = len(matrix) - len(np.unique(matrix, axis=0))
            if alike > 0:
                return failed(
                    "initialisation",
                    expected=f"{len(matrix)} different {name}",
                    seen=f"{alike} of them repeat another one",
                    where=sample.name,
                    cause="One row is drawn and repeated: units that begin alike stay alike.",
                    certainty=0.94,
                )
    return passed("no two units begin alike") if looked else skipped("nothing is drawn")


def _is_repeated(weights: Array) -> bool:
    """Tell a row that was drawn and repeated from a constant or an identity."""
    flat = weights.reshape(len(weights), -1)
    return bool(
        len(np.unique(flat[0])) > flat.shape[1] // 2 and len(flat) > 2 and np.array_equal(flat[0], flat[1])
    )
