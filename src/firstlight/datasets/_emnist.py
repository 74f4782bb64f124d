"""EMNIST: handwritten letters and digits, in the six ways its authors divide them."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType

from firstlight.datasets._card import DataCard
from firstlight.datasets._layout import IdxLayout
from firstlight.datasets._spec import DatasetSpec

__all__ = ["EMNIST", "EMNIST_SPLITS"]

# Small letters whose capitals look alike share a class with them: c i j k l m o p s u v w x y z.
MERGED = digits + ascii_uppercase + "abdefghnqrt"
EVERYTHING = digits + ascii_uppercase + ascii_lowercase

# Classes, images in train and in test, and what it is, by the name of the split.
EMNIST_SPLITS: Mapping[str, tuple[str, tuple[int, int], str]] = MappingProxyType(
    {
        "balanced": (MERGED, (112_800, 18_800), "47 classes of equal size, look-alike capitals merged"),
        "byclass": (EVERYTHING, (697_932, 116_323), "all 62 digits, capitals and small letters"),
        "bymerge": (MERGED, (697_932, 116_323), "47 classes, look-alike capitals merged"),
        "digits": (digits, (240_000, 40_000), "ten digits, four times MNIST's number"),
        "letters": (ascii_lowercase, (124_800, 20_800), "26 letters, capital and small ones together"),
        "mnist": (digits, (60_000, 10_000), "ten digits, as many as MNIST has"),
    }
)

ODDITIES = (
    "The files hold the images transposed; firstlight shows them upright, as a view without copying.",
    "It was made from the same NIST database as MNIST: the same digits may occur in both.",
)
LETTERS_ODDITY = (
    "In the files the labels run from 1 to 26; here from 0 (a) to 25 (z). All 124,800 train images are here: "
    "some other loaders give 88,800."
)


def _spec(split: str) -> DatasetSpec:
    classes, sizes, described = EMNIST_SPLITS[split]
    return DatasetSpec(
        name=f"emnist-{split}",
        aliases=("emnist",) if split == "balanced" else (),
        classes=tuple(classes),
        image_shape=(1, 28, 28),
        sizes=sizes,
        layout=IdxLayout(
            "emnist",
            prefix=f"emnist-{split}-",
            test="test",
            transposed=True,
            first_label=1 if split == "letters" else 0,
        ),
        card=DataCard(
            title=f"EMNIST {split}",
            homepage="https://www.nist.gov/itl/products-and-services/emnist-dataset",
            licence="none stated",
            citation="""@inproceedings{cohen2017emnist,
  author    = {Cohen, Gregory and Afshar, Saeed and Tapson, Jonathan and van Schaik, Andr{\\'e}},
  title     = {{EMNIST}: Extending {MNIST} to handwritten letters},
  booktitle = {International Joint Conference on Neural Networks (IJCNN)},
  pages     = {2921--2926},
  year      = {2017}
}""",
            description=(
                f"Handwritten characters from NIST Special Database 19, made to look like MNIST: {described}."
            ),
            oddities=(*ODDITIES, LETTERS_ODDITY) if split == "letters" else ODDITIES,
        ),
    )


EMNIST = tuple(_spec(split) for split in EMNIST_SPLITS)
