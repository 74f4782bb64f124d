"""Activations: functions of a tensor, element by element."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.activations._points import at_reference_points
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations import ACTIVATIONS

__all__ = ["KIND"]

KIND = Kind(
    name="activation",
    what="a function tensor -> tensor, or an nn.Module class",
    subject=ActivationSubject.of,
    checks=(at_reference_points,),
    references=lambda: ACTIVATIONS,
    blind_spots=("How fast it is.",),
    sentence="A wrong value or derivative anywhere between -20 and 20.",
)
