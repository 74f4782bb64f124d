"""Augmentation as a whole: identity, determinism, one draw for each image (invariance), bad settings (behaviour)."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.loader import Augment, augment_images
from firstlight.loader._draws import Draws

EACH = {
    "shift": Augment(shift=2),
    "rotate": Augment(rotate=15),
    "scale": Augment(scale=(0.8, 1.2)),
    "shear": Augment(shear=10),
    "elastic": Augment(elastic=(34.0, 4.0)),
    "erase": Augment(erase=(0.05, 0.2)),
    "flip": Augment(flip=True),
    "alternate": Augment(flip="alternate"),
    "reflect": Augment(shift=2, shift_fill="reflect"),
}

PINNED = [[10341522, 6478138], [12230304, 10021082]]


@pytest.fixture(scope="module")
def same() -> torch.Tensor:
    """Sixty-four times the same lopsided picture."""
    one = torch.zeros(1, 1, 28, 28, dtype=torch.uint8)
    one[..., 6:20, 8:12] = 200
    one[..., 16:20, 8:22] = 255
    return one.expand(64, -1, -1, -1).contiguous()


@pytest.mark.parametrize("name", EACH)
def test_each_setting_alone(name, same):
    augment = EACH[name]
    assert not augment.is_identity
    before = same.clone()
    varied = augment_images(same, augment, seed=1)
    assert varied.dtype == torch.uint8
    assert varied.shape == same.shape
    assert torch.equal(same, before)
    assert torch.equal(augment_images(same, augment, seed=1), varied)
    assert not torch.equal(augment_images(same, augment, seed=2), varied)
    assert not torch.equal(augment_images(same, augment, seed=1, epoch=1), varied)
    kinds = {bytes(image.flatten().tolist()) for image in varied}
    assert len(kinds) == 2 if name in ("flip", "alternate") else len(kinds) > 15, (
        "each image gets a draw of its own"
    )
    late = augment_images(same[:24], augment, seed=1, first=40)
    assert (late.int() - varied[40:].int()).abs().max() <= 1, "the draw belongs to the place in the epoch"


@pytest.mark.parametrize(
    "augment",
    [
        Augment(),
        Augment(shift=0, rotate=0, scale=(1, 1), shear=0, elastic=(0, 4), erase=(0, 0), flip=False),
        Augment(erase=(0.1, 0.2), erase_probability=0),
    ],
)
def test_zero_settings_are_the_identity(augment, same):
    assert augment.is_identity
    assert torch.equal(augment_images(same, augment), same)


def test_shift_is_uniform_over_all_offsets():
    dot = torch.zeros(25000, 1, 9, 9, dtype=torch.uint8)
    dot[:, :, 4, 4] = 1
    counts = augment_images(dot, Augment(shift=2), seed=0).sum(0, dtype=torch.int64)[0, 2:7, 2:7]
    chi_squared = ((counts - 1000.0) ** 2 / 1000).sum()
    assert counts.sum() == 25000
    assert chi_squared < 51.2  # 24 degrees of freedom, p = 0.001


def test_a_fraction_of_a_shift_comes_up_that_fraction_as_often():
    """What round(uniform(-1.6, 1.6)) gives: 2 is a tenth as frequent as 1."""
    dot = torch.zeros(32000, 1, 9, 9, dtype=torch.uint8)
    dot[:, :, 4, 4] = 1
    counts = augment_images(dot, Augment(shift=1.1), seed=0).sum(0, dtype=torch.int64)[0]
    expected = torch.tensor([0, 0, 1.0, 10, 10, 10, 1, 0, 0]) * 1000
    assert counts.sum() == 32000
    for along in (counts.sum(0), counts.sum(1)):
        assert along[expected == 0].sum() == 0
        assert (
            (along - expected) ** 2 / expected.clamp(min=1)
        ).sum() < 18.5  # 4 degrees of freedom, p = 0.001


def test_alternate_flips_turn_around_in_every_epoch(same):
    first, second, third = (
        augment_images(same, Augment(flip="alternate"), seed=1, epoch=e) for e in range(3)
    )
    assert torch.equal(second, first.flip(-1))
    assert torch.equal(third, first)
    assert 20 < sum(map(torch.equal, first, same)) < 44


def test_one_setting_does_not_change_the_draws_of_another(same):
    both = augment_images(same, Augment(shift=2, flip=True), seed=3)
    apart = augment_images(augment_images(same, Augment(flip=True), seed=3), Augment(shift=2), seed=3)
    assert torch.equal(both, apart)


def test_draws_are_pinned_for_ever():
    """numpy promises the stream; a change here changes every augmented run."""
    numbers = Draws(seed=0, epoch=0, first=0, count=2).uniform("shift", 2)
    assert (numbers * 2**24).long().tolist() == PINNED


@pytest.mark.parametrize("per_image", [1, 2, 5])
def test_draws_belong_to_places(per_image):
    whole = Draws(seed=5, epoch=1, first=0, count=40).uniform("erase", per_image)
    assert whole.shape == (40, per_image)
    assert whole.min() >= 0
    assert whole.max() < 1
    late = Draws(seed=5, epoch=1, first=13, count=9, step=3).uniform("erase", per_image)
    assert torch.equal(late, whole[13:40:3])


@pytest.mark.parametrize("per_image", [1, 2, 5])
@pytest.mark.parametrize("step", [1, 3])
def test_signed_numbers_are_the_others_stretched(per_image, step):
    draws = Draws(seed=3, epoch=2, first=7, count=500, step=step)
    assert torch.equal(draws.signed("elastic", per_image), 2 * draws.uniform("elastic", per_image) - 1)


def test_a_part_of_the_draws_is_a_slice_of_them():
    draws = Draws(seed=3, epoch=2, first=7, count=50, step=3, rows=torch.arange(100, 150))
    some = draws.part(40, 60)
    assert some.count == 10
    assert torch.equal(some.uniform("shift", 2), draws.uniform("shift", 2)[40:60])
    assert torch.equal(some.of_images("flip"), draws.of_images("flip")[40:60])


def test_equal_bounds_draw_nothing_but_themselves():
    draws = Draws(seed=0, epoch=0, first=0, count=4)
    assert torch.equal(draws.between("scale", 1.5, 1.5), torch.full((4,), 1.5))


def test_images_are_warped_alike_however_many_come_at_once():
    pictures = torch.randint(
        0, 256, (300, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    augment = Augment(rotate=20, elastic=(20.0, 4.0))
    whole = augment_images(pictures, augment, seed=1)
    for start in (0, 100, 200):
        some = augment_images(pictures[start : start + 100], augment, seed=1, first=start)
        assert (some.int() - whole[start : start + 100].int()).abs().max() <= 1


def test_draws_are_uniform():
    numbers = Draws(seed=0, epoch=0, first=0, count=100_000).uniform("flip", 1)[:, 0].double()
    assert numbers.mean() == pytest.approx(0.5, abs=0.004)
    assert numbers.var() == pytest.approx(1 / 12, abs=0.002)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shift": -1}, "shift is a number from 0 to 1000; got -1"),
        ({"shift": True}, "shift .* got True"),
        ({"shift": float("inf")}, "shift .* got inf"),
        ({"shift_fill": "white"}, "shift_fill is 'black' or 'reflect'; got 'white'"),
        ({"interpolation": "cubic"}, "interpolation is 'bilinear' or 'nearest'; got 'cubic'"),
        ({"rotate": -5}, "rotate is a number from 0 to 180; got -5"),
        ({"rotate": "10"}, "rotate .* got '10'"),
        ({"rotate": float("nan")}, "rotate .* got nan"),
        ({"shear": 90}, "shear is a number from 0 to 89; got 90"),
        ({"scale": 1.1}, r"scale is a pair \(least, greatest\); got 1\.1"),
        ({"scale": (1.1, 0.9)}, "scale .* the greater one first"),
        ({"scale": (0, 1)}, "scale is a number from 0.01 to 100; got 0"),
        ({"elastic": 34}, r"elastic is a pair \(alpha, sigma\); got 34"),
        ({"elastic": (34, 0)}, "sigma above 0"),
        ({"elastic": (-1, 4)}, "alpha at least 0"),
        ({"elastic": ("a", 4)}, "pair of numbers"),
        ({"erase": (0, 2)}, "erase is a number from 0 to 1; got 2"),
        ({"erase_probability": 1.5}, "erase_probability is a number from 0 to 1"),
        ({"flip": 0.5}, r"flip is True, False or 'alternate'; got 0\.5"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(UsageError, match=message):
        Augment(**settings)


def test_bad_images_are_refused(same):
    with pytest.raises(UsageError, match=r"uint8 \[n, c, h, w\]; got torch.float32"):
        augment_images(same.float(), Augment(flip=True))
    with pytest.raises(UsageError, match=r"got torch.uint8 \[28, 28\]"):
        augment_images(same[0, 0], Augment(flip=True))
