"""The one table of all data sets that can be loaded by name."""

from __future__ import annotations

from firstlight._errors import UnknownNameError
from firstlight.datasets._fashion_mnist import FASHION_MNIST
from firstlight.datasets._mnist import MNIST
from firstlight.datasets._spec import DatasetSpec

__all__ = ["CATALOG", "find_spec"]

CATALOG: dict[str, DatasetSpec] = {spec.name: spec for spec in (MNIST, FASHION_MNIST)}


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


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter not in "-_ ")


SPELLINGS = {_plain(name): spec for spec in CATALOG.values() for name in (spec.name, *spec.aliases)}
