"""The two ways to convert, by numpy for a CPU and by torch for a GPU, against each other and plain arithmetic (oracle)."""

from __future__ import annotations

import pytest
import torch

from firstlight.loader._pixels import PixelScale, gathered


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_both_ways_agree(colour_dataset, dtype, normalize):
    scale = PixelScale.of(colour_dataset, normalize=normalize, dtype=dtype, device=torch.device("cpu"))
    images = colour_dataset.images[:50]
    by_numpy, by_torch = scale._on_cpu(images), scale._on_gpu(images)
    assert by_numpy.dtype == by_torch.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    torch.testing.assert_close(by_numpy, by_torch, atol=1e-6, rtol=1e-6)
    assert scale(images).dtype == dtype


def test_every_byte_of_every_channel(colour_dataset):
    """All 256 values, in double precision, against (x / 255 - mean) / std."""
    ramp = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16).expand(1, 3, 16, 16)
    scale = PixelScale.of(colour_dataset, normalize=True, dtype=torch.float64, device=torch.device("cpu"))
    for channel, (mean, std) in enumerate(zip(colour_dataset.mean, colour_dataset.std, strict=True)):
        expected = (torch.arange(256, dtype=torch.float64) / 255 - mean) / std
        torch.testing.assert_close(scale(ramp)[0, channel].flatten(), expected, atol=1e-13, rtol=0)


def test_gathered_rows_are_new_memory_in_the_order_asked_for(rows_dataset):
    rows = torch.tensor([3, 0, 999, 3])
    for images in (rows_dataset.images, rows_dataset.images.transpose(2, 3)):
        found = gathered(images, rows)
        assert torch.equal(found, images[rows])
        assert found.data_ptr() != images.data_ptr()
        found.zero_()
        assert images[rows].any()
