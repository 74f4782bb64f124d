"""Shift, flip and erase against explicit slicing, numpy.pad and torch.flip (oracle)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from firstlight.loader._erase import erase_images, erasing_boxes
from firstlight.loader._flip import flip_images
from firstlight.loader._shift import shift_images, shift_reflected


def pictures(count: int, channels: int = 1, height: int = 28, width: int = 28) -> torch.Tensor:
    """Random bytes without a 0, so that black means "came in from outside"."""
    generator = torch.Generator().manual_seed(count)
    return torch.randint(1, 256, (count, channels, height, width), dtype=torch.uint8, generator=generator)


def shifted_by_hand(image: torch.Tensor, down: int, right: int) -> torch.Tensor:
    _, h, w = image.shape
    result = torch.zeros_like(image)
    result[:, max(down, 0) : h + min(down, 0), max(right, 0) : w + min(right, 0)] = image[
        :, max(-down, 0) : h + min(-down, 0), max(-right, 0) : w + min(-right, 0)
    ]
    return result


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 28, 28), (3, 32, 32), (2, 5, 9), (1, 9, 5)])
@pytest.mark.parametrize("most", [1, 2, 4])
def test_every_shift_is_what_slicing_gives(channels, height, width, most):
    moves = list(itertools.product(range(-most, most + 1), repeat=2))
    images = pictures(len(moves), channels, height, width)
    before = images.clone()
    moved = shift_images(images, torch.tensor(moves), most=most)
    assert moved.dtype == torch.uint8
    assert moved.shape == images.shape
    for image, result, (down, right) in zip(images, moved, moves, strict=True):
        assert torch.equal(result, shifted_by_hand(image, down, right)), (down, right)
    assert torch.equal(images, before)


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 28, 28), (3, 32, 32), (2, 5, 9)])
@pytest.mark.parametrize("most", [1, 2, 4])
def test_every_reflected_shift_is_what_numpy_pads(channels, height, width, most):
    moves = list(itertools.product(range(-most, most + 1), repeat=2))
    images = pictures(len(moves), channels, height, width)
    moved = shift_reflected(images, torch.tensor(moves), most=most)
    assert moved.dtype == torch.uint8
    for image, result, (down, right) in zip(images, moved, moves, strict=True):
        padded = np.pad(image.numpy(), [(0, 0), (most, most), (most, most)], mode="reflect")
        top, left = most - down, most - right
        assert np.array_equal(result.numpy(), padded[:, top : top + height, left : left + width]), (
            down,
            right,
        )


def test_a_shift_by_nothing_is_bit_exact():
    images = pictures(10)
    assert torch.equal(shift_images(images, torch.zeros(10, 2, dtype=torch.int64), most=3), images)


def test_shift_takes_a_transposed_view():
    images = pictures(4, 1, 6, 8).transpose(2, 3)
    moves = torch.tensor([[1, 0], [0, 1], [-1, 1], [0, 0]])
    moved = shift_images(images, moves, most=1)
    for image, result, (down, right) in zip(images, moved, moves.tolist(), strict=True):
        assert torch.equal(result, shifted_by_hand(image, down, right))


@pytest.mark.parametrize("channels", [1, 3])
def test_flip_is_torch_flip_where_chosen(channels):
    images = pictures(8, channels)
    chosen = torch.tensor([True, False] * 4)
    flipped = flip_images(images, chosen)
    assert torch.equal(flipped[chosen], images[chosen].flip(-1))
    assert torch.equal(flipped[~chosen], images[~chosen])
    assert torch.equal(flip_images(flipped, chosen), images)


@pytest.mark.parametrize("channels", [1, 3])
def test_erase_blacks_out_the_box_and_nothing_else(channels):
    images = pictures(4, channels, 20, 30)
    boxes = torch.tensor([[0, 0, 5, 7], [3, 4, 20, 30], [2, 2, 2, 2], [0, 0, 20, 30]])
    erased = erase_images(images, boxes)
    for image, result, (top, left, bottom, right) in zip(images, erased, boxes.tolist(), strict=True):
        expected = image.clone()
        expected[:, top:bottom, left:right] = 0
        assert torch.equal(result, expected)


def test_boxes_lie_inside_and_cover_the_share_that_was_asked_for():
    uniform = torch.rand(4000, 5, generator=torch.Generator().manual_seed(0))
    boxes = erasing_boxes(uniform, height=28, width=28, area=(0.1, 0.3), probability=0.5)
    top, left, bottom, right = boxes.unbind(1)
    area = (bottom - top) * (right - left)
    got_one = area > 0
    assert abs(got_one.double().mean() - 0.5) < 0.03
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= 28).all()
    # Sides are rounded to whole pixels: half a pixel on a side of up to 28.
    assert area[got_one].min() >= (0.1 * 784 - 14)
    assert area[got_one].max() <= (0.3 * 784 + 14)
    assert abs(area[got_one].double().mean() - 0.2 * 784) < 4
    shape = (bottom - top).double() / (right - left)
    assert (shape[got_one] > 1).double().mean() == pytest.approx(0.5, abs=0.05)
    places = [(top[got_one] == 0).sum(), (bottom[got_one] == 28).sum()]
    assert min(places) > 20, "boxes reach both edges"


def test_an_area_of_everything_is_everything():
    boxes = erasing_boxes(torch.full((1, 5), 0.5), height=8, width=8, area=(1.0, 1.0), probability=1.0)
    assert boxes.tolist() == [[0, 0, 8, 8]]
