"""Dropout. Srivastava et al. 2014; spatial: Tompson et al. 2015. In evaluation it is the identity.

Training is drawn: its rate and scale are judged by counting. The paper's own form, which leaves training
unscaled and multiplies by the kept share in evaluation, is a dialect.
"""

from __future__ import annotations

from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
)
from firstlight.checks.references.layers._normalise import change

__all__ = ["DROPOUT", "DROPOUT2D"]


def forward(
    _: dict[str, Array], x: Array, *, p: float, is_scaled_in_evaluation: bool = False, times: str = ""
) -> Array:
    """Return x as it is, as evaluation does; by the kept share with ``is_scaled_in_evaluation``."""
    if times == "inverse":
        return x / (1 - p)
    return x * (1 - p) if is_scaled_in_evaluation else x


def inputs(_: Options) -> tuple[Input, ...]:
    """Return rows."""
    return (Input((6, 9)), Input((4, 3, 6, 5), is_fallback=True))


MISTAKES = (Mistake("Evaluation is scaled by 1 / (1 - p) too.", "dropout-scaling", change(times="inverse")),)

DROPOUT = LayerReference(
    "dropout",
    "Srivastava et al. 2014",
    forward,
    inputs=inputs,
    options={"p": 0.5},
    free={"is_scaled_in_evaluation": (False, True)},
    mistakes=MISTAKES,
    variants=({"p": 0.2},),
    is_random=True,
)
DROPOUT2D = LayerReference(
    "dropout2d",
    "Tompson et al. 2015",
    forward,
    inputs=lambda _: (Input((4, 3, 6, 5)),),
    options={"p": 0.5},
    free={"is_scaled_in_evaluation": (False, True)},
    mistakes=MISTAKES,
    variants=({"p": 0.2},),
    is_random=True,
)
