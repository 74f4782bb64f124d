"""MNIST, the handwritten digits that everybody begins with."""

from __future__ import annotations

from firstlight.datasets._card import DataCard
from firstlight.datasets._columns import QmnistColumns
from firstlight.datasets._layout import IdxLayout
from firstlight.datasets._spec import DatasetSpec
from firstlight.datasets._statistics import Statistics

__all__ = ["MNIST"]

MNIST = DatasetSpec(
    name="mnist",
    aliases=("digits",),
    classes=tuple("0123456789"),
    image_shape=(1, 28, 28),
    sizes=(60_000, 10_000),
    train_counts=(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    test_counts=(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
    statistics=Statistics(mean=(0.130660,), std=(0.308108,)),
    layout=IdxLayout("mnist"),
    extra_columns=QmnistColumns(),
    card=DataCard(
        title="The MNIST database of handwritten digits",
        homepage="http://yann.lecun.com/exdb/mnist/",
        licence=(
            "none stated by its authors (Keras asserts CC BY-SA 3.0; the NIST data it was made from are a "
            "work of the US government)"
        ),
        citation="""@article{lecun1998gradient,
  author  = {LeCun, Yann and Bottou, L{\\'e}on and Bengio, Yoshua and Haffner, Patrick},
  title   = {Gradient-based learning applied to document recognition},
  journal = {Proceedings of the IEEE},
  volume  = {86},
  number  = {11},
  pages   = {2278--2324},
  year    = {1998}
}""",
        description=(
            "70,000 digits written by US Census Bureau employees and by high school students, scaled to a "
            "box of 20 pixels and centred by mass in 28 x 28 grey pixels: white ink on black. No writer of "
            "the train split wrote in the test split."
        ),
        oddities=(
            "The classes are not equally large: the test split has 892 fives and 1,135 ones.",
            "Fashion-MNIST's files have the same names; firstlight tells them apart by their hashes.",
            "Some labels are wrong: five people looked at the suspicious test images and disowned 15 labels "
            '(load("mnist", corrections="verified")).',
        ),
    ),
)
