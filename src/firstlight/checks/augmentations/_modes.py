"""Ways to hand images to an augmentation, and to take its answer back as [n, 1, h, w] from 0 to 1."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["MODES", "Answer", "Mode", "call"]

MEAN, STD = 0.1307, 0.3081
SINGLES = 96  # rows that are handed over one by one


@dataclass(frozen=True)
class Mode:
    """One form of input.

    Attributes
    ----------
    framework
        ``"torch"``, ``"numpy"`` or ``"picture"`` (of Pillow).
    range
        ``"unit"``: float32 from 0 to 1; ``"bytes"``: uint8; ``"standard"``: normalised float32;
        ``"wide"``: float32 from 0 to 255.
    layout
        ``"nchw"``, ``"nhw"``, ``"nhwc"`` for batches; ``"chw"``, ``"hw"``, ``"hwc"`` for single images.
    """

    framework: Literal["torch", "numpy", "picture"]
    range: Literal["unit", "bytes", "standard", "wide"]
    layout: str

    @property
    def is_single(self) -> bool:
        """Whether images are handed over one by one."""
        return not self.layout.startswith("n")

    @property
    def words(self) -> str:
        """Say what it is."""
        values = {"unit": "0 to 1", "bytes": "uint8", "standard": "normalised", "wide": "float 0 to 255"}
        return f"{self.framework} [{', '.join(self.layout)}], {values[self.range]}"

    def given(self, pixels: Float[Tensor, "n 1 h w"]) -> Any:
        """Put pixels from 0 to 1 into this form; rows on the first axis."""
        values = self._scaled(pixels)
        shape = self.layout if not self.is_single else "n" + self.layout
        values = {"nchw": values, "nhw": values[:, 0], "nhwc": values.permute(0, 2, 3, 1)}[shape].contiguous()
        return values if self.framework == "torch" else values.numpy().copy()

    def _scaled(self, pixels: Tensor) -> Tensor:
        if self.range == "bytes":
            return (pixels * 255).round().to(torch.uint8)
        if self.range == "standard":
            return (pixels - MEAN) / STD
        return pixels * 255 if self.range == "wide" else pixels.clone()

    def taken(self, answer: Any) -> Float[Tensor, "n c h w"]:
        """Bring an answer back to pixels whose background is 0 and whose white is 1."""
        values = _tensor(answer).float()
        shape = self.layout if not self.is_single else "n" + self.layout
        if values.ndim == 3:
            values = values[:, None]
        elif shape == "nhwc" and values.shape[-1] in (1, 3):
            values = values.permute(0, 3, 1, 2)
        if self.range == "standard":
            return values * STD + MEAN
        is_scaled = self.range in ("bytes", "wide") and float(values.abs().max()) > 2
        return values / 255 if is_scaled else values


MODES = (
    *(Mode("torch", "unit", layout) for layout in ("nchw", "nhw")),
    *(Mode("torch", "bytes", layout) for layout in ("nchw", "nhw")),
    *(Mode("numpy", "bytes", layout) for layout in ("nhw", "nchw", "nhwc")),
    *(Mode("numpy", "unit", layout) for layout in ("nhw", "nchw", "nhwc")),
    Mode("torch", "unit", "chw"),
    Mode("torch", "bytes", "chw"),
    Mode("torch", "unit", "hw"),
    Mode("numpy", "bytes", "hw"),
    Mode("numpy", "unit", "hw"),
    Mode("numpy", "bytes", "hwc"),
    Mode("numpy", "unit", "hwc"),
    Mode("picture", "bytes", "hw"),
)


@dataclass(frozen=True)
class Answer:
    """What came back of one call.

    Attributes
    ----------
    pixels
        From 0 to 1 as a rule, on a dark background.
    raw
        As it came: of single images, stacked.
    dtype
        Of the answer.
    is_changed
        Whether the input was written into.
    is_same
        Whether the answer is the very object that was handed over.
    """

    pixels: Float[Tensor, "n c h w"]
    raw: Tensor
    dtype: str
    is_changed: bool
    is_same: bool


def call(
    function: Callable[..., Any], pixels: Float[Tensor, "n 1 h w"], mode: Mode, *, seed: int | None
) -> Answer:
    """Call an augmentation; with a seed, all global generators begin with it.

    Raises
    ------
    ValueError
        What came back is no stack of images.
    """
    if seed is not None:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        torch.manual_seed(seed)
    given = mode.given(pixels)
    if not mode.is_single:
        before = _tensor(given).clone()
        answer = function(given)
        raw = _stacked(answer, len(pixels))
        return Answer(
            mode.taken(raw), raw, _dtype(raw), not torch.equal(_tensor(given), before), answer is given
        )
    rows, is_changed, is_same = [], False, False
    for one in given:
        one = one.clone() if isinstance(one, Tensor) else one.copy()
        before = _tensor(one).clone()
        answer = function(_picture(one) if mode.framework == "picture" else one)
        rows.append(_tensor(answer))
        is_changed |= not torch.equal(_tensor(one), before)
        is_same |= answer is one
    raw = _stacked(torch.stack(rows), len(pixels))
    return Answer(mode.taken(raw), raw, _dtype(raw), is_changed, is_same)


def _stacked(answer: Any, count: int) -> Tensor:
    if isinstance(answer, tuple) and answer and hasattr(answer[0], "shape"):
        answer = answer[0]  # images and labels
    if isinstance(answer, list) and answer:
        answer = torch.stack([_tensor(one) for one in answer])
    raw = _tensor(answer)
    if raw.ndim not in (3, 4):
        raise ValueError(f"an answer has the shape {tuple(raw.shape)}")
    if len(raw) != count:
        raise ValueError(f"of {count} images {len(raw)} came back")
    return raw


def _tensor(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value.detach().cpu()
    array = np.array(value)
    if array.dtype.kind not in "buif" or array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    return torch.from_numpy(array)


def _dtype(raw: Tensor) -> str:
    return str(raw.dtype).removeprefix("torch.")


def _picture(one: Any) -> Any:
    from PIL import Image

    return (
        Image.fromarray(np.asarray(one), mode="L")
        if np.asarray(one).dtype == np.uint8
        else Image.fromarray(one)
    )
