"""Which files of the registry a data set is read from."""

from __future__ import annotations

from firstlight.datasets._catalog import find_spec

__all__ = ["dataset_members"]


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
