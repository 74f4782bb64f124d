"""Embedding: row number i of a table. Bengio et al. 2003. Scaling by sqrt(d) is Vaswani et al.'s dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
    Shape,
)

__all__ = ["EMBEDDING"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    num_embeddings: int,
    embedding_dim: int,
    padding_idx: Any = None,
    scale: str = "none",
    shift: int = 0,
) -> Array:
    """Return the rows of the table that the indices name."""
    del padding_idx
    out: Array = parameters["weight"][(x.astype(int) + shift) % num_embeddings]
    return out * np.sqrt(embedding_dim) if scale == "root" else out


def shapes(options: Options) -> dict[str, Shape]:
    """Return the table."""
    return {"weight": (options["num_embeddings"], options["embedding_dim"])}


def inputs(options: Options) -> tuple[Input, ...]:
    """Return indices of rows and sequences."""
    count = options["num_embeddings"]
    return Input((3, 5), below=count), Input((6,), below=count)


def infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
    """Take the sizes of the table."""
    for shape in known:
        if len(shape) == 2:
            yield {**options, "num_embeddings": shape[0], "embedding_dim": shape[1]}


EMBEDDING = LayerReference(
    "embedding",
    "Bengio et al. 2003",
    forward,
    shapes,
    inputs,
    options={"num_embeddings": None, "embedding_dim": None, "padding_idx": None},
    infer=infer,
    free={"scale": ("none", "root")},
    mistakes=(
        Mistake("The index is one too high.", "forward", lambda options: {**options, "shift": 1}),
        Mistake("The index is one too low.", "forward", lambda options: {**options, "shift": -1}),
    ),
)
