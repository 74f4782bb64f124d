"""CIFAR-100: a hundred fine classes in twenty coarse ones."""

from __future__ import annotations

from firstlight.datasets._card import DataCard
from firstlight.datasets._cifar10 import CIFAR_CITATION
from firstlight.datasets._layout import CifarLayout
from firstlight.datasets._spec import DatasetSpec

__all__ = ["CIFAR100", "COARSE_CLASSES"]

# fmt: off
COARSE_CLASSES = (
    "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables",
    "household_electrical_devices", "household_furniture", "insects", "large_carnivores",
    "large_man-made_outdoor_things", "large_natural_outdoor_scenes", "large_omnivores_and_herbivores",
    "medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals", "trees",
    "vehicles_1", "vehicles_2",
)
FINE_CLASSES = (
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup",
    "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house",
    "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man",
    "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid",
    "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine",
    "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew",
    "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower",
    "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout",
    "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
)
# fmt: on

CIFAR100 = DatasetSpec(
    name="cifar100",
    aliases=(),
    classes=FINE_CLASSES,
    image_shape=(3, 32, 32),
    sizes=(50_000, 10_000),
    train_counts=(500,) * 100,
    test_counts=(100,) * 100,
    layout=CifarLayout(
        "cifar100", train=("train.bin",), test=("test.bin",), label_columns=("coarse", "fine")
    ),
    card=DataCard(
        title="CIFAR-100",
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
        licence="none stated",
        citation=CIFAR_CITATION,
        description=(
            "60,000 colour photographs of 32 x 32 pixels in a hundred classes of 600. The labels are the "
            'fine classes; the column "coarse" has the twenty coarse ones.'
        ),
        oddities=(
            "firstlight reads the binary edition: the Python edition is a pickle, which can run code.",
            "Its archive holds no licence, so firstlight fetches it and ships none of it.",
        ),
    ),
)
