"""Contact sheets. Kind: oracle (the pixels themselves, read back from the picture)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from firstlight._errors import UsageError
from firstlight.reports import contact_sheet, save_sheet


def random_images(n: int, c: int, h: int, w: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (n, c, h, w), dtype=torch.uint8, generator=generator)


@pytest.mark.parametrize("channels", [1, 3])
def test_every_image_is_found_at_its_place(channels: int) -> None:
    images = random_images(7, channels, 28, 28)
    sheet = np.asarray(contact_sheet(images, columns=3))
    assert sheet.shape == (12 + 3 * 124, 12 + 3 * 124, 3)
    for place, image in enumerate(images):
        top, left = 12 + place // 3 * 124, 12 + place % 3 * 124
        tile = torch.from_numpy(sheet[top : top + 112 : 4, left : left + 112 : 4].copy()).permute(2, 0, 1)
        assert torch.equal(tile, image.expand(3, -1, -1))
    assert (sheet[12 + 2 * 124 :, 12 + 124 :] == 255).all()  # two places of the last row are empty


def test_captions_are_drawn_below_and_stay_within_their_image() -> None:
    images = torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
    sheet = np.asarray(
        contact_sheet(images, ["a caption much wider than the picture above it", ""], columns=2)
    )
    strip = sheet[12 + 112 :]
    assert (strip[:, 12:124] < 128).any()
    assert (strip[:, 124:] == 255).all()
    assert (strip[:, :12] == 255).all()


def test_saving_replaces_the_old_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "digits.png"
    target.write_bytes(b"old")
    assert save_sheet(target, random_images(2, 1, 28, 28), ["a", "b"]) == target
    with Image.open(target) as picture:
        assert (picture.format, picture.size) == ("PNG", (260, 158))
    assert [file.name for file in tmp_path.iterdir()] == ["digits.png"]


def test_a_name_that_is_no_png_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends with \.png, got 'digits\.bmp'"):
        save_sheet(tmp_path / "digits.bmp", random_images(1, 1, 28, 28))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*nowhere to save digits\.png in"):
        save_sheet(tmp_path / "nowhere" / "digits.png", random_images(1, 1, 28, 28))


@pytest.mark.parametrize("shape", [(0, 1, 28, 28), (1, 2, 28, 28), (28, 28)])
def test_what_is_no_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"\[n, 1 or 3, height, width\]"):
        contact_sheet(torch.zeros(shape, dtype=torch.uint8))


def test_captions_and_columns_are_checked() -> None:
    with pytest.raises(UsageError, match="one caption for each of the 2 images; got 3"):
        contact_sheet(random_images(2, 1, 28, 28), ["a", "b", "c"])
    with pytest.raises(UsageError, match="at least one column; got 0"):
        contact_sheet(random_images(2, 1, 28, 28), columns=0)
