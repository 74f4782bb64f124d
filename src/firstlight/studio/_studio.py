"""`Studio`: what is shown, loaded once, whoever asks first."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset
    from firstlight.prediction import Reader

__all__ = ["Studio"]

Made = TypeVar("Made")


class Studio:
    """What the pages show: a network and a data set. Loads neither before somebody asks.

    Parameters
    ----------
    run
        A run, its folder or its name, or ``"last"``; ``None`` shows the network that comes with firstlight.
    dataset
        Name or path; ``None`` takes what the network learnt from.
    model
        A network of the person's own, as ``file.py:Net`` or ``package.module:net``: a torch module, or what
        makes one when it is called. It gets images normalised as `firstlight.batches` does, and returns
        logits.
    token
        What pages have to bring along to ask; drawn at random where it is not given.

    Raises
    ------
    UsageError
        Both a run and a model were given.
    """

    def __init__(
        self,
        *,
        run: str | Path | None = None,
        dataset: str | None = None,
        model: str | None = None,
        token: str | None = None,
    ) -> None:
        from firstlight._errors import UsageError

        if run is not None and model is not None:
            raise UsageError("A studio shows one network: give a run or a model, not both.")
        self.run, self.model = run, model
        self.token = token or secrets.token_urlsafe(24)
        self._dataset = dataset
        self._made: dict[str, Any] = {}
        self._is_loaded = False
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._endings: list[Callable[[], None]] = []

    @property
    def is_shipped(self) -> bool:
        """Whether the network is the one that comes with firstlight."""
        return self.model is None and self.run in (None, "pretrained")

    @property
    def dataset(self) -> str:
        """Name or path of the data set that is shown."""
        if self._dataset is not None:
            return self._dataset
        return "mnist" if self.is_shipped or self.model is not None else self.reader().dataset

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what ``make`` made when this name was first asked for; others who ask meanwhile wait.

        Where ``make`` raises, the next one who asks tries again.
        """
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("Made", self._made[name])

    def at_end(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the server stops; it must not take long."""
        self._endings.append(call)

    def end(self) -> None:
        """Tell whatever goes on in the background to come to its end; does not wait for it."""
        while self._endings:
            self._endings.pop()()

    def has(self, name: str) -> bool:
        """Whether `once` has made that already."""
        return name in self._made

    @property
    def is_by_name(self) -> bool:
        """Whether the images are, or will be, those that the data set's name stands for."""
        return self._is_loaded or not self.has("images")

    def reader(self) -> Reader:
        """Return the network that is shown, with all that is needed to ask it about bytes."""
        return self.once("reader", self._load_reader)

    def images(self) -> tuple[ImageDataset, ImageDataset]:
        """Return the train and test images of the data set that is shown."""
        return self.once("images", self._load_images)

    def check(self) -> None:
        """Load the network, so that what is wrong with it is told before a page is opened.

        Raises
        ------
        UsageError
            A run or a model that cannot be shown, or a data set whose classes are not the network's.
        DataError
            Files are missing or damaged.
        """
        from firstlight._errors import UsageError

        reader = self.reader()
        if self._dataset is not None and (found := self.images()[0].classes) != reader.classes:
            raise UsageError(
                f"{reader.name} tells {', '.join(reader.classes)} apart; {self._dataset} has the classes "
                f"{', '.join(found)}. Show a data set of the same classes."
            )

    def _load_images(self) -> tuple[ImageDataset, ImageDataset]:
        from firstlight.datasets import load

        images = load(self.dataset)
        self._is_loaded = True
        return images

    def _load_reader(self) -> Reader:
        if self.model is not None:
            from firstlight.studio._own_model import own_reader

            return own_reader(self.model, self._dataset or "mnist")
        from firstlight.prediction import load_reader

        return load_reader(self.run)
