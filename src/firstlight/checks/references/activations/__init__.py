"""Activations: value and derivative in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.activations._activation import ActivationReference
from firstlight.checks.references.activations._relu import RELU

__all__ = ["ACTIVATIONS", "ActivationReference"]

ACTIVATIONS = {reference.name: reference for reference in (RELU,)}
