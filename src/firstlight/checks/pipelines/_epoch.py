"""Read one epoch: what was delivered, as tensors, and what was odd about its batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Int64, Shaped
from torch import Tensor
from torch.nn import functional

from firstlight.checks._runner import theirs
from firstlight.checks.pipelines._label_form import LabelForm, class_numbers
from firstlight.checks.pipelines._layout import laid_out, layout_name
from firstlight.checks.pipelines._parts import is_array, is_batch, parts_of, tensor_of

__all__ = ["Epoch", "read_epoch"]

GROUPED = 1_000  # images that come one by one are put together in so many
MOST_PIXELS = 3_200  # larger pictures are kept at the size below
KEPT_SIZE = (32, 32)
SAME = 1e-3  # of the range: channels that differ by less are the same picture


@dataclass
class Epoch:
    """What one epoch delivered.

    Attributes
    ----------
    images
        ``[n, c, h, w]``, as delivered; repeated channels are kept once, large pictures smaller.
    labels
        Class numbers; -1 where there is none.
    sizes
        Images in each batch.
    faults
        What breaks the contract, first one first: number of the batch and a sentence.
    shapes
        Of a batch without its first axis, each with the number of the first batch that has it.
    dtypes
        Of the images.
    forms
        Of the labels, as they were first seen.
    label_fault
        Number of the image and a sentence.
    not_finite
        How many numbers are not finite, and the first image with one.
    low, high, mean, sd
        Of all delivered numbers.
    channel_maps
        Slope and start of each channel over the first, where all show the same picture.
    is_cut
        Whether reading was stopped before the end.
    is_single
        Whether images came one by one.
    is_shrunk
        Whether pictures are kept smaller than they came.
    """

    images: Shaped[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    sizes: list[int] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    shapes: dict[tuple[int, ...], int] = field(default_factory=dict)
    dtypes: list[str] = field(default_factory=list)
    forms: list[LabelForm] = field(default_factory=list)
    label_fault: tuple[int, str] | None = None
    not_finite: tuple[int, int] = (0, -1)
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    sd: float = 0.0
    channel_maps: tuple[tuple[float, float], ...] = ()
    is_cut: bool = False
    is_single: bool = False
    is_shrunk: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def layout(self) -> str:
        """How the axes of the batches lie."""
        return layout_name((1, *next(iter(self.shapes)))) if self.shapes else "other"

    def batch_of(self, row: int) -> tuple[int, int]:
        """Return the number of the batch that holds a row, and the row's place in it."""
        for number, size in enumerate(self.sizes):
            if row < size:
                return number, row
            row -= size
        return len(self.sizes), row

    def starts(self) -> list[int]:
        """Return at which row each batch begins."""
        found, total = [], 0
        for size in self.sizes:
            found.append(total)
            total += size
        return found


def read_epoch(source: Any, *, most: int) -> Epoch:
    """Read batches until the end, or until so many images have come.

    Parameters
    ----------
    source
        An iterable of batches or of single images, a map-style data set, or one batch of everything.
    most
        Images after which reading stops.
    """
    reader = _Reader()
    with theirs():
        for images, labels, is_single in _batches(source):
            reader.take(images, labels, is_single=is_single)
            if reader.count >= most:
                break
    return reader.epoch(is_cut=reader.count >= most)


def _batches(source: Any) -> Iterator[tuple[Any, Any, bool]]:
    """Yield images and labels, and whether they came one by one; those are grouped."""
    group: list[tuple[Any, Any]] = []
    for item in _items(source):
        images, labels = parts_of(item)
        if not _is_single(labels):
            yield images, labels, False
            continue
        group.append((images, labels))
        if len(group) == GROUPED:
            yield *_together(group), True
            group = []
    if group:
        yield *_together(group), True


def _items(source: Any) -> Iterable[Any]:
    if is_batch(source):
        return [source]
    if hasattr(source, "__iter__"):
        return source if not isinstance(source, dict) else [source]
    return (source[place] for place in range(len(source)))


def _is_single(labels: Any) -> bool:
    if labels is None:
        return False
    return (not is_array(labels) and not isinstance(labels, list | tuple)) or (
        is_array(labels) and labels.ndim == 0
    )


def _together(group: list[tuple[Any, Any]]) -> tuple[Tensor, Tensor]:
    images = [tensor_of(image) for image, _ in group]
    return torch.stack(images), torch.stack([tensor_of(label) for _, label in group])


class _Reader:
    """Gathers batches."""

    def __init__(self) -> None:
        self.count = 0
        self._images: list[Tensor] = []
        self._labels: list[Tensor] = []
        self._found = Epoch(torch.zeros(0, 1, 1, 1), torch.zeros(0, dtype=torch.int64))
        self._low, self._high, self._sum, self._squares, self._numbers = torch.inf, -torch.inf, 0.0, 0.0, 0

    def take(self, images: Any, labels: Any, *, is_single: bool) -> None:
        """Take one batch."""
        found, number = self._found, len(self._found.sizes)
        pictures = tensor_of(images)
        given = None if labels is None else tensor_of(labels)
        found.is_single = found.is_single or is_single
        if pictures.ndim < 2:
            found.faults.append((number, f"its images have the shape {tuple(pictures.shape)}"))
            pictures = pictures.reshape(-1, 1)
        found.shapes.setdefault(tuple(pictures.shape[1:]), number)
        dtype = str(pictures.dtype).removeprefix("torch.")
        if dtype not in found.dtypes:
            found.dtypes.append(dtype)
        self._labels.append(self._numbered(given, len(pictures), number))
        found.sizes.append(len(pictures))
        self._measure(pictures)
        self._images.append(self._kept(laid_out(pictures)))
        self.count += len(pictures)

    def epoch(self, *, is_cut: bool) -> Epoch:
        """Return what came."""
        found = self._found
        found.is_cut = is_cut
        if self._images:
            shapes = {tuple(part.shape[1:]) for part in self._images}
            main = self._images[0].shape[1:]
            whole = (
                [part for part in self._images if part.shape[1:] == main] if len(shapes) > 1 else self._images
            )
            if len(shapes) > 1:
                kept = [
                    lab
                    for lab, part in zip(self._labels, self._images, strict=True)
                    if part.shape[1:] == main
                ]
                self._labels = kept
            found.images, found.labels = torch.cat(whole), torch.cat(self._labels)
            self._images = []
        if self._numbers:
            found.low, found.high = self._low, self._high
            found.mean = self._sum / self._numbers
            found.sd = max(0.0, self._squares / self._numbers - found.mean**2) ** 0.5
        return found

    def _numbered(self, labels: Tensor | None, count: int, number: int) -> Tensor:
        found = self._found
        if labels is None:
            found.faults.append((number, "it has no labels"))
            return torch.full((count,), -1)
        numbers, form = class_numbers(labels)
        if form.fault and found.label_fault is None:
            found.label_fault = (self.count + form.row, form.fault)
        known = [(one.name, one.dtype, one.width) for one in found.forms]
        if (form.name, form.dtype, form.width) not in known:
            found.forms.append(form)
        if len(numbers) != count:
            found.faults.append((number, f"it has {count} images and {len(numbers)} labels"))
            numbers = functional.pad(numbers, (0, max(0, count - len(numbers))), value=-1)[:count]
        return numbers

    def _measure(self, pictures: Tensor) -> None:
        values = pictures.reshape(-1)
        if not values.numel():
            return
        if values.dtype.is_floating_point:
            bad = ~torch.isfinite(pictures).reshape(len(pictures), -1)
            if bad.any():
                count, first = self._found.not_finite
                row = int(bad.any(1).nonzero()[0, 0])
                self._found.not_finite = (count + int(bad.sum()), first if first >= 0 else self.count + row)
                pictures.nan_to_num_(0.0, 0.0, 0.0)
        low, high = torch.aminmax(values)
        self._low, self._high = min(self._low, float(low)), max(self._high, float(high))
        wide = values.float()
        # Sums of float32 in pieces, added up in float64, keep six digits of the whole.
        self._sum += float(wide.sum(dtype=torch.float64))
        self._squares += (
            float(torch.dot(wide, wide)) if wide.numel() < 2**24 else float((wide.double() ** 2).sum())
        )
        self._numbers += values.numel()

    def _kept(self, pictures: Tensor) -> Tensor:
        """Return what is kept: one channel where all show the same, fewer pixels where they are many."""
        if pictures.shape[1] > 1:
            maps = _channel_maps(pictures)
            is_first = not self._images
            if is_first:
                self._found.channel_maps = maps
            if maps and self._found.channel_maps:
                pictures = pictures[:, :1]
            elif not is_first and self._found.channel_maps:
                self._found.channel_maps = ()
        if pictures[0].numel() > MOST_PIXELS if len(pictures) else False:
            self._found.is_shrunk = True
            return functional.interpolate(pictures.float(), size=KEPT_SIZE, mode="bilinear", antialias=True)
        return pictures.contiguous()


def _channel_maps(pictures: Tensor) -> tuple[tuple[float, float], ...]:
    """Return slope and start of each channel over the first; none where they show different pictures."""
    first = pictures[:, 0].double()
    spread = float(((first - first.mean()) ** 2).sum())
    if not spread:
        return ()
    maps = []
    for channel in range(pictures.shape[1]):
        other = pictures[:, channel].double()
        slope = float(((first - first.mean()) * (other - other.mean())).sum()) / spread
        start = float(other.mean()) - slope * float(first.mean())
        rest = float((other - slope * first - start).abs().max())
        if rest > SAME * max(float(other.max() - other.min()), 1e-12):
            return ()
        maps.append((slope, start))
    return tuple(maps)
