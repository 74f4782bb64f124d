"""Recurrent layers: Elman 1990; LSTM (Hochreiter & Schmidhuber 1997, forget gate of Gers et al. 2000); GRU.

GRU: Cho et al. 2014. Dialects: the reset gate before or after the matrix product; which of z and 1 - z keeps
the old state; one bias or two; gates fused or apart, in any order; [x, h] joined in one matrix; steps first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import permutations, product
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

__all__ = ["GRU", "LSTM", "RNN"]

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
ORDERS_TRIED = 24


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x))."""
    out: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return out


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
    "sigmoid": sigmoid,
    "none": lambda x: x,
}


def lstm_step(p: dict[str, Array], x: Array, h: Array, c: Array, options: Options) -> tuple[Array, Array]:
    """Return the new hidden and cell state; gates in the order input, forget, cell, output."""
    gates = np.einsum("ghd,nd->gnh", p["wx"], x) + np.einsum("ghk,nk->gnh", p["wh"], h)
    gates = gates + p["bx"][:, None] + p["bh"][:, None]
    i, f, o = sigmoid(gates[0]), sigmoid(gates[1]), sigmoid(gates[3])
    g = sigmoid(gates[2]) if options.get("candidate") == "sigmoid" else np.tanh(gates[2])
    if options.get("forget") == "one":
        c = c + i * g
    elif options.get("forget") == "coupled":
        c = (1 - i) * c + i * g
    else:
        c = f * c + i * g
    return (o * c if options.get("output") == "linear" else o * np.tanh(c)), c


def gru_step(p: dict[str, Array], x: Array, h: Array, c: Array, options: Options) -> tuple[Array, Array]:
    """Return the new hidden state; gates in the order reset, update, new."""
    fromx = np.einsum("ghd,nd->gnh", p["wx"], x) + p["bx"][:, None]
    fromh = np.einsum("ghk,nk->gnh", p["wh"], h) + p["bh"][:, None]
    r, z = sigmoid(fromx[0] + fromh[0]), sigmoid(fromx[1] + fromh[1])
    reset = options.get("reset", "after")
    if reset == "after":
        new = np.tanh(fromx[2] + r * fromh[2])
    elif reset == "before":
        new = np.tanh(fromx[2] + (r * h) @ p["wh"][2].T + p["bh"][2])
    else:
        new = np.tanh(fromx[2] + fromh[2])
    keep = z if options.get("update", "z keeps") == "z keeps" else 1 - z
    if options.get("blend") == "sum":
        return h + (1 - keep) * new, c
    return keep * h + (1 - keep) * new, c


def rnn_step(p: dict[str, Array], x: Array, h: Array, c: Array, options: Options) -> tuple[Array, Array]:
    """Return tanh(W x + U h + b)."""
    whole = x @ p["wx"][0].T + p["bx"][0] + p["bh"][0]
    if options.get("history") != "none":
        whole = whole + h @ p["wh"][0].T
    kind = options.get("nonlinearity") or "tanh"
    return ACTIVATIONS[kind](whole), c


STEPS = {"lstm": lstm_step, "gru": gru_step, "rnn": rnn_step}


def forward(parameters: dict[str, Array], x: Array, *, cell: str, **options: Any) -> Array:
    """Return the hidden state after each step, [n, t, h], from a state of zeros."""
    is_batch_first = options.get("is_batch_first", True)
    rows = x if is_batch_first else x.swapaxes(0, 1)
    if options.get("direction") == "reversed":
        rows = rows[:, ::-1]
    h = np.zeros((len(rows), parameters["wh"].shape[1]))
    c, states = np.zeros_like(h), []
    for step in range(rows.shape[1]):
        if options.get("memory") == "none":
            h, c = np.zeros_like(h), np.zeros_like(c)
        h, c = STEPS[cell](parameters, rows[:, step], h, c, options)
        states.append(h)
    if options.get("output_of") == "last":
        return h
    return np.stack(states, 1 if is_batch_first else 0)


def inputs(options: Options) -> tuple[Input, ...]:
    """Return sequences."""
    return (Input((3, 4, options["input_size"])),)


def infer(known: Sequence[Shape], options: Options, *, cell: str) -> Iterator[Options]:
    """Take the hidden width from a matrix [g h, h] or [h, h]."""
    for shape in known:
        if len(shape) == 2:
            for gates in {GATES[cell], 1}:
                for one in (shape, shape[::-1]):
                    width = options["hidden_size"] or one[0] // gates
                    if one[0] % gates == 0 and one[1] != width:
                        size = one[1] - width if one[1] > width else one[1]
                        yield {**options, "hidden_size": width, "input_size": options["input_size"] or size}


def read(
    tensors: Mapping[str, Array],
    _: Mapping[str, Shape],
    __: Mapping[str, float],
    options: Options,
    *,
    cell: str,
) -> Iterator[Reading]:
    """Read matrices from x and from h gate by gate, then try every order of the gates."""
    gates, hidden, width = GATES[cell], int(options["hidden_size"]), int(options["input_size"])
    usable = {
        name: one for name, one in tensors.items() if hidden in one.shape or gates * hidden in one.shape
    }
    for is_hidden_first, is_turned in product((False, True), (False, True)):
        for is_swapped in (False, True) if width == hidden else (False,):
            blocks = _blocks(usable, gates, hidden, width, is_hidden_first, is_swapped, is_turned)
            if blocks is None:
                continue
            wx, wh, bx, bh = blocks
            for order in permutations(range(gates)):
                picked = list(order)
                found = {"wx": wx[picked], "wh": wh[picked], "bx": bx[picked], "bh": bh[picked]}
                yield ("" if picked == sorted(picked) else f"gates in the order {picked}"), found
                if cell == "gru" and np.any(bh) and np.any(bx):
                    yield "", {**found, "bx": bh[picked], "bh": bx[picked]}
                elif cell == "gru" and np.any(bx):
                    yield "one bias", {**found, "bx": np.zeros_like(bx), "bh": bx[picked]}


def _blocks(
    tensors: Mapping[str, Array],
    gates: int,
    hidden: int,
    width: int,
    is_hidden_first: bool,
    is_swapped: bool,
    is_turned: bool,
) -> tuple[Array, Array, Array, Array] | None:
    """Return [gate, hidden, width], [gate, hidden, hidden] and two biases [gate, hidden]."""
    from_x: list[Array] = []
    from_h: list[Array] = []
    biases: list[tuple[str, Array]] = []
    for name, one in tensors.items():
        if one.ndim == 1 or 1 in one.shape:
            biases += [(name, part) for part in one.reshape(-1, hidden)]
            continue
        parts = _parts(one, gates, hidden, width, is_turned)
        for part in parts:
            if part.shape[1] == width + hidden:
                h, x = (
                    (part[:, :hidden], part[:, hidden:])
                    if is_hidden_first
                    else (part[:, width:], part[:, :width])
                )
                from_x.append(x)
                from_h.append(h)
            elif part.shape[1] == hidden and (
                width != hidden or _is_from_h(name, len(from_x), len(from_h), gates)
            ):
                from_h.append(part)
            else:
                from_x.append(part)
    if len(from_x) != gates or len(from_h) != gates:
        return None
    if is_swapped:
        from_x, from_h = from_h, from_x
    bx, bh = _biases(biases, gates, hidden)
    return np.stack(from_x), np.stack(from_h), bx, bh


def _is_from_h(name: str, count_x: int, count_h: int, gates: int) -> bool:
    """Tell by name, else by order, whether a square matrix takes the state."""
    last = name.lower()
    if any(word in last for word in ("hh", "rec", "w_h", "wh", "u_", ".u", "hidden", "h2h", "state")):
        return True
    if any(word in last for word in ("ih", "xh", "w_x", "wx", "i2h", "x2h", "input")):
        return False
    return count_x >= gates and count_h < gates


def _parts(one: Array, gates: int, hidden: int, width: int, is_turned: bool) -> list[Array]:
    """Cut a matrix into gates, [hidden, inputs] each, whichever way it lies."""
    if one.ndim == 3:
        return [
            part.T if part.shape[0] != hidden or (is_turned and part.shape[1] == hidden) else part
            for part in one
        ]
    for turned in (one.T, one) if is_turned else (one, one.T):
        rows, columns = turned.shape
        if columns in (width, hidden, width + hidden) and rows == gates * hidden:
            return list(turned.reshape(gates, hidden, columns))
        if columns in (width, hidden, width + hidden) and rows == hidden:
            return [turned]
    return []


def _biases(found: list[tuple[str, Array]], gates: int, hidden: int) -> tuple[Array, Array]:
    zeros = np.zeros((gates, hidden))
    parts = [part for _, part in found]
    if len(parts) == 2 * gates:
        names = [name.lower() for name, _ in found]
        fused = len(set(names)) == 2
        if fused or gates == 1:
            return np.stack(parts[:gates]), np.stack(parts[gates:])
        of_x = [index for index, name in enumerate(names) if _is_from_h(name, 0, gates, gates) is False]
        if len(of_x) == gates and 0 < len(set(of_x)) < 2 * gates:
            rest = [index for index in range(2 * gates) if index not in of_x]
            return np.stack([parts[index] for index in of_x]), np.stack([parts[index] for index in rest])
        return np.stack(parts[0::2]), np.stack(parts[1::2])
    if len(parts) == gates:
        return np.stack(parts), zeros
    return zeros, zeros


def _reference(
    cell: str, source: str, *, free: Mapping[str, tuple[Any, ...]], mistakes: tuple[Mistake, ...]
) -> LayerReference:
    return LayerReference(
        cell,
        source,
        partial(forward, cell=cell),
        inputs=inputs,
        options={"input_size": None, "hidden_size": None, "is_batch_first": None, "nonlinearity": None},
        infer=partial(infer, cell=cell),
        read=partial(read, cell=cell),
        free={"is_batch_first": (True, False), "output_of": ("each", "last"), **free},
        mistakes=(
            *mistakes,
            Mistake("The state is not carried from step to step.", "state", change(memory="none")),
            Mistake("The sequence is read backwards.", "order", change(direction="reversed")),
        ),
    )


LSTM = _reference(
    "lstm",
    "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000",
    free={},
    mistakes=(
        Mistake(
            "The candidate goes through a sigmoid, not through tanh.", "forward", change(candidate="sigmoid")
        ),
        Mistake(
            "The cell state is not squashed by tanh before the output gate.",
            "forward",
            change(output="linear"),
        ),
        Mistake("The forget gate is not used.", "forward", change(forget="one")),
        Mistake(
            "The old cell is kept by 1 - i, not by the forget gate.", "forward", change(forget="coupled")
        ),
    ),
)
GRU = _reference(
    "gru",
    "Cho et al. 2014",
    free={"reset": ("after", "before"), "update": ("z keeps", "z replaces")},
    mistakes=(
        Mistake("The reset gate is not used.", "forward", change(reset="none")),
        Mistake("The old state is added whole.", "forward", change(blend="sum")),
    ),
)
RNN = _reference(
    "rnn",
    "Elman 1990",
    free={"nonlinearity": ("tanh", "relu")},
    mistakes=(
        Mistake("The old state is not used.", "state", change(history="none")),
        Mistake("No nonlinearity is applied.", "forward", change(nonlinearity="none")),
        Mistake("The nonlinearity is a sigmoid.", "forward", change(nonlinearity="sigmoid")),
    ),
)
