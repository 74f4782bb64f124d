"""Initialisations: functions that fill or return weights, and modules that come with theirs."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.inits._exact import exact_weights, filled
from firstlight.checks.inits._statistics import weight_statistics
from firstlight.checks.inits._subject import InitSubject
from firstlight.checks.inits._variety import layers_differ, units_differ
from firstlight.checks.references.inits import INITS

__all__ = ["KIND"]

KIND = Kind(
    name="init",
    what="a function that fills a tensor or returns weights of a shape, or an nn.Module class",
    subject=InitSubject.of,
    checks=(filled, exact_weights, layers_differ, units_differ, weight_statistics),
    references=lambda: INITS,
    blind_spots=(
        "Biases, and weights of one axis.",
        "A scale that is off by less than about one percent.",
        "Whether the scheme suits the network's activation.",
    ),
    sentence="A wrong variance, fan, gain, bound or distribution; units or layers that begin alike.",
)
