"""CIFAR-10: ten kinds of things in colour."""

from __future__ import annotations

from firstlight.datasets._card import DataCard
from firstlight.datasets._layout import CifarLayout
from firstlight.datasets._spec import DatasetSpec
from firstlight.datasets._statistics import Statistics

__all__ = ["CIFAR10", "CIFAR_CITATION"]

CIFAR_CITATION = """@techreport{krizhevsky2009learning,
  author      = {Krizhevsky, Alex},
  title       = {Learning Multiple Layers of Features from Tiny Images},
  institution = {University of Toronto},
  year        = {2009}
}"""

# Published, to eight places, in github.com/kuangliu/pytorch-cifar issue 19 and in google-research/uda
# (augmentation_transforms.py). The also widespread
# deviations 0.2023, 0.1994, 0.2010 are not those of all pixels.
STATISTICS = Statistics(
    mean=(0.49139968, 0.48215841, 0.44653091),
    std=(0.24703223, 0.24348513, 0.26158784),
)

CIFAR10 = DatasetSpec(
    name="cifar10",
    aliases=(),
    classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    image_shape=(3, 32, 32),
    sizes=(50_000, 10_000),
    train_counts=(5000,) * 10,
    test_counts=(1000,) * 10,
    statistics=STATISTICS,
    layout=CifarLayout(
        "cifar10",
        train=tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
        test=("test_batch.bin",),
    ),
    card=DataCard(
        title="CIFAR-10",
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
        licence="none stated",
        citation=CIFAR_CITATION,
        description=(
            "60,000 colour photographs of 32 x 32 pixels in ten classes, a labelled part of the Tiny Images "
            "collection."
        ),
        oddities=(
            "firstlight reads the binary edition: the Python edition is a pickle, which can run code.",
            "Its archive holds no licence, so firstlight fetches it and ships none of it.",
            "Five people looked at the suspicious test images and disowned 54 labels "
            '(load("cifar10", corrections="verified")).',
        ),
    ),
)
