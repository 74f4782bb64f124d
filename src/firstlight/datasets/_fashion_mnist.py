"""Fashion-MNIST: clothes instead of digits, in the same files of the same names."""

from __future__ import annotations

from firstlight.datasets._card import DataCard
from firstlight.datasets._layout import IdxLayout
from firstlight.datasets._spec import DatasetSpec
from firstlight.datasets._statistics import Statistics

__all__ = ["FASHION_MNIST"]

FASHION_MNIST = DatasetSpec(
    name="fashion-mnist",
    aliases=("fashion",),
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    image_shape=(1, 28, 28),
    sizes=(60_000, 10_000),
    train_counts=(6000,) * 10,
    test_counts=(1000,) * 10,
    statistics=Statistics(mean=(0.286041,), std=(0.353024,)),
    layout=IdxLayout("fashion-mnist"),
    card=DataCard(
        title="Fashion-MNIST",
        homepage="https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT",
        citation="""@article{xiao2017fashion,
  author  = {Xiao, Han and Rasul, Kashif and Vollgraf, Roland},
  title   = {Fashion-{MNIST}: a Novel Image Dataset for Benchmarking Machine Learning Algorithms},
  journal = {arXiv preprint arXiv:1708.07747},
  year    = {2017}
}""",
        description=(
            "70,000 photographs from Zalando's shop, grey, 28 x 28 pixels, ten kinds of clothing. Made to "
            "take MNIST's place where MNIST is too easy."
        ),
        oddities=(
            "Its files have MNIST's names; firstlight tells them apart by their hashes.",
            "Files published before 31 August 2017 hold duplicates; firstlight takes only the later ones.",
        ),
    ),
)
