"""Oracle: the textbook's arithmetic in double precision."""

from __future__ import annotations

import pytest
import torch

from firstlight.loader._pixels import PixelScale

ROUNDING = {torch.float64: 1e-12, torch.float32: 1e-6, torch.float16: 2e-3, torch.bfloat16: 2e-2}


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("dtype", ROUNDING)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_dtype_is_rounded_once(colour_dataset, dtype, normalize, channels):
    dataset = colour_dataset.replacing(
        images=colour_dataset.images[:50, :channels],
        labels=colour_dataset.labels[:50],
        mean=colour_dataset.mean[:channels],
        std=colour_dataset.std[:channels],
    )
    scale = PixelScale.of(dataset, normalize=normalize, dtype=dtype, device=torch.device("cpu"))
    before = dataset.images.clone()
    found = scale(dataset.images)
    mean, std = (
        torch.tensor(part, dtype=torch.float64).view(-1, 1, 1) for part in (dataset.mean, dataset.std)
    )
    expected = dataset.images.double() / 255
    expected = (expected - mean) / std if normalize else expected
    assert found.dtype == dtype
    torch.testing.assert_close(found.double(), expected, atol=ROUNDING[dtype], rtol=ROUNDING[dtype])
    assert torch.equal(dataset.images, before)


def test_every_byte_of_every_channel(colour_dataset):
    """All 256 values, in double precision, against (x / 255 - mean) / std."""
    ramp = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16).expand(1, 3, 16, 16)
    scale = PixelScale.of(colour_dataset, normalize=True, dtype=torch.float64, device=torch.device("cpu"))
    for channel, (mean, std) in enumerate(zip(colour_dataset.mean, colour_dataset.std, strict=True)):
        expected = (torch.arange(256, dtype=torch.float64) / 255 - mean) / std
        torch.testing.assert_close(scale(ramp)[0, channel].flatten(), expected, atol=1e-13, rtol=0)
