"""Orthogonal, identity and Dirac weights. Saxe, McClelland & Ganguli 2013; Le, Jaitly & Hinton 2015."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from firstlight.checks.references.inits._init_reference import Array, InitReference

__all__ = ["DIRAC", "IDENTITY", "ORTHOGONAL"]


def identity(shape: tuple[int, ...], options: Mapping[str, Any]) -> Array:
    """Return ones on the diagonal of a matrix."""
    return np.eye(shape[0], shape[1]) * float(options.get("gain") or 1.0)


def dirac(shape: tuple[int, ...], _: Mapping[str, Any]) -> Array:
    """Return kernels that hand each channel through: a one in the middle."""
    out = np.zeros(shape)
    middle = tuple(side // 2 for side in shape[2:])
    for channel in range(min(shape[:2])):
        out[(channel, channel, *middle)] = 1.0
    return out


ORTHOGONAL = InitReference(
    "orthogonal", "Saxe, McClelland & Ganguli 2013", is_orthogonal=True, options={"gain": 1.0}
)
IDENTITY = InitReference("identity", "Le, Jaitly & Hinton 2015", exact=identity, options={"gain": None})
DIRAC = InitReference("dirac", "Zagoruyko & Komodakis 2017", exact=dirac)
