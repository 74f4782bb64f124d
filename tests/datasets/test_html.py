"""The piece of HTML for notebooks. Oracle: Pillow reads the picture back."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

import firstlight as fl


def picture(page: str) -> np.ndarray:
    data = re.search(r'src="data:image/png;base64,([^"]+)"', page).group(1)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_the_picture_holds_the_first_images(mnist):
    pixels = picture(mnist[0]._repr_html_())
    assert pixels.shape == (4 * 28 * 2, 10 * 28 * 2)
    np.testing.assert_array_equal(pixels[56:112:2, 112:168:2], mnist[0].images[12, 0].numpy())


def test_a_few_images_make_a_small_picture(small):
    assert picture(small[:3]._repr_html_()).shape == (4, 18)


def test_names_are_escaped_and_nothing_is_loaded_from_elsewhere(small):
    page = small._repr_html_()
    assert "&lt;c&gt;" in page
    assert "<c>" not in page
    assert "http" not in page


def test_many_classes_are_cut_short(tiny):
    tiny("cifar100")
    page = fl.load("cifar100")[0]._repr_html_()
    assert "and 80 more classes" in page
    assert picture(page).shape == (4 * 64, 10 * 64, 3)
