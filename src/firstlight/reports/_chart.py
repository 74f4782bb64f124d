"""A small line chart as SVG, for pages that must open without a script or a library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from firstlight.reports._page import page_template

__all__ = ["Axis", "line_chart"]

WIDTH, HEIGHT = 460, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 26, 40


def line_chart(
    series: Mapping[str, Sequence[tuple[float, float]]], *, title: str, x_label: str, percent: bool = False
) -> Markup:
    """Draw named series of (x, y) points as one SVG element; at least one point in all.

    Parameters
    ----------
    series
        At most three; points that are not finite are left out.
    title, x_label
        Words on the chart, escaped here.
    percent
        Write y as a percentage of 1.

    Examples
    --------
    >>> str(line_chart({"loss": [(0, 2.3), (1, 0.2)]}, title="Loss", x_label="epoch"))[:18]
    '<svg class="chart"'
    """
    kept = {name: [(x, y) for x, y in points if math.isfinite(y)] for name, points in series.items()}
    every = [point for points in kept.values() for point in points]
    xs, ys = zip(*every, strict=True) if every else ((0.0, 1.0), (0.0, 1.0))
    x_axis = Axis(min(xs), max(xs), LEFT, WIDTH - RIGHT)
    y_axis = Axis(min(ys), max(ys), HEIGHT - BOTTOM, TOP)
    lines = [
        {
            "name": name,
            "number": number,
            "points": " ".join(f"{x_axis(x):.1f},{y_axis(y):.1f}" for x, y in points),
            "marks": [(round(x_axis(x), 1), round(y_axis(y), 1)) for x, y in points]
            if len(points) <= 20
            else [],
        }
        for number, (name, points) in enumerate(kept.items(), start=1)
    ]
    return Markup(  # the template escapes what it is given
        page_template("chart.svg.j2").render(
            width=WIDTH, height=HEIGHT, left=LEFT, right=WIDTH - RIGHT, bottom=HEIGHT - BOTTOM, title=title,
            x_label=x_label, lines=lines, x_ticks=x_axis.ticks(), y_ticks=y_axis.ticks(percent=percent),
        )
    )  # fmt: skip


class Axis:
    """Maps values to places on the page, and knows where round numbers lie."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        spread = (high - low) or abs(high) or 1.0
        self.low, self.high = (low, high) if high > low else (low - spread / 2, high + spread / 2)
        self._start, self._scale = start, (end - start) / (self.high - self.low)

    def __call__(self, value: float) -> float:
        return self._start + (value - self.low) * self._scale

    def ticks(self, *, percent: bool = False) -> list[tuple[float, str]]:
        rough = (self.high - self.low) / 4
        step = 10 ** math.floor(math.log10(rough))
        step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        unit, sign = (100, " %") if percent else (1, "")
        digits = max(0, -math.floor(math.log10(step * unit) + 1e-9))
        return [
            (round(self(place * step), 1), f"{place * step * unit:.{digits}f}{sign}")
            for place in range(first, last + 1)
        ]
