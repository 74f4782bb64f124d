"""What the points of the contract are made of: where they run, and how they say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image


class SkippedError(Exception):
    """This machine cannot show the point."""


@dataclass(frozen=True)
class Setting:
    ours: ModuleType
    torchvision: ModuleType | None
    root: Path
    scratch: Path

    @property
    def real(self) -> Any:
        if self.torchvision is None:
            raise SkippedError("compares with torchvision, which is not here")
        return self.torchvision.datasets


POINTS: dict[str, Callable[[Setting], None]] = {}


def point(function: Callable[[Setting], None]) -> Callable[[Setting], None]:
    POINTS[function.__name__] = function
    return function


def fails(call: Callable[[], Any], kind: type[Exception], message: str) -> Exception:
    with pytest.raises(kind, match=message) as caught:
        call()
    return caught.value


def to_tensor(image: Image.Image) -> torch.Tensor:
    """Do as transforms.ToTensor does; at the module's top so that it can be pickled."""
    return torch.from_numpy(np.asarray(image).copy())[None].float() / 255


def negative(target: int) -> int:
    return -target


class Bright:
    """A transform with a repr of two lines."""

    def __call__(self, image: Image.Image) -> Image.Image:
        return image.point(lambda value: min(255, 2 * value))

    def __repr__(self) -> str:
        return "Bright(\n    factor=2\n)"


def same_items(ours: Any, theirs: Any, rows: range) -> None:
    for row in rows:
        (image, target), (real_image, real_target) = ours[row], theirs[row]
        assert type(image) is type(real_image)
        assert (image.mode, image.size, image.tobytes()) == (
            real_image.mode,
            real_image.size,
            real_image.tobytes(),
        )
        assert type(target) is type(real_target)
        assert target == real_target
