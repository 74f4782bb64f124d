"""Drawings made by script: strokes of the ten digits as a hand makes them, from no font.

Each template is one to three strokes of straight pieces and arcs in a square from 0 to 1. For a drawing it is
slanted, stretched, turned, scaled, put somewhere and drawn with a pen of some width, and its points tremble a
little: all drawn at random from `Hand`, which was fixed before any drawing was read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

__all__ = ["TEMPLATES", "Hand", "ScriptedDrawing", "scripted_drawings"]

SIDE = 252  # of the pad, in its pixels
MARGIN = 14
Point = tuple[float, float]


def _arc(x: float, y: float, across: float, down: float, begin: float, end: float) -> list[Point]:
    """Return points of an ellipse; degrees run clockwise from the right, as y runs down."""
    count = max(3, round(abs(end - begin) / 12))
    angles = [math.radians(begin + (end - begin) * step / count) for step in range(count + 1)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


# What each digit's strokes are; digits that people write in two ways have two.
TEMPLATES: dict[int, tuple[list[list[Point]], ...]] = {
    0: ([_arc(0.5, 0.5, 0.32, 0.48, -80, 285)],),
    1: ([[(0.5, 0.02), (0.5, 0.98)]], [[(0.34, 0.2), (0.52, 0.02), (0.52, 0.98)]]),
    2: ([[*_arc(0.48, 0.28, 0.3, 0.26, 195, 380), (0.2, 0.96), (0.84, 0.94)]],),
    3: ([[*_arc(0.45, 0.26, 0.28, 0.23, 205, 440), *_arc(0.45, 0.73, 0.32, 0.25, -85, 155)]],),
    4: (
        [[(0.3, 0.05), (0.22, 0.55), (0.82, 0.53)], [(0.68, 0.08), (0.64, 0.98)]],
        [[(0.62, 0.98), (0.64, 0.03), (0.16, 0.64), (0.88, 0.64)]],
    ),
    5: (
        [[(0.78, 0.05), (0.3, 0.06), (0.26, 0.44), *_arc(0.45, 0.68, 0.33, 0.28, -115, 150)]],
        [[(0.3, 0.06), (0.27, 0.45), *_arc(0.45, 0.68, 0.33, 0.28, -115, 150)], [(0.29, 0.06), (0.8, 0.05)]],
    ),
    6: ([[(0.66, 0.02), (0.4, 0.3), (0.27, 0.6), *_arc(0.5, 0.7, 0.25, 0.27, 180, -185)]],),
    7: (
        [[(0.16, 0.07), (0.82, 0.06), (0.42, 0.98)]],
        [[(0.16, 0.07), (0.82, 0.06), (0.42, 0.98)], [(0.32, 0.52), (0.8, 0.5)]],
    ),
    8: (
        [[*_arc(0.5, 0.26, 0.25, 0.23, -60, -270), *_arc(0.5, 0.74, 0.3, 0.25, -90, 270),
          *_arc(0.5, 0.26, 0.25, 0.23, 90, -60)]],
    ),
    9: ([[*_arc(0.47, 0.3, 0.26, 0.26, -20, -340), (0.73, 0.24), (0.7, 0.6), (0.62, 0.98)]],),
}  # fmt: skip


@dataclass(frozen=True)
class Hand:
    """What is drawn at random for one drawing.

    Attributes
    ----------
    size
        Height in pixels of the pad: uniform from 90 to 210.
    width
        Relative to the height: uniform from 0.6 to 0.95.
    slant, turn
        Shear to the right, uniform from -0.1 to 0.35; degrees, uniform from -8 to 8.
    pen
        Radius in pixels: uniform from 4 to 13, but no more than a tenth of the height.
    tremble
        Standard deviation of each point, in pixels: uniform from 0 to 1.5.
    left, top
        Where the digit lies: 0 at the left or top margin, 1 at the other end; uniform.
    """

    size: float
    width: float
    slant: float
    turn: float
    pen: float
    tremble: float
    left: float
    top: float

    @classmethod
    def at_random(cls, random: np.random.Generator) -> Hand:
        """Draw one."""
        size = random.uniform(90, 210)
        return cls(
            size=size,
            width=random.uniform(0.6, 0.95),
            slant=random.uniform(-0.1, 0.35),
            turn=random.uniform(-8, 8),
            pen=min(random.uniform(4, 13), size / 10),
            tremble=random.uniform(0, 1.5),
            left=random.random(),
            top=random.random(),
        )


@dataclass(frozen=True)
class ScriptedDrawing:
    """Strokes on the pad, and what they mean."""

    label: int
    pen: float
    strokes: list[list[Point]]


def scripted_drawings(count: int, *, seed: int) -> list[ScriptedDrawing]:
    """Return drawings, the digits in turn; the same seed gives the same ones."""
    return [_drawing(number % 10, np.random.default_rng([seed, number])) for number in range(count)]


def _drawing(label: int, random: np.random.Generator) -> ScriptedDrawing:
    hand = Hand.at_random(random)
    ways = TEMPLATES[label]
    strokes = [_dense(stroke) for stroke in ways[int(random.integers(len(ways)))]]
    points = _formed(np.concatenate(strokes), hand)
    points += hand.tremble * random.standard_normal(points.shape)
    low, room = points.min(axis=0), SIDE - 2 * MARGIN - np.ptp(points, axis=0)
    points += MARGIN + np.array([hand.left, hand.top]) * np.maximum(room, 0) - low
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return ScriptedDrawing(
        label, hand.pen, [[(float(x), float(y)) for x, y in part] for part in np.split(points, ends)]
    )


def _dense(stroke: list[Point]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return points at equal distances along a stroke, smoothed as a hand rounds corners off."""
    corners = np.array(stroke)
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    along = np.linspace(0, lengths[-1], max(4, round(lengths[-1] / 0.04)))
    dense = np.stack([np.interp(along, lengths, corners[:, axis]) for axis in (0, 1)], axis=1)
    dense[1:-1] = (dense[:-2] + 2 * dense[1:-1] + dense[2:]) / 4
    return dense


def _formed(
    points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], hand: Hand
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    x, y = (points[:, 0] - 0.5) * hand.width, points[:, 1] - 0.5
    x = x - hand.slant * y
    cosine, sine = math.cos(math.radians(hand.turn)), math.sin(math.radians(hand.turn))
    return hand.size * np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=1)
