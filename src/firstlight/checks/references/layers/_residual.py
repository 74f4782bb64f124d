"""Residual block: y = x + F(x), with or without an activation after the sum. He et al. 2015, equation 1.

F is whatever the block makes it: what is held against this reference is what is left when F is silenced.
"""

from __future__ import annotations

from firstlight.checks.references.layers._layer_reference import Array, Input, LayerReference, Options

__all__ = ["RESIDUAL"]


def forward(_: dict[str, Array], x: Array, **__: object) -> Array:
    """Return x: the block whose branch gives zero."""
    return x


def inputs(options: Options) -> tuple[Input, ...]:
    """Return images, sequences and rows of the given width."""
    width = options["features"] or 4
    return (
        Input((3, width, 8, 9)),
        Input((3, 5, width), is_fallback=True),
        Input((3, width), is_fallback=True),
    )


RESIDUAL = LayerReference(
    "residual", "He et al. 2015, equation 1", forward, inputs=inputs, options={"features": None}
)
