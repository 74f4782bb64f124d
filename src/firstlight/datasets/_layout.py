"""How the files of a data set are laid out, and how to turn them into arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from firstlight.datasets._card import Provenance
from firstlight.sources import member_origin, member_path, read_idx

if TYPE_CHECKING:
    import numpy as np

__all__ = ["IdxLayout", "Layout", "OnEvent", "Split", "SplitArrays"]

Split = Literal["train", "test"]
OnEvent = Callable[[Any], None] | None


@dataclass(frozen=True)
class SplitArrays:
    """One split as read: uint8 images ``[n, c, h, w]``, labels ``[n]``, and the files they came from."""

    images: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    provenance: tuple[Provenance, ...]
    columns: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)


class Layout(Protocol):
    """Reads one split of a data set."""

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of the split if need be, and map them."""
        ...


@dataclass(frozen=True)
class IdxLayout:
    """Two IDX files a split: images ``[n, h, w]`` and labels ``[n]``, both uint8.

    Parameters
    ----------
    dataset
        The data set's name in the registry of files.
    prefix
        What all four file names begin with.
    test
        What the test files are called: MNIST says ``t10k``.
    """

    dataset: str
    prefix: str = ""
    test: str = "t10k"

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of the split if need be, and map them."""
        part = self.prefix + ("train" if split == "train" else self.test)
        names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
        images, labels = (read_idx(member_path(self.dataset, name, on_event=on_event)) for name in names)
        return SplitArrays(images[:, None], labels, tuple(provenance(self.dataset, name) for name in names))


def provenance(dataset: str, member: str) -> Provenance:
    """Tell where a file of the cache came from."""
    origin = member_origin(dataset, member)
    return Provenance(member, origin.sha256, f"{origin.kind}: {origin.detail}")
