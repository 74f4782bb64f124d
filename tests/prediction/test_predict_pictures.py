"""`predict`: pictures to digits. Oracle: what was drawn in the samples; MNIST's own labels; behaviour."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import firstlight as fl
from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.prediction import load_reader
from firstlight.prediction._predict import PICTURES_AT_ONCE

DATA = Path(__file__).parents[1] / "data"
SAMPLES: dict[str, str] = runpy.run_path(str(DATA / "make_pictures.py"))["EXPECTED"]
PATHS = [DATA / "pictures" / name for name in SAMPLES]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_network_in_the_package_reads_the_samples(name: str) -> None:
    found = fl.predict(DATA / "pictures" / name)
    assert found.text == SAMPLES[name]
    for digit in found.digits:
        assert digit.probability > 0.7
        assert digit.probability == max(digit.probabilities.values()) == digit.ranked()[0][1]
        assert digit.label == digit.ranked()[0][0]
        assert sum(digit.probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert list(digit.probabilities) == list("0123456789")


def test_a_list_gives_a_list_in_the_same_order() -> None:
    paths = [*PATHS[::-1], PATHS[3]]
    expected = [SAMPLES[path.name] for path in paths]
    found = fl.predict(paths)
    assert isinstance(found, list)
    assert [one.text for one in found] == expected
    assert [one.name for one in found] == [str(path) for path in paths]
    assert [one.text for one in fl.predict(tuple(map(str, paths)))] == expected
    assert fl.predict([]) == []


def test_alone_or_among_others_a_picture_is_read_alike() -> None:
    blank = np.full((50, 50), 255, dtype=np.uint8)
    among = fl.predict([blank, PATHS[0], blank, PATHS[5]])
    assert [one.text for one in among] == ["", SAMPLES[PATHS[0].name], "", SAMPLES[PATHS[5].name]]
    alone = fl.predict(PATHS[0])
    assert alone.digits[0].probability == pytest.approx(among[1].digits[0].probability, abs=1e-5)
    np.testing.assert_array_equal(alone.digits[0].image, among[1].digits[0].image)


def test_mnist_test_images_are_read_as_they_are_labelled() -> None:
    _, test = fl.load("mnist")
    count = PICTURES_AT_ONCE + 20
    found = fl.predict(list(test.images[:count]))
    labels = [str(label) for label in test.labels[:count].tolist()]
    right = sum(one.text == label for one, label in zip(found, labels, strict=True))
    assert right > 0.95 * count
    page = fl.predict(255 - test.images[0, 0].numpy())  # ink on paper
    assert page.text == labels[0]


def test_several_images_in_one_array_are_not_guessed_at() -> None:
    with pytest.raises(UsageError, match=r"is \[3, 1, 28, 28\]; .* predict\(list\(images\)\)"):
        fl.predict(torch.zeros(3, 1, 28, 28, dtype=torch.uint8))


def test_every_kind_of_source_is_named() -> None:
    path = PATHS[1]
    with Image.open(path) as picture, path.open("rb") as file:
        array = np.asarray(picture)
        sources = [path, str(path), path.read_bytes(), file, picture, array, torch.from_numpy(array.copy())]
        found = fl.predict(sources)
    assert [one.text for one in found] == ["2"] * 7
    names = [str(path), str(path), "the bytes", str(path), str(path), "the ndarray", "the Tensor"]
    assert [one.name for one in found] == names


def test_steps_are_kept_where_they_are_asked_for() -> None:
    path = PATHS[4]
    assert fl.predict(path).steps == ()
    names = [step.name for step in fl.predict(path, steps=True).steps]
    assert names[0] == "brightness"
    assert names[-3:] == ["digit 1", "digit 2", "digit 3"]


def test_printed_it_says_what_was_done_and_what_is_doubtful() -> None:
    found = fl.predict(DATA / "pictures" / "three-in-a-row.png")
    first, second, *rest = str(found).split("\n")
    assert first.startswith(f"{found.name}: 4 (")
    assert second == f"  {found.done}"
    assert rest == [f"  ! {warning}" for warning in found.warnings]
    assert len(rest) == 1
    assert repr(found).startswith(f"Prediction({found.name!r}, [ReadDigit('4', ")
    nothing = fl.predict(np.zeros((40, 40), dtype=np.uint8))
    assert str(nothing).startswith("the ndarray: no digit\n  40 x 40 pixels.\n  ! Nothing was found")
    assert (nothing.text, nothing.digits, nothing.size) == ("", (), (40, 40))


def test_errors_name_the_picture(tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    with pytest.raises(DataCorruptError, match=r"empty\.png is empty"):
        fl.predict([PATHS[0], empty])
    with pytest.raises(DataMissingError, match=r"There is no file nothing\.png"):
        fl.predict("nothing.png")
    with pytest.raises(UsageError, match="got int"):
        fl.predict(7)  # type: ignore[call-overload]


def test_a_reader_is_taken_as_it_is() -> None:
    reader = load_reader()
    assert fl.predict(PATHS[0], run=reader).text == SAMPLES[PATHS[0].name]
