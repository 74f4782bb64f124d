"""A sheet of paper in a picture: what lies around it is no writing."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool
from scipy import ndimage

from firstlight.pictures._findings import Box

__all__ = ["find_paper"]

LEAST_SHARE = 0.2  # of the picture that the sheet's box covers
LEAST_FILLED = 0.85  # of its box that the sheet covers, what is written on it counted in; an ellipse has 0.79
LEAST_BLANK = 0.6  # of the sheet that nothing is written on
RIM = 0.03  # of the sheet's shorter side that is cut off: edges, folds, shadows


def find_paper(mask: Bool[np.ndarray, "h w"]) -> Box | None:
    """Return the inside of a sheet that was taken for ink, or None if there is none.

    A white sheet on a dark table, and a drawing area on a web page, stand out from the border of the picture
    more than what is written on them. Does not find a sheet that fills the picture: that is the background.

    Examples
    --------
    >>> mask = np.zeros((100, 100), dtype=bool)
    >>> mask[20:80, 10:90] = True
    >>> mask[40:60, 50:53] = False
    >>> find_paper(mask)
    Box(left=12, top=22, right=88, bottom=78)
    """
    if mask.mean() < LEAST_SHARE * LEAST_FILLED * LEAST_BLANK:
        return None
    labels, _ = ndimage.label(mask)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    largest = int(areas.argmax())
    place = ndimage.find_objects(labels, max_label=largest)[largest - 1]
    sheet = ndimage.binary_fill_holes(labels[place] == largest)
    filled, blank = sheet.mean(), areas[largest] / sheet.sum()
    if sheet.size < LEAST_SHARE * mask.size or filled < LEAST_FILLED or not LEAST_BLANK <= blank < 1:
        return None
    rows, columns = place
    rim = max(1, round(RIM * min(sheet.shape)))
    return Box(columns.start + rim, rows.start + rim, columns.stop - rim, rows.stop - rim)
