"""The one table of all data sets that can be loaded by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from firstlight._errors import UnknownNameError
from firstlight._settings import home
from firstlight.datasets._cifar10 import CIFAR10
from firstlight.datasets._cifar100 import CIFAR100
from firstlight.datasets._emnist import EMNIST
from firstlight.datasets._fashion_mnist import FASHION_MNIST
from firstlight.datasets._kmnist import KMNIST
from firstlight.datasets._mnist import MNIST
from firstlight.datasets._qmnist import QMNIST
from firstlight.datasets._spec import DatasetSpec

__all__ = ["CATALOG", "DatasetInfo", "find_spec", "list_datasets"]

CATALOG: Mapping[str, DatasetSpec] = MappingProxyType(
    {spec.name: spec for spec in (MNIST, FASHION_MNIST, KMNIST, QMNIST, *EMNIST, CIFAR10, CIFAR100)}
)


@dataclass(frozen=True)
class DatasetInfo:
    """A row of the list of data sets.

    Attributes
    ----------
    name
        As given to `load`.
    title
        As its authors call it.
    train_count, test_count
        Number of images.
    class_count
        Number of classes.
    image_shape
        Channels, height, width.
    licence
        The licence, or ``"none stated"`` with what is known.
    is_cached
        Whether it can be loaded without asking any other place.
    """

    name: str
    title: str
    train_count: int
    test_count: int
    class_count: int
    image_shape: tuple[int, int, int]
    licence: str
    is_cached: bool


def find_spec(name: str) -> DatasetSpec:
    """Return what is known about a data set; capitals, blanks, ``-`` and ``_`` in the name do not matter.

    Raises
    ------
    UnknownNameError
        There is no such data set; says the nearest.

    Examples
    --------
    >>> find_spec("FashionMNIST").name
    'fashion-mnist'
    """
    spec = SPELLINGS.get(_plain(name))
    if spec is None:
        raise UnknownNameError("data set", name, CATALOG)
    return spec


def list_datasets() -> tuple[DatasetInfo, ...]:
    """Return every data set that `load` knows by name; reads and fetches nothing.

    Examples
    --------
    >>> [info.name for info in list_datasets()][:3]
    ['mnist', 'fashion-mnist', 'kmnist']
    """
    return tuple(_info(spec) for spec in CATALOG.values())


def _info(spec: DatasetSpec) -> DatasetInfo:
    folder = home() / "datasets" / spec.layout.dataset
    members = spec.layout.members("train") + spec.layout.members("test")
    return DatasetInfo(
        name=spec.name,
        title=spec.card.title,
        train_count=spec.sizes[0],
        test_count=spec.sizes[1],
        class_count=len(spec.classes),
        image_shape=spec.image_shape,
        licence=spec.card.licence,
        is_cached=all((folder / member).is_file() for member in members),
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter not in "-_ ")


SPELLINGS = {_plain(name): spec for spec in CATALOG.values() for name in (spec.name, *spec.aliases)}
