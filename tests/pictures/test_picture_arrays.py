"""Arrays and tensors as pictures. Invariance: one drawing in every shape and dtype gives one digit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from firstlight._errors import UsageError
from firstlight.pictures import find_digits, read_picture

PAGE = np.full((90, 70), 255, dtype=np.uint8)
PAGE[15:70, 30:38] = 0
PAGE[15:22, 20:38] = 0
EXPECTED = find_digits(PAGE).digits[0].image

SAME: dict[str, Any] = {
    "one channel behind": PAGE[:, :, None],
    "one channel before": PAGE[None],
    "colour behind": np.repeat(PAGE[:, :, None], 3, axis=2),
    "colour before": np.repeat(PAGE[None], 3, axis=0),
    "opacity behind": np.stack([PAGE, np.full_like(PAGE, 255)], axis=2),
    "colour and opacity": np.stack([PAGE, PAGE, PAGE, np.full_like(PAGE, 255)], axis=2),
    "black where there is ink, else nothing": np.stack([np.zeros_like(PAGE), 255 - PAGE], axis=2),
    "float32 to 1": PAGE.astype(np.float32) / 255,
    "float64 to 255": PAGE.astype(np.float64),
    "uint16": PAGE.astype(np.uint16) * 257,
    "int64": PAGE.astype(np.int64),
    "bool": PAGE > 0,
    "not contiguous": np.repeat(PAGE, 2, axis=1)[:, ::2],
    "tensor": torch.from_numpy(PAGE),
    "tensor of floats": torch.from_numpy(PAGE).float()[None] / 255,
    "bfloat16 with a gradient": (torch.from_numpy(PAGE) / 255).bfloat16().requires_grad_(),
}


@pytest.mark.parametrize("name", SAME)
def test_every_shape_and_dtype_gives_the_same_digit(name: str) -> None:
    found = find_digits(SAME[name])
    assert found.size == (70, 90)
    np.testing.assert_array_equal(found.digits[0].image, EXPECTED)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((3, 28, 28, 1)), r"is \[3, 28, 28, 1\]; .* predict\(list\(images\)\)"),
        (np.zeros((60, 28, 28)), r"is \[60, 28, 28\]; .* predict\(list\(images\)\)"),
        (np.zeros(784), r"is \[784\]; a picture is"),
        (np.zeros((0, 28)), r"is \[0, 28, 1\]; a picture is .* none of them 0"),
        (np.full((9, 9), -0.4), "has values from -0.4 to -0.4; .* before it was normalised"),
        (np.full((9, 9), np.nan), "has values from nan to nan"),
        (np.full((9, 9), 300), "has values from 300 to 300"),
        (np.full((9, 9), "a"), "holds <U1; a picture holds bytes"),
        (np.full((9, 9), 1j), "holds complex128; a picture holds bytes"),
    ],
)
def test_arrays_that_are_no_picture(array: np.ndarray[Any, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_picture(array)
