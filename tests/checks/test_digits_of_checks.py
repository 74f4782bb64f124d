"""The subsets of MNIST that checks use (oracle: the data set itself)."""

from __future__ import annotations

import numpy as np
import pytest

import firstlight
from firstlight._errors import DataMissingError
from firstlight.checks import _mnist
from firstlight.checks._mnist import held_out_digits, needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, passed


def test_smaller_ones_are_among_larger_ones_and_balanced() -> None:
    few, many = training_digits(32), training_digits(500)
    known = {image.tobytes() for image in many.images}
    assert all(image.tobytes() in known for image in few.images)
    assert np.bincount(many.labels).tolist() == [50] * 10


def test_images_have_the_labels_of_mnist() -> None:
    train, test = firstlight.load("mnist")
    for digits, split in ((training_digits(32), train), (held_out_digits(50), test)):
        table = {bytes(i.numpy()): int(y) for i, y in zip(split.images[:, 0], split.labels, strict=True)}
        assert [table[image.tobytes()] for image in digits.images] == digits.labels.tolist()


def test_copies_are_fresh() -> None:
    training_digits(32).images[:] = 0
    assert training_digits(32).images.any()


def test_another_draw_has_other_images() -> None:
    assert not np.array_equal(training_digits(32).images, training_digits(32, draw=1).images)


def test_pixels_are_normalised() -> None:
    pixels = training_digits(500).pixels()
    assert pixels.shape == (500, 1, 28, 28)
    assert abs(float(pixels.mean())) < 0.05


def test_a_check_is_skipped_where_mnist_is_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise DataMissingError("no network")

    @needs_mnist
    def asks(_: None) -> Outcome:
        training_digits(31)
        return passed()

    monkeypatch.setattr(firstlight, "load", missing, raising=False)
    _mnist._split.cache_clear()
    outcome = asks(None)
    _mnist._split.cache_clear()
    assert outcome.status == "skip"
    assert "not at hand: no network" in outcome.seen
