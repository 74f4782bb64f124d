"""Implementations to check, right and wrong, for the page Check; each is a file of ``examples/``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True)
class Example:
    """Something to check.

    Attributes
    ----------
    name
        Of its file, without the underscore.
    title
        What it is.
    target
        What to check of the file.
    kind, like
        As what, and against which reference.
    """

    name: str
    title: str
    target: str
    kind: str
    like: str

    def code(self) -> str:
        """Return the file."""
        files = resources.files("firstlight").joinpath("studio", "examples")
        return files.joinpath(f"_{self.name}.py").read_text("utf-8")


EXAMPLES = (
    Example("adam", "Adam without its correction", "Adam", "optimizer", "adam"),
    Example("softmax", "Softmax before cross entropy", "loss", "loss", "cross-entropy"),
    Example("dropout", "Dropout that does not scale", "Dropout", "layer", "dropout"),
    Example("sgd", "SGD with momentum, right", "SGD", "optimizer", "momentum"),
)
