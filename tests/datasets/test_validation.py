"""What a data set refuses to be made of. By behaviour: one change to good parts, one message."""

from __future__ import annotations

import pytest
import torch

import firstlight as fl
from firstlight._errors import UsageError

GOOD = {
    "images": torch.zeros(4, 1, 2, 2, dtype=torch.uint8),
    "labels": torch.tensor([0, 1, 1, 0]),
    "classes": ("a", "b"),
    "mean": (0.0,),
    "std": (1.0,),
    "columns": {},
}


def test_good_parts_make_a_data_set():
    assert len(fl.ImageDataset("x", "train", **GOOD)) == 4


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"images": torch.zeros(4, 1, 2, 2)}, r"must be a uint8 tensor \[n, c, h, w\]; got float32 .*round"),
        ({"images": torch.zeros(4, 2, 2, dtype=torch.uint8)}, r"got uint8 \[4, 2, 2\].*unsqueeze"),
        ({"images": [[0]]}, "got list"),
        ({"images": torch.zeros(0, 1, 2, 2, dtype=torch.uint8)}, "at least one image"),
        ({"images": torch.zeros(4, 1, 0, 2, dtype=torch.uint8)}, "at least one pixel"),
        ({"labels": torch.zeros(4)}, r"must be an int64 tensor \[n\]; got float32.*long"),
        ({"labels": torch.zeros(4, 1, dtype=torch.int64)}, r"got int64 \[4, 1\]"),
        ({"labels": torch.tensor([0, 1, 1])}, "got 4 images and 3 labels"),
        (
            {"labels": torch.tensor([0, 1, 2, 0])},
            "from 0 to 1, as there are 2 classes; got labels from 0 to 2",
        ),
        ({"labels": torch.tensor([0, 1, -1, 0])}, "got labels from -1 to 1"),
        ({"classes": ("a", "a")}, "Class names must differ"),
        ({"mean": (0.0, 0.0)}, "one number a channel, 1 here; got 2 and 1"),
        ({"std": (0.0,)}, "std must be above 0"),
        ({"std": (float("nan"),)}, "std must be above 0"),
        ({"columns": {"writer": torch.zeros(3)}}, r"Column 'writer' .* 4 images; got float32 \[3\]"),
        ({"columns": {"writer": [1, 2, 3, 4]}}, "Column 'writer' .* got list"),
        ({"columns": {"writer": torch.tensor(1)}}, "Column 'writer'"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, match):
    with pytest.raises(UsageError, match=match):
        fl.ImageDataset("x", "train", **{**GOOD, **change})
