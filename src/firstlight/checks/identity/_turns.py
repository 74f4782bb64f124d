"""The eight ways to lay a picture on its square: mirrored, turned by 90 degrees, transposed."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Shaped
from torch import Tensor

__all__ = ["TURNS", "Turn"]


@dataclass(frozen=True)
class Turn:
    """Transpose first, if so; then turn upside down, if so; then mirror, if so."""

    name: str
    is_transposed: bool = False
    is_upside_down: bool = False
    is_mirrored: bool = False

    def apply(self, images: Shaped[Tensor, "n c h w"]) -> Shaped[Tensor, "n c h2 w2"]:
        """Return the turned images."""
        turned = images.transpose(2, 3) if self.is_transposed else images
        return turned.flip(self._axes()) if self._axes() else turned

    def undo(self, images: Shaped[Tensor, "n c h w"]) -> Shaped[Tensor, "n c h2 w2"]:
        """Return the images as they were before they were turned."""
        turned = images.flip(self._axes()) if self._axes() else images
        return turned.transpose(2, 3) if self.is_transposed else turned

    def _axes(self) -> list[int]:
        return [2] * self.is_upside_down + [3] * self.is_mirrored


TURNS = (
    Turn("upright"),
    Turn("mirrored left to right", is_mirrored=True),
    Turn("upside down", is_upside_down=True),
    Turn("turned by 180 degrees", is_upside_down=True, is_mirrored=True),
    Turn("transposed", is_transposed=True),
    Turn("turned by 90 degrees to the right", is_transposed=True, is_mirrored=True),
    Turn("turned by 90 degrees to the left", is_transposed=True, is_upside_down=True),
    Turn("transposed over the other diagonal", is_transposed=True, is_upside_down=True, is_mirrored=True),
)
