"""Every file of every data set: names, sizes, hashes and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from firstlight._errors import UnknownNameError
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._registry_archives import CIFAR10, CIFAR100, EMNIST
from firstlight.sources._registry_idx import FASHION_MNIST, KMNIST, MNIST, QMNIST

__all__ = ["REGISTRY", "DataFile", "Member", "Origin", "data_files", "find_member", "known_bytes"]

REGISTRY: Mapping[str, tuple[DataFile, ...]] = MappingProxyType(
    {
        "mnist": MNIST,
        "fashion-mnist": FASHION_MNIST,
        "kmnist": KMNIST,
        "emnist": EMNIST,
        "qmnist": QMNIST,
        "cifar10": CIFAR10,
        "cifar100": CIFAR100,
    }
)


def data_files(dataset: str) -> tuple[DataFile, ...]:
    """All published files of a data set.

    Raises
    ------
    UnknownNameError
        There is no data set of that name; the message has the nearest one.

    Examples
    --------
    >>> [file.name for file in data_files("cifar10")]
    ['cifar-10-binary.tar.gz']
    """
    if dataset not in REGISTRY:
        raise UnknownNameError("data set", dataset, REGISTRY)
    return REGISTRY[dataset]


def find_member(dataset: str, name: str) -> tuple[DataFile, Member]:
    """The published file that holds a member, and the member.

    Raises
    ------
    UnknownNameError
        There is no such data set, or it has no such member.

    Examples
    --------
    >>> file, member = find_member("mnist", "t10k-labels-idx1-ubyte")
    >>> file.name, member.size_bytes
    ('t10k-labels-idx1-ubyte.gz', 10008)
    """
    files = data_files(dataset)
    for file in files:
        for member in file.members:
            if member.name == name:
                return file, member
    raise UnknownNameError(f"file of {dataset}", name, [m.name for file in files for m in file.members])


def known_bytes(sha256: str) -> str | None:
    """Name the registered file that has this SHA-256, compressed or decoded; None when there is none.

    Examples
    --------
    >>> known_bytes("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")
    "fashion-mnist's t10k-labels-idx1-ubyte.gz"
    """
    return next((f"{dataset}'s {name}" for dataset, name, known in _all_hashes() if known == sha256), None)


def _all_hashes() -> Iterator[tuple[str, str, str | None]]:
    for files in REGISTRY.values():
        for file in files:
            yield file.dataset, file.name, file.sha256
            for member in file.members:
                yield file.dataset, member.name, member.sha256
