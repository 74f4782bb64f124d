"""Kinds of picture files, and files that are none. Oracle: the same drawing saved without loss; behaviour."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from firstlight._errors import DataCorruptError, DataError, DataMissingError, UsageError
from firstlight.pictures import MOST_PIXELS, find_digits, read_picture


def seven() -> Image.Image:
    page = Image.new("L", (120, 160))
    pixels = np.zeros((160, 120), dtype=np.uint8)
    pixels[30:42, 30:90] = 255
    for row in range(42, 130):
        middle = 84 - (row - 42) // 3
        pixels[row, middle - 6 : middle + 6] = 255
    page.paste(Image.fromarray(pixels))
    return page


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, format=kind, **options)
    return content.getvalue()


def saved_as(kind: str) -> bytes:
    drawn, grey = seven(), np.asarray(seven())
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    clear = Image.merge("LA", [Image.new("L", drawn.size), drawn])
    spectrum = Image.merge("CMYK", [drawn, drawn, drawn, Image.new("L", drawn.size, 40)])
    ways = {
        "png": lambda: encoded(drawn, "PNG"),
        "jpeg": lambda: encoded(drawn, "JPEG", quality=90),
        "one bit": lambda: encoded(drawn.convert("1"), "PNG"),
        "palette": lambda: encoded(drawn.convert("RGB").quantize(4), "PNG"),
        "transparent palette": lambda: encoded(clear.convert("RGBA").quantize(8), "PNG"),
        "transparent": lambda: encoded(clear, "PNG"),
        "colour": lambda: encoded(drawn.convert("RGB"), "BMP"),
        "cmyk": lambda: encoded(spectrum, "JPEG", quality=90),
        "16 bits": lambda: encoded(deep, "PNG"),
        "16 bits in tiff": lambda: encoded(deep, "TIFF"),
        "floats": lambda: encoded(Image.fromarray(grey.astype(np.float32) * 3 - 7), "TIFF"),
        "webp": lambda: encoded(drawn.convert("RGB"), "WEBP", lossless=True),
        "ppm": lambda: encoded(drawn.convert("RGB"), "PPM"),
    }
    return ways[kind]()


KINDS = (
    "png", "jpeg", "one bit", "palette", "transparent palette", "transparent", "colour", "cmyk", "16 bits",
    "16 bits in tiff", "floats", "webp", "ppm",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_gives_the_same_digit(kind: str) -> None:
    plain = find_digits(np.asarray(seven())).digits[0]
    found = find_digits(saved_as(kind))
    assert [digit.box for digit in found.digits] == [plain.box]
    difference = np.abs(found.digits[0].image.astype(int) - plain.image).mean()
    assert difference < 3
    assert found.size == (120, 160)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_the_picture(orientation: int) -> None:
    upright = seven()
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = find_digits(encoded(stored, "PNG", exif=exif))
    assert found.size == upright.size
    expected = find_digits(np.asarray(upright))
    assert found.digits[0].box == expected.digits[0].box
    np.testing.assert_array_equal(found.digits[0].image, expected.digits[0].image)


def test_an_animation_gives_its_first_frame_and_a_warning() -> None:
    blank = Image.new("L", seven().size)
    content = encoded(seven(), "GIF", save_all=True, append_images=[blank, seven().rotate(90)])
    found = find_digits(content)
    assert found.warnings[0] == "It has 3 frames; only the first one was read."
    np.testing.assert_array_equal(found.digits[0].image, find_digits(np.asarray(seven())).digits[0].image)


def test_paths_bytes_open_files_and_pillow_are_alike(tmp_path: Path) -> None:
    path = tmp_path / "seven.png"
    path.write_bytes(saved_as("png"))
    with path.open("rb") as file, Image.open(path) as picture:
        images = [
            find_digits(source).digits[0].image
            for source in (path, str(path), path.read_bytes(), file, picture)
        ]
    for image in images[1:]:
        np.testing.assert_array_equal(image, images[0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: it has no bytes"),
        (b"no picture at all, but some words", "is no picture that can be read"),
        (saved_as("png")[:200], "is damaged or cut short"),
        (saved_as("jpeg")[:700], "is damaged or cut short"),
        (saved_as("png").replace(b"IDAT", b"IDAX"), "is damaged or cut short|is no picture"),
    ],
    ids=["empty", "words", "half a png", "half a jpeg", "png without pixels"],
)
def test_files_that_are_no_picture(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(DataCorruptError, match=message) as caught:
        read_picture(path)
    assert "broken.png" in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"There is no file .*nothing\.png"):
        read_picture(tmp_path / "nothing.png")
    with pytest.raises(UsageError, match=r"is a folder\. Name the pictures in it"):
        read_picture(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(saved_as("png"))
    path.chmod(0)
    with pytest.raises(DataError, match="cannot be read: Permission denied"):
        read_picture(path)


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("side", "message"),
    [
        (10_000, r"has 10000 x 10000 pixels, 100 million; at most 50 million are decoded"),
        (60_000, "has far too many pixels"),
    ],
)
def test_too_many_pixels_are_refused_before_they_are_decoded(side: int, message: str) -> None:
    content = png_that_claims(side, side)
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match=message):
            read_picture(content)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_large_jpeg_is_decoded_small() -> None:
    large = seven().resize((7200, 9600), Image.Resampling.NEAREST)
    assert large.size[0] * large.size[1] > MOST_PIXELS
    content = encoded(large, "JPEG", quality=50)
    pixels = read_picture(content)
    assert max(pixels.values.shape) <= 2400
    assert pixels.size == large.size
    found = find_digits(content).digits[0]
    plain = find_digits(np.asarray(seven())).digits[0]
    for side, small in zip(found.box, plain.box, strict=True):
        assert abs(side / 60 - small) < 1


def test_text_files_and_strange_things() -> None:
    with pytest.raises(UsageError, match="was opened as text"):
        read_picture(io.StringIO("picture"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"A picture is a path, bytes, .* got int"):
        read_picture(3)  # type: ignore[arg-type]
