"""A layer beside its reference: the reading that explains it best, or the known mistake that does."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._agreement import Agreement, Observation, find_agreement, find_mistake
from firstlight.checks.layers._layer import Array, Layer
from firstlight.checks.layers._making import inner
from firstlight.checks.layers._options import Known
from firstlight.checks.layers._probing import Plan
from firstlight.checks.references.layers import Mistake

if TYPE_CHECKING:
    from firstlight.checks.layers._subject import LayerSubject

__all__ = ["DOUBLE", "SINGLE", "Comparison", "compared"]

DOUBLE, SINGLE = 1e-7, 2e-4


@dataclass(frozen=True)
class Comparison:
    """A layer held against its reference.

    Attributes
    ----------
    best
        The hypothesis that explains it best.
    mistake
        The known mistake that explains it, where nothing right does.
    tolerance
        Up to which ``best.error`` counts as equal.
    unclear
        Why nothing could be compared; empty where it could.
    broke
        What the layer raised for every input that it should take.
    """

    best: Agreement = field(default_factory=Agreement)
    mistake: Mistake | None = None
    tolerance: float = DOUBLE
    unclear: str = ""
    broke: TargetBroke | None = None

    @property
    def agrees(self) -> bool:
        """Whether it computes the same."""
        return not self.unclear and self.broke is None and self.best.error <= self.tolerance


def compared(
    subject: LayerSubject,
    changes: Mapping[str, Any],
    *,
    training: bool,
    layer: Layer | None,
    explains: bool,
) -> Comparison:
    """Hold the layer, made with changed options of the reference's, against the reference.

    Looks for a known mistake with ``explains``, which takes longer.
    """
    assert subject.reference is not None
    theirs_ = {subject.known.names[name]: subject.their_value(name, value) for name, value in changes.items()}
    layer = layer or subject.make(theirs_)
    layer.mode(training)
    tensors = layer.values()
    declared = frozenset(subject.known.values) | frozenset(changes)
    tolerance = subject.tolerance
    comparison = Comparison(unclear="it takes no input of the reference's", tolerance=tolerance)
    kept = subject.known
    subject.known = Known({**kept.values, **changes}, kept.names, kept.is_keeping, kept.given)
    try:
        candidates = subject.readings_of_sizes(layer)
    finally:
        subject.known = kept
    broke: TargetBroke | None = None
    for options in candidates:
        options["training"] = training
        if "training" not in inspect.signature(inner(subject.reference.forward)).parameters:
            del options["training"]
        seen, error = _observations(subject, layer, options)
        broke = broke or error
        if not seen:
            continue
        found = _explained(subject, options, declared, tensors, seen, explains=explains)
        if found.agrees:
            return found
        if found.best.is_readable and (comparison.unclear or found.best.error < comparison.best.error):
            if comparison.mistake is None:
                comparison = found
        elif comparison.unclear and not found.best.is_readable:
            comparison = Comparison(unclear="its weights cannot be told apart", tolerance=tolerance)
        broke = None
    if broke is not None and comparison.unclear:
        return Comparison(unclear="it breaks", broke=broke, tolerance=tolerance)
    return comparison


def _explained(
    subject: LayerSubject,
    options: Mapping[str, Any],
    declared: frozenset[str],
    tensors: Mapping[str, Array],
    seen: Sequence[Observation],
    *,
    explains: bool,
) -> Comparison:
    assert subject.reference is not None
    tolerance = subject.tolerance
    best = find_agreement(subject.reference, options, declared, tensors, seen, tolerance=tolerance)
    if best.error <= tolerance or not best.is_readable or not explains:
        return Comparison(best, tolerance=tolerance)
    mistake, _ = find_mistake(subject.reference, options, declared, tensors, seen, tolerance=tolerance)
    return Comparison(best, mistake, tolerance)


def _observations(
    subject: LayerSubject, layer: Layer, options: Mapping[str, Any]
) -> tuple[list[Observation], TargetBroke | None]:
    seen: list[Observation] = []
    error: TargetBroke | None = None
    for one in subject.inputs(options):
        if one.is_fallback and seen:
            continue
        x = Plan(one.shape, one.below, 0).draw(3)
        training = layer.training
        try:
            layer.mode(not training).again(x)  # what breaks in the other mode is not meant
            layer.mode(training)
            seen.append(Observation(x, layer.again(x), one.change))
        except TargetBroke as broken:
            error = broken
        finally:
            layer.mode(training)
    return seen, error
