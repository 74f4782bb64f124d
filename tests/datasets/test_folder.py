"""Folders of pictures, by behaviour: Pillow writes what NumPy made, and the reader must give it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.datasets import _pictures
from firstlight.datasets._folder import class_folder, read_folder
from firstlight.datasets._raw import natural_key


def draw(path: Path, *shape: int, value: int | None = None, **options: object) -> np.ndarray:
    """Write a picture of random pixels (or of one value) and return them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = sum(str(path).encode())
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    if value is not None:
        pixels[:] = value
    Image.fromarray(pixels).save(path, **options)
    return pixels


def test_classes_in_natural_order_pictures_in_order_of_their_names(tmp_path: Path) -> None:
    names = ["10", "9", "b", "A"]
    drawn = {name: [draw(tmp_path / name / f"{n}.png", 4, 5) for n in (2, 10, 1)] for name in names}
    (split,) = read_folder(tmp_path).values()
    assert split.classes == ("9", "10", "A", "b")
    assert split.labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert split.labels.dtype == np.int64
    wanted = [drawn[name][place] for name in split.classes for place in (2, 0, 1)]
    np.testing.assert_array_equal(split.images, np.stack(wanted)[:, None])


@pytest.mark.parametrize(("shape", "channels"), [((6, 4), 1), ((6, 4, 3), 3)])
@pytest.mark.parametrize("ending", ["png", "bmp", "PNG", "tiff", "ppm", "webp"])
def test_lossless_formats_keep_every_pixel(
    tmp_path: Path, shape: tuple[int, ...], channels: int, ending: str
) -> None:
    options = {"lossless": True} if ending == "webp" else {}
    pixels = draw(tmp_path / "a" / f"x.{ending}", *shape, **options)
    form = {"channels": 1} if ending == "webp" and channels == 1 else {}  # WebP knows no grey
    (split,) = read_folder(tmp_path, **form).values()
    expected = pixels[None] if channels == 1 else pixels.transpose(2, 0, 1)
    if ending != "webp" or channels == 3:
        np.testing.assert_array_equal(split.images[0], expected)
    assert split.images.shape == (1, channels, 6, 4)


def test_jpeg_is_close(tmp_path: Path) -> None:
    draw(tmp_path / "a/x.jpeg", 16, 16, value=77, quality=95)
    (split,) = read_folder(tmp_path).values()
    assert np.abs(split.images.astype(int) - 77).max() <= 2


def test_train_and_test_share_their_classes(tmp_path: Path) -> None:
    for name in ("train/cat", "train/dog", "train/eel", "test/dog"):
        draw(tmp_path / name / "1.png", 3, 3)
    splits = read_folder(tmp_path)
    assert sorted(splits) == ["test", "train"]
    assert splits["test"].classes == splits["train"].classes == ("cat", "dog", "eel")
    assert splits["test"].labels.tolist() == [1]


@pytest.mark.parametrize("name", ["val", "valid", "validation"])
def test_validation_stands_in_for_a_missing_test(tmp_path: Path, name: str) -> None:
    for folder in ("train/a", "train/b", f"{name}/a"):
        draw(tmp_path / folder / "1.png", 3, 3)
    splits = read_folder(tmp_path)
    assert {split: len(part.labels) for split, part in splits.items()} == {"train": 2, "test": 1}
    assert "validation split stands in" in splits["test"].notes[0]


def test_validation_joins_train_beside_a_test(tmp_path: Path) -> None:
    for folder in ("train/a", "train/b", "val/b", "test/a"):
        draw(tmp_path / folder / "1.png", 3, 3)
    splits = read_folder(tmp_path)
    assert splits["train"].labels.tolist() == [0, 1, 1]
    assert splits["test"].labels.tolist() == [0]
    assert "Its 1 validation images are the last of train" in splits["train"].notes[0]


def test_a_class_may_be_called_train(tmp_path: Path) -> None:
    for folder in ("train", "car"):
        draw(tmp_path / folder / "1.png", 3, 3)
    (split,) = read_folder(tmp_path).values()
    assert split.classes == ("car", "train")


def test_what_is_no_picture_is_passed_over(tmp_path: Path) -> None:
    draw(tmp_path / "a/1.png", 3, 3)
    draw(tmp_path / "a/deep/er/2.png", 3, 3)
    draw(tmp_path / ".hidden/1.png", 9, 9)
    draw(tmp_path / "a/.2.png", 9, 9)
    draw(tmp_path / "__MACOSX/a/1.png", 9, 9)
    (tmp_path / "a/Thumbs.db").write_bytes(b"x")
    (tmp_path / "readme.txt").write_text("hello")
    (split,) = read_folder(tmp_path).values()
    assert len(split.labels) == 2
    assert split.notes == ("It has one class only, 'a': nothing can be told apart.",)


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    draw(tmp_path / "a/1.png", 3, 3)
    draw(tmp_path / "elsewhere-b.png", 3, 3)
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/2.png").symlink_to(tmp_path / "elsewhere-b.png")  # a link to a picture is a picture
    (split,) = read_folder(tmp_path).values()
    assert split.labels.tolist() == [0, 1]


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    pixels = draw(tmp_path / "a/plain.png", 2, 3)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    Image.fromarray(pixels).save(tmp_path / "a/plain.png", exif=exif)
    (split,) = read_folder(tmp_path).values()
    np.testing.assert_array_equal(split.images[0, 0], np.rot90(pixels, -1))


def palette(path: Path) -> None:
    Image.fromarray(np.full((3, 3, 3), 200, np.uint8)).convert("P").save(path)


def bilevel(path: Path) -> None:
    Image.fromarray(np.full((3, 3), 255, np.uint8)).convert("1").save(path)


def opaque(path: Path) -> None:
    Image.fromarray(np.full((3, 3, 4), 255, np.uint8)).save(path)


def grey_alpha(path: Path) -> None:
    Image.fromarray(np.full((3, 3, 2), 255, np.uint8)).save(path)


def cmyk(path: Path) -> None:
    Image.new("CMYK", (3, 3)).save(path.with_suffix(".tif"))


@pytest.mark.parametrize(
    ("make", "channels"), [(palette, 3), (bilevel, 1), (opaque, 3), (grey_alpha, 1), (cmyk, 3)]
)
def test_other_kinds_of_pixels_become_grey_or_colour(
    tmp_path: Path, make: Callable[[Path], None], channels: int
) -> None:
    (tmp_path / "a").mkdir()
    make(tmp_path / "a/x.png")
    (split,) = read_folder(tmp_path).values()
    assert split.images.shape[1] == channels


def test_transparent_parts_become_white_only_when_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    Image.fromarray(np.zeros((3, 3, 4), np.uint8)).save(tmp_path / "a/x.png")
    with pytest.raises(
        DataCorruptError, match=r"x\.png has transparent parts\. Give channels=1 or channels=3"
    ):
        read_folder(tmp_path)
    assert read_folder(tmp_path, channels=1)["all"].images.min() == 255


def test_sixteen_bits_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    Image.fromarray(np.full((3, 3), 40_000, np.uint16)).save(tmp_path / "a/x.png")
    with pytest.raises(DataCorruptError, match=r"x\.png has more than 8 bits a pixel \(mode I;16"):
        read_folder(tmp_path)


def test_size_and_channels_bring_all_to_one_form(tmp_path: Path) -> None:
    draw(tmp_path / "a/1.png", 8, 8, value=50)
    draw(tmp_path / "a/2.png", 4, 6, 3, value=50)
    (split,) = read_folder(tmp_path, size=(2, 3), channels=1).values()
    assert split.images.shape == (2, 1, 2, 3)
    assert (split.images == 50).all()
    assert read_folder(tmp_path, size=(2, 3), channels=3)["all"].images.shape == (2, 3, 2, 3)


def test_mixed_sizes_name_an_example_of_each(tmp_path: Path) -> None:
    draw(tmp_path / "a/1.png", 8, 8)
    draw(tmp_path / "b/2.png", 8, 9)
    with pytest.raises(
        DataCorruptError, match=r"1\.png is 8 x 8 grey and .*2\.png is 8 x 9 grey.*size=\(8, 8\)"
    ):
        read_folder(tmp_path)


def test_grey_beside_colour_says_channels(tmp_path: Path) -> None:
    draw(tmp_path / "a/1.png", 8, 8)
    draw(tmp_path / "b/2.png", 8, 8, 3)
    with pytest.raises(DataCorruptError, match=r"1\.png is 8 x 8 grey and .*8 x 8 colour.*channels=1"):
        read_folder(tmp_path)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("cut", [0, 10, 40, -30])
def test_an_unreadable_picture_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int, is_large: bool
) -> None:
    monkeypatch.setattr(_pictures, "LARGE_VALUES", 0 if is_large else 10**9)
    for number in range(300):
        draw(tmp_path / f"a/{number}.png", 2, 2)
    bad = tmp_path / "a/250.png"
    draw(bad, 20, 20)
    bad.write_bytes(bad.read_bytes()[:cut])
    with pytest.raises(DataCorruptError, match=r"a/250\.png is not a readable picture"):
        read_folder(tmp_path)


def test_threads_give_the_same_as_none_and_tell_how_far_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        draw(tmp_path / f"{number % 3}/{number}.png", 5, 5)
    results = []
    for large in (0, 10**9):
        monkeypatch.setattr(_pictures, "LARGE_VALUES", large)
        told: list[tuple[int, int]] = []
        results.append(
            read_folder(tmp_path, on_progress=lambda *now, told=told: told.append(now))["all"].images
        )
        assert told == [(128, 300), (256, 300), (300, 300)]
    np.testing.assert_array_equal(*results)


def test_empty_folders_and_missing_ones_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"There is no folder at .*nowhere"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(DataMissingError, match="has no folders in it"):
        read_folder(tmp_path)
    draw(tmp_path / "a/1.png", 3, 3)
    (tmp_path / "b").mkdir()
    with pytest.raises(DataMissingError, match="no pictures in the folder of class 'b'"):
        read_folder(tmp_path)


def test_senseless_arguments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"channels is 1 \(grey\), 3 \(colour\) or None; got 4"):
        read_folder(tmp_path, channels=4)
    with pytest.raises(UsageError, match=r"size is \(height, width\).*got \(0, 3\)"):
        read_folder(tmp_path, size=(0, 3))


def test_what_would_not_fit_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(tmp_path / "a/1.png", 100, 100)
    monkeypatch.setattr(_pictures.os, "sysconf", lambda name: 10)
    with pytest.raises(
        UsageError, match=r"1 pictures of 100 x 100 grey take .* GB, and this machine has .* size="
    ):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    "name", ["T-shirt/top", ".hidden", "CON.", " a ", "50%", 'a:b*c?"<>|\\', "Ankle boot", "é"]
)
def test_any_name_of_a_class_makes_a_folder_and_comes_back(tmp_path: Path, name: str) -> None:
    folder = class_folder(name)
    assert not set(folder) & set('/\\:*?"<>|')
    assert folder[0] not in ". "
    assert folder[-1] not in ". "
    draw(tmp_path / folder / "1.png", 3, 3)
    assert read_folder(tmp_path)["all"].classes == (name,)


def test_natural_order_leaves_nothing_to_chance() -> None:
    names = ["", "01", "1", "1a", "10", "a", "a1", "a10", "B", "b", "²"]
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names
