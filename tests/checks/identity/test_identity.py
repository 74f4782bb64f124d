"""Which image is this? Every test knows the answer beforehand (oracle): it is where the picture was taken from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from firstlight.checks.identity import TURNS, Atlas, atlas_at_hand, atlas_of, fit_greys, recognise
from firstlight.checks.identity._marks import marks

ROWS = slice(0, 70_000, 35)  # 2,000 images of both splits


@pytest.fixture(scope="module")
def mnist() -> Atlas:
    return atlas_of("mnist")


def taken(atlas: Atlas) -> tuple[Tensor, Tensor, Tensor]:
    """Pixels from 0 to 1, labels and the index that is to be found."""
    return atlas.images[ROWS].float() / 255, atlas.labels[ROWS], atlas.first_alike[ROWS]


EXACT: dict[str, Callable[[Tensor], Tensor]] = {
    "as it is": lambda x: x,
    "bytes": lambda x: (x * 255).round().to(torch.uint8),
    "inverted": lambda x: 1 - x,
    "normalised": lambda x: (x - 0.1307) / 0.3081,
    "half precision": lambda x: ((x - 0.1307) / 0.3081).half(),
    "brain floats": lambda x: x.bfloat16(),
    "a curve": lambda x: x.sqrt(),
    "each by itself": lambda x: (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), keepdim=True),
    "each pixel by itself": lambda x: (x - x.mean(0)) / (x.std(0) + 1e-7),
    "padded to 32": lambda x: functional.pad(x, (2, 2, 2, 2)),
    "cropped to 24": lambda x: x[:, :, 2:26, 2:26],
    "shifted": lambda x: functional.pad(x, (3, 0, 0, 2))[:, :, 2:, :28],
    "rolled": lambda x: x.roll((9, -8), (2, 3)),
    "rolled as a line": lambda x: x.reshape(-1, 784).roll(16, 1).reshape(-1, 1, 28, 28),
    "mirrored": lambda x: x.flip(3),
    "transposed": lambda x: x.mT,
    "turned by 90 degrees": lambda x: x.rot90(1, (2, 3)),
    "wrapped around at 256": lambda x: (x * 255).round().to(torch.uint8) + 90,
}
ALIKE: dict[str, Callable[[Tensor], Tensor]] = {
    "resized to 32": lambda x: functional.interpolate(x, (32, 32), mode="bilinear", align_corners=False),
    "resized to 20": lambda x: functional.interpolate(x, (20, 20), mode="bilinear", antialias=True),
}


@pytest.mark.parametrize("name", EXACT)
def test_exact(mnist: Atlas, name: str) -> None:
    pixels, labels, index = taken(mnist)
    found = recognise(EXACT[name](pixels), labels, mnist)
    assert (found.index == index).float().mean() > 0.999
    assert found.exact_share > 0.999


@pytest.mark.parametrize("name", ALIKE)
def test_by_likeness(mnist: Atlas, name: str) -> None:
    pixels, labels, index = (part[::4] for part in taken(mnist))  # the search takes its time
    found = recognise(ALIKE[name](pixels), labels, mnist)
    assert (found.index == index).float().mean() > 0.95
    sure = found.is_sure
    assert sure.float().mean() > 0.8
    assert (found.index == index)[sure].float().mean() > 0.998


def test_all_seventy_thousand_are_found(mnist: Atlas) -> None:
    found = recognise(mnist.images, mnist.labels, mnist)
    assert torch.equal(found.index, mnist.first_alike)
    assert int((~mnist.is_lone).sum()) < 200
    assert mnist.place(60_003) == "test image 3"


def test_fashion_mnist_is_found_too() -> None:
    fashion = atlas_of("fashion-mnist")
    pixels, labels, index = taken(fashion)
    found = recognise((pixels.flip(3) - 0.286) / 0.353, labels, fashion)
    assert torch.equal(found.index, index)
    assert found.turn.unique().tolist() == [1]


def test_noise_is_nothing(mnist: Atlas) -> None:
    noise = torch.rand(300, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert recognise(noise, torch.zeros(300, dtype=torch.int64), mnist).known_share < 0.05


def test_roll_is_told(mnist: Atlas) -> None:
    pixels, labels, _ = taken(mnist)
    assert recognise(pixels.roll((9, -8), (2, 3)), labels, mnist).roll == (9, 20)


def test_offset_is_told(mnist: Atlas) -> None:
    pixels, labels, _ = taken(mnist)
    found = recognise(functional.pad(pixels, (3, 1, 2, 2)), labels, mnist)
    assert found.offset[found.is_known].unique(dim=0).tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("change", "form", "slope"),
    [
        (lambda x: (x - 0.1307) / 0.3081, "affine", 1 / 255 / 0.3081),
        (lambda x: x / x.std((1, 2, 3), keepdim=True), "each", None),
        (lambda x: x.sqrt(), "curve", None),
        (
            lambda x: x + 0.1 * torch.rand(28, 28, generator=torch.Generator().manual_seed(1)) * (x > 0),
            "other",
            None,
        ),
    ],
)
def test_greys(mnist: Atlas, change: Callable[[Tensor], Tensor], form: str, slope: float | None) -> None:
    pixels, labels, _ = taken(mnist)
    pictures = change(pixels)
    greys = fit_greys(pictures, recognise(pictures, labels, mnist), mnist)
    assert greys is not None
    assert greys.form == form
    if slope is not None:
        assert greys.slope[0] == pytest.approx(slope, rel=1e-5)


def test_wrapped_bytes_do_not_rise(mnist: Atlas) -> None:
    pictures = mnist.images[ROWS] + 90
    greys = fit_greys(pictures, recognise(pictures, mnist.labels[ROWS], mnist), mnist)
    assert greys is not None
    assert (greys.form, greys.is_monotone) == ("curve", False)


@pytest.mark.parametrize("place", range(len(TURNS)))
def test_turns_are_undone(place: int) -> None:
    images = torch.arange(24.0).reshape(1, 1, 4, 6)
    assert torch.equal(TURNS[place].undo(TURNS[place].apply(images)), images)


@pytest.mark.parametrize("place", range(len(TURNS)))
def test_marks_undo_turns_and_moves(mnist: Atlas, place: int) -> None:
    mask = mnist.images[:50] > 0
    moved = functional.pad(TURNS[place].apply(mask).float(), (1, 4, 3, 2)) > 0
    assert torch.equal(marks(moved, (place,)).numbers, marks(mask).numbers)


def test_marks_differ() -> None:
    mask = torch.zeros(2, 1, 5, 5, dtype=torch.bool)
    mask[0, 0, 1, 1:3] = True
    mask[1, 0, 1:3, 1] = True
    numbers = marks(mask).numbers[:, 0]
    assert numbers[0] != numbers[1]


def test_what_is_not_at_hand_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRSTLIGHT_OFFLINE", raising=False)
    assert atlas_at_hand("./no-such-folder-of-pictures") is None
