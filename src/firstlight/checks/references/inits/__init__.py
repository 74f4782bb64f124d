"""Initialisations: the variance and form of the distribution that each name promises."""

from __future__ import annotations

from firstlight.checks.references.inits._he import HE, HE_NORMAL, HE_UNIFORM
from firstlight.checks.references.inits._init_reference import InitReference, fans
from firstlight.checks.references.inits._lecun import LECUN, LECUN_NORMAL, LECUN_UNIFORM, TORCH_DEFAULT
from firstlight.checks.references.inits._orthogonal import DIRAC, IDENTITY, ORTHOGONAL
from firstlight.checks.references.inits._plain import CONSTANT, NORMAL, ONES, TRUNC_NORMAL, UNIFORM, ZEROS
from firstlight.checks.references.inits._xavier import XAVIER, XAVIER_NORMAL, XAVIER_UNIFORM

__all__ = ["INITS", "InitReference", "fans"]

INITS = {
    reference.name: reference
    for reference in (
        HE,
        HE_NORMAL,
        HE_UNIFORM,
        XAVIER,
        XAVIER_NORMAL,
        XAVIER_UNIFORM,
        LECUN,
        LECUN_NORMAL,
        LECUN_UNIFORM,
        TORCH_DEFAULT,
        ORTHOGONAL,
        NORMAL,
        UNIFORM,
        TRUNC_NORMAL,
        ZEROS,
        ONES,
        CONSTANT,
        IDENTITY,
        DIRAC,
    )
}

# Other words for the same.
INITS |= {
    other: INITS[name]
    for other, name in {
        "kaiming": "he",
        "kaiming-normal": "he-normal",
        "kaiming-uniform": "he-uniform",
        "glorot": "xavier",
        "glorot-normal": "xavier-normal",
        "glorot-uniform": "xavier-uniform",
        "truncated-normal": "trunc-normal",
        "eye": "identity",
    }.items()
}
