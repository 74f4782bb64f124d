"""Scaled dot-product self-attention, with one head or several. Vaswani et al. 2017, equation 1 and 3.2.2.

Dialects: one fused projection or three, with heads inside or outside of the three; a list of heads; with or
without an output projection; rows first or steps first. Query, key and value are read in any order: which
matrix bears which name makes no difference to what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
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
from firstlight.checks.references.layers._normalise import change
from firstlight.checks.references.layers._reading import Reading

__all__ = ["ATTENTION"]

ROLES = ("q", "k", "v")


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    embed_dim: int,
    num_heads: int,
    causal: bool,
    is_batch_first: bool = True,
    scale: str = "1/sqrt(d)",
    softmax: str = "keys",
    mask_offset: int = 0,
    heads: str = "features",
    mask: str = "before",
    merge: str = "",
    values: str = "v",
    **_: Any,
) -> Array:
    """Return softmax(q k^T / sqrt(d) + mask) v of each head, joined and projected, [n, t, d]."""
    rows = x if is_batch_first else x.swapaxes(0, 1)
    if is_batch_first and heads == "rows as steps":
        rows = x.swapaxes(0, 1)
    n, t, _width = rows.shape
    q, k, v = (rows @ parameters[f"{role}_weight"].T + parameters[f"{role}_bias"] for role in ROLES)
    v = {"v": v, "k": k, "q": q, "x": rows}[values]
    q, k, v = (_split(one, n, t, num_heads, heads) for one in (q, k, v))
    width = q.shape[-1]
    factor = {
        "1/sqrt(d)": width**-0.5,
        "none": 1.0,
        "1/d": 1.0 / width,
        "whole": embed_dim**-0.5,
        "times": width**0.5,
        "1/sqrt(t)": t**-0.5,
        "twice": width**-1.0,
    }[scale]
    scores = q @ k.swapaxes(-1, -2) * factor
    hidden = np.triu(np.ones((t, t), bool), 1 + mask_offset) if causal else np.zeros((t, t), bool)
    if causal and mask == "reversed":
        hidden = np.tril(np.ones((t, t), bool), -1)
    if mask == "zeros":
        weights = _softmax(np.where(hidden, 0.0, scores), -1)
    elif mask == "after":
        weights = np.where(hidden, 0.0, _softmax(scores, -1))
    else:
        axis = {"keys": -1, "queries": -2, "heads": 1, "rows": 0}[softmax]
        weights = _softmax(np.where(hidden, -1e30, scores), axis)
    if softmax == "twice":
        weights = _softmax(weights, -1)
    out = weights @ v
    joined = out.reshape(n, t, -1) if merge == "unswapped" else out.swapaxes(1, 2).reshape(n, t, -1)
    if "o_weight" in parameters and merge != "unprojected":
        joined = joined @ parameters["o_weight"].T + parameters["o_bias"]
    swapped = not is_batch_first or heads == "rows as steps"
    return np.asarray(joined.swapaxes(0, 1) if swapped else joined)


def _split(x: Array, n: int, t: int, count: int, heads: str) -> Array:
    """Return [n, heads, t, width]; ``"time"`` deals the memory out without swapping the axes."""
    if heads == "time":
        return x.reshape(n, count, t, -1)
    if heads == "strided":
        return x.reshape(n, t, -1, count).transpose(0, 3, 1, 2)
    return x.reshape(n, t, count, -1).swapaxes(1, 2)


def _softmax(x: Array, axis: int) -> Array:
    shifted = np.exp(x - x.max(axis, keepdims=True))
    out: Array = shifted / shifted.sum(axis, keepdims=True)
    return out


def inputs(options: Options) -> tuple[Input, ...]:
    """Return sequences; as long as the mask, where there is one of a fixed length."""
    width = options["input_dim"] or options["embed_dim"]
    length = min(5, options["max_len"] or 5)
    return (Input((3, length, width)),)


def infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
    """Take the width from the smallest side of the matrices."""
    sides = [min(shape) for shape in known if len(shape) == 2] or [8]
    yield {
        **options,
        "embed_dim": options["embed_dim"] or max(sides),
        "num_heads": options["num_heads"] or 1,
        "input_dim": options["input_dim"],
    }


def read(
    tensors: Mapping[str, Array], _: Mapping[str, Shape], __: Mapping[str, float], options: Options
) -> Iterator[Reading]:
    """Read projections of any of the usual layouts; a matrix that is none of the three is the output's."""
    width = options["input_dim"] or options["embed_dim"]
    matrices = [(name, one) for name, one in tensors.items() if _is_projection(one, width)]
    matrices = _joined_heads(matrices, width, int(options["num_heads"]))
    for is_transposed in (False, True):
        for name, parts, left in _triples(matrices, width, int(options["num_heads"]), is_transposed):
            yield from _with_biases(name, parts, left, tensors, is_transposed)


def _is_projection(one: Array, width: int) -> bool:
    return one.ndim in (2, 3) and width in one.shape


def _flat(one: Array, width: int) -> Array:
    """Return [heads, width, d] or [heads, d, width] as [heads d, width]."""
    if one.ndim != 3:
        return one
    if one.shape[-1] != width:
        one = one.swapaxes(1, 2)
    return one.reshape(-1, one.shape[-1])


def _joined_heads(matrices: list[tuple[str, Array]], width: int, count: int) -> list[tuple[str, Array]]:
    """Put the matrices of a list of heads, [head, d] each, under one another, role by role."""
    flat = [(name, _flat(one, width)) for name, one in matrices]
    groups: dict[str, list[Array]] = {}
    for name, one in flat:
        role = ".".join(part for part in name.split(".") if not part.isdigit())
        groups.setdefault(role, []).append(one)
    is_listed = count > 1 and any(len(group) == count for group in groups.values())
    if not is_listed:
        return flat
    joined = []
    for role, group in groups.items():
        if len(group) != count:
            joined.append((role, group[0]))
            continue
        axis = 0 if group[0].shape[0] <= group[0].shape[1] else 1
        joined.append((role, np.concatenate(group, axis)))
    return joined


def _triples(
    matrices: list[tuple[str, Array]], width: int, count: int, is_transposed: bool
) -> Iterator[tuple[str, list[tuple[str, Array, Any]], list[tuple[str, Array]]]]:
    """Yield three projections (name, matrix, where its bias lies in the fused one) and what is left."""
    turned = [(name, one.T if is_transposed else one) for name, one in matrices]
    for index, (name, one) in enumerate(turned):
        left = turned[:index] + turned[index + 1 :]
        if one.shape[1] != width or one.shape[0] % 3:
            continue
        inner = one.shape[0] // 3
        rows = np.arange(3 * inner)
        orders = [("fused", np.split(rows, 3))]
        if count > 1 and inner % count == 0:
            by_head = rows.reshape(count, 3, inner // count)
            orders.append(("fused by head", [by_head[:, role].reshape(-1) for role in range(3)]))
            in_turn = rows.reshape(inner, 3)
            orders.append(("fused in turn", [in_turn[:, role] for role in range(3)]))
        for label, order in orders:
            for perm in permutations(order):
                yield label, [(name, one[picked], picked) for picked in perm], left
    single = [(name, one) for name, one in turned if one.shape[1] == width]
    for chosen in sorted(permutations(range(len(single)), 3), key=lambda three: _misnamed(single, three)):
        three = [single[place] for place in chosen]
        if len({one.shape for _, one in three}) == 1:
            names = {name for name, _ in three}
            left = [item for item in turned if item[0] not in names]
            yield "", [(name, one, slice(None)) for name, one in three], left


def _misnamed(single: list[tuple[str, Array]], three: tuple[int, ...]) -> int:
    return sum(
        role not in single[place][0].lower().replace("weight", "")
        for role, place in zip(ROLES, three, strict=True)
    )


def _with_biases(
    label: str,
    parts: list[tuple[str, Array, Any]],
    left: list[tuple[str, Array]],
    tensors: Mapping[str, Array],
    is_transposed: bool,
) -> Iterator[Reading]:
    """Add biases: of the names of the matrices, or absent; and each matrix left that can be the output's."""
    found: dict[str, Array] = {}
    for role, (name, matrix, picked) in zip(ROLES, parts, strict=True):
        bias = _bias_of(name, tensors)
        found[f"{role}_weight"] = matrix
        fits = bias is not None and len(bias) >= len(matrix)
        found[f"{role}_bias"] = bias[picked] if fits and bias is not None else np.zeros(len(matrix))
    inner = len(parts[0][1])
    outs = [(name, one) for name, one in left if one.ndim == 2 and one.shape[1] == inner]
    outs += [(name, one.T) for name, one in left if one.ndim == 2 and one.shape[0] == inner]
    notes = ", ".join(word for word in (label, "transposed" if is_transposed else "") if word)
    for name, one in outs:
        bias = _bias_of(name, tensors)
        whole = bias if bias is not None and len(bias) == len(one) else np.zeros(len(one))
        yield notes, {**found, "o_weight": one, "o_bias": whole}
    if not outs:
        yield ", ".join(word for word in (notes, "no output projection") if word), dict(found)


def _bias_of(name: str, tensors: Mapping[str, Array]) -> Array | None:
    """Return the bias whose name belongs to a matrix: weight and bias, W_q and b_q; of heads joined."""
    listed = [
        one
        for own, one in tensors.items()
        if ".".join(part for part in own.split(".") if not part.isdigit()) == name.replace("weight", "bias")
        and own != name
    ]
    if listed and "weight" in name:
        return np.concatenate([one.reshape(-1) for one in listed])
    for old, new in (("weight", "bias"), ("W", "b"), ("w", "b")):
        other = name.replace(old, new, 1)
        if other != name and other in tensors:
            return tensors[other].reshape(-1)
    return None


SCALES = (
    ("none", "Scores are not divided by sqrt(d)."),
    ("1/d", "Scores are divided by d, not by sqrt(d)."),
    ("times", "Scores are multiplied by sqrt(d), not divided."),
    ("whole", "Scores are divided by the root of the whole width, not of a head's."),
    ("1/sqrt(t)", "Scores are divided by the root of the length, not of a head's width."),
)

ATTENTION = LayerReference(
    "attention",
    "Vaswani et al. 2017, equation 1",
    forward,
    inputs=inputs,
    options={
        "embed_dim": None,
        "num_heads": 1,
        "causal": False,
        "input_dim": None,
        "max_len": None,
        "is_batch_first": None,
    },
    infer=infer,
    read=read,
    free={"is_batch_first": (True, False), "causal": (False, True), "heads": ("features", "strided")},
    mistakes=(
        *(Mistake(cause, "forward", change(scale=name)) for name, cause in SCALES),
        Mistake(
            "The softmax runs over the queries, not over the keys.", "softmax", change(softmax="queries")
        ),
        Mistake("The softmax runs over the batch.", "softmax", change(softmax="rows")),
        Mistake("The softmax runs over the heads.", "softmax", change(softmax="heads")),
        Mistake(
            "The mask is ignored: later steps are seen.",
            "forward",
            lambda options: {**options, "causal": False} if options["causal"] else None,
        ),
        Mistake(
            "The mask is off by one: the next step is seen.",
            "forward",
            lambda options: {**options, "mask_offset": 1} if options["causal"] else None,
        ),
        Mistake(
            "The mask is off by one: a step does not see itself.",
            "forward",
            lambda options: {**options, "mask_offset": -1} if options["causal"] else None,
        ),
        Mistake(
            "The mask is upside down: only later steps are seen.",
            "forward",
            lambda options: {**options, "mask": "reversed"} if options["causal"] else None,
        ),
        Mistake(
            "Masked scores are set to 0, which still takes part in the softmax.",
            "softmax",
            lambda options: {**options, "mask": "zeros"} if options["causal"] else None,
        ),
        Mistake(
            "The mask is applied after the softmax: rows no longer sum to 1.",
            "softmax",
            lambda options: {**options, "mask": "after"} if options["causal"] else None,
        ),
        Mistake(
            "Heads are split without swapping axes: each sees a piece of the time.",
            "shape",
            change(heads="time"),
        ),
        Mistake(
            "Heads are joined without swapping axes: steps are mixed.", "shape", change(merge="unswapped")
        ),
        Mistake(
            "Heads are split and joined without swapping axes.",
            "shape",
            lambda options: {**options, "merge": "unswapped", "heads": "time"},
        ),
        Mistake("The output projection is not applied.", "forward", change(merge="unprojected")),
        Mistake(
            "Attention runs over the rows of the batch, not over the steps.",
            "batch-mixing",
            change(heads="rows as steps"),
        ),
        Mistake("Keys stand where the values should.", "forward", change(values="k")),
        Mistake("Queries stand where the values should.", "forward", change(values="q")),
    ),
)
