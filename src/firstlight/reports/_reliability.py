"""A reliability diagram as SVG: how sure the model was, against how often it was right."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from firstlight.evaluation import Calibration
from firstlight.reports._chart import BOTTOM, LEFT, TOP, WIDTH, Axis
from firstlight.reports._page import page_template

__all__ = ["reliability_diagram"]

HEIGHT, RIGHT = 320, 24
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def reliability_diagram(series: Mapping[str, Calibration]) -> Markup:
    """Draw a point with its interval for each bin of confidences, over the line where all points should lie.

    Parameters
    ----------
    series
        At most two, by name: as the model gives its probabilities, and after scaling.

    Examples
    --------
    >>> import torch
    >>> from firstlight.evaluation import calibration
    >>> result = calibration(torch.tensor([[0.0, 2.0]] * 4), torch.tensor([1, 1, 1, 0]))
    >>> str(reliability_diagram({"as it is": result}))[:18]
    '<svg class="chart"'
    """
    x_axis = Axis(0.0, 1.0, LEFT, WIDTH - RIGHT)
    y_axis = Axis(0.0, 1.0, HEIGHT - BOTTOM, TOP)
    drawn = [
        {
            "name": name,
            "number": number,
            "points": [
                {
                    "x": round(x_axis(part.confidence), 1),
                    "y": round(y_axis(part.accuracy), 1),
                    "low": round(y_axis(part.interval.low), 1),
                    "high": round(y_axis(part.interval.high), 1),
                    "told": f"{part.count:,} images, {100 * part.confidence:.1f} % sure, "
                    f"{100 * part.accuracy:.1f} % right",
                }
                for part in calibration.bins
            ],
        }
        for number, (name, calibration) in enumerate(series.items(), start=1)
    ]
    return Markup(  # the template escapes what it is given
        page_template("reliability.svg.j2").render(
            width=WIDTH, height=HEIGHT, left=LEFT, right=WIDTH - RIGHT, top=TOP, bottom=HEIGHT - BOTTOM,
            series=drawn, x_ticks=_ticks(x_axis), y_ticks=_ticks(y_axis),
        )
    )  # fmt: skip


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    return [(round(axis(share), 1), f"{100 * share:.0f} %") for share in TICKS]
