"""Kuzushiji-MNIST: ten characters of cursive Japanese."""

from __future__ import annotations

from firstlight.datasets._card import DataCard
from firstlight.datasets._layout import IdxLayout
from firstlight.datasets._spec import DatasetSpec

__all__ = ["KMNIST"]

KMNIST = DatasetSpec(
    name="kmnist",
    aliases=("kuzushiji-mnist", "kuzushiji"),
    classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    image_shape=(1, 28, 28),
    sizes=(60_000, 10_000),
    train_counts=(6000,) * 10,
    test_counts=(1000,) * 10,
    layout=IdxLayout("kmnist"),
    card=DataCard(
        title="Kuzushiji-MNIST",
        homepage="https://codh.rois.ac.jp/kmnist/",
        licence="CC BY-SA 4.0",
        citation="""@article{clanuwat2018deep,
  author  = {Clanuwat, Tarin and Bober-Irizar, Mikel and Kitamoto, Asanobu and Lamb, Alex and
             Yamamoto, Kazuaki and Ha, David},
  title   = {Deep Learning for Classical Japanese Literature},
  journal = {arXiv preprint arXiv:1812.01718},
  year    = {2018}
}""",
        description=(
            "70,000 cursive characters from classical Japanese books, grey, 28 x 28 pixels: one character "
            "from each of ten columns of hiragana. Harder than MNIST, as one character has many shapes."
        ),
        oddities=(
            "Its files have MNIST's names; firstlight tells them apart by their hashes.",
            "Its official server is often down.",
        ),
    ),
)
