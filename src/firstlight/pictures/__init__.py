"""Pictures: any picture to digits of 28 x 28 pixels, the way NIST's became MNIST."""

from __future__ import annotations

from firstlight.pictures._decode import MOST_PIXELS
from firstlight.pictures._find import find_digits
from firstlight.pictures._findings import Box, Digit, Findings, Step
from firstlight.pictures._source import PictureSource, read_picture, source_name

__all__ = [
    "MOST_PIXELS",
    "Box",
    "Digit",
    "Findings",
    "PictureSource",
    "Step",
    "find_digits",
    "read_picture",
    "source_name",
]
