"""What is known of a data set by its name alone: its classes, its statistics, the files it is read from."""

from __future__ import annotations

from firstlight.datasets._catalog import find_spec
from firstlight.datasets._statistics import Statistics

__all__ = ["dataset_classes", "dataset_members", "dataset_statistics"]


def dataset_classes(name: str) -> tuple[str, ...]:
    """Return the name of each class, in the order of the labels; reads no file.

    Raises
    ------
    UnknownNameError
        There is no such data set; says the nearest.

    Examples
    --------
    >>> dataset_classes("fashion-mnist")[:2]
    ('T-shirt/top', 'Trouser')
    """
    return find_spec(name).classes


def dataset_members(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the registry's data set and the names of the decoded files that a data set is read from.

    Raises
    ------
    UnknownNameError
        There is no such data set; says the nearest.

    Examples
    --------
    >>> dataset, members = dataset_members("emnist-letters")
    >>> dataset, members[0]
    ('emnist', 'emnist-letters-train-images-idx3-ubyte')
    """
    layout = find_spec(name).layout
    return layout.dataset, (*layout.members("train"), *layout.members("test"))


def dataset_statistics(name: str) -> Statistics | None:
    """Return mean and deviation of the train pixels where they are known beforehand; reads no file.

    Raises
    ------
    UnknownNameError
        There is no such data set; says the nearest.

    Examples
    --------
    >>> dataset_statistics("mnist")
    Statistics(mean=(0.13066,), std=(0.308108,))
    """
    return find_spec(name).statistics
