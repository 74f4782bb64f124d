"""A number for each picture that does not change when the picture is moved: equal numbers, equal content.

The number is a polynomial in two variables modulo a prime, the sum of value * A**y * B**x over the pixels
(Karp & Rabin 1987, in two dimensions). Moving the content by (dy, dx) multiplies it by A**dy * B**dx, so
dividing by the powers of the content's upper left corner takes the place out of it. Two such numbers make 62
bits. For a whole batch and any number of turns it is one matrix product, exact in float64: all sums stay
below 2**53.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Bool, Float64, Int64, Shaped
from torch import Tensor

from firstlight.checks.identity._turns import TURNS, Turn

__all__ = ["Marks", "corners", "marks"]

PRIME = 2**31 - 1
BASES = ((48_271, 69_621), (742_938_285, 1_226_874_159))  # (A, B) of each of the two numbers
CHUNK = 4_096
CHANNEL = 16_807  # multiplies the number of a channel once for each channel before it


@dataclass(frozen=True, eq=False)
class Marks:
    """The numbers of n pictures under some turns.

    Attributes
    ----------
    numbers
        ``[n, turns]``: of the picture with the turn undone.
    corner
        ``[n, turns, 2]``: where its content begins, row and column, with the turn undone.
    """

    numbers: Int64[Tensor, "n t"]
    corner: Int64[Tensor, "n t 2"]


def marks(
    values: Shaped[Tensor, "n c h w"],
    turns: tuple[int, ...] = (0,),
    *,
    is_anchored: bool = False,
    channels: tuple[int, ...] | None = None,
) -> Marks:
    """Return the numbers of pictures.

    Parameters
    ----------
    values
        Whole numbers from 0 to 255, or bool; 0 is background and is not seen.
    turns
        Places in `TURNS`.
    is_anchored
        Whether the place of the content counts too.
    channels
        The order in which channels are read; as they are by default.
    """
    n, c, h, w = values.shape
    order = channels or tuple(range(c))
    numbers = torch.zeros(n, len(turns), dtype=torch.int64)
    corner = torch.zeros(n, len(turns), 2, dtype=torch.int64)
    weights = _weights(h, w, turns)
    for start in range(0, n, CHUNK):
        part = values[start : start + CHUNK]
        rows = slice(start, start + len(part))
        sums = torch.zeros(len(part), len(turns), 2, dtype=torch.int64)
        for place, channel in enumerate(order):
            flat = part[:, channel].reshape(len(part), h * w).double()
            found = (flat @ weights).long() % PRIME
            sums = (sums + found.reshape(sums.shape) * pow(CHANNEL, place, PRIME)) % PRIME
        if not is_anchored:
            corner[rows] = corners(part != 0, turns)
            sums = _moved_home(sums, corner[rows])
        numbers[rows] = sums[..., 0] * 2**31 + sums[..., 1]
    return Marks(numbers, corner)


def corners(mask: Bool[Tensor, "n c h w"], turns: tuple[int, ...]) -> Int64[Tensor, "n t 2"]:
    """Return row and column at which the content begins once each turn is undone; 0 where there is none."""
    rows, columns = mask.any(3).any(1).to(torch.uint8), mask.any(2).any(1).to(torch.uint8)
    top, left = rows.argmax(1), columns.argmax(1)
    below, right = rows.flip(1).argmax(1), columns.flip(1).argmax(1)  # counted from the other side
    found = []
    for place in turns:
        turn = TURNS[place]
        y = below if turn.is_upside_down else top
        x = right if turn.is_mirrored else left
        found.append(torch.stack((x, y) if turn.is_transposed else (y, x), dim=1))
    return torch.stack(found, dim=1)


def _moved_home(sums: Int64[Tensor, "n t 2"], corner: Int64[Tensor, "n t 2"]) -> Int64[Tensor, "n t 2"]:
    """Divide by the powers of the corner."""
    most = int(corner.max()) + 1 if corner.numel() else 1
    for which, (a, b) in enumerate(BASES):
        for axis, base in enumerate((a, b)):
            powers = _powers(pow(base, -1, PRIME), most)
            sums[..., which] = sums[..., which] * powers[corner[..., axis]] % PRIME
    return sums


@cache
def _powers(base: int, count: int) -> Int64[Tensor, " count"]:
    return torch.tensor([pow(base, exponent, PRIME) for exponent in range(count)])


@cache
def _weights(height: int, width: int, turns: tuple[int, ...]) -> Float64[Tensor, "pixels numbers"]:
    columns = []
    for place in turns:
        y, x = _places(height, width, TURNS[place])
        for a, b in BASES:
            most = max(height, width)
            columns.append((_powers(a, most)[y] * _powers(b, most)[x] % PRIME).reshape(-1))
    return torch.stack(columns, dim=1).double()


def _places(height: int, width: int, turn: Turn) -> tuple[Int64[Tensor, "h w"], Int64[Tensor, "h w"]]:
    """Return the row and column that each pixel had before the turn."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    y = height - 1 - y if turn.is_upside_down else y
    x = width - 1 - x if turn.is_mirrored else x
    return (x, y) if turn.is_transposed else (y, x)
