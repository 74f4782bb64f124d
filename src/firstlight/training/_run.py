"""A finished or interrupted training: the model, and the record of how it came about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import DataCorruptError
from firstlight.training._events import EpochDone

__all__ = ["Run", "RunRecord", "TrainingInterrupted"]

SCHEMA = 1


@dataclass(frozen=True)
class RunRecord:
    """Everything about a run but its weights: what ``run.json`` holds.

    Attributes
    ----------
    recipe, dataset, seed, settings
        What was asked for; equal values on the same machine give the same run.
    status
        ``"running"`` while it trains; what is saved is finished or interrupted.
    started, finished
        ISO 8601, UTC; ``finished`` is empty while it runs.
    device, device_reason, precision, precision_reason, parameters
        What was chosen and why; how many numbers were trained.
    image_shape, classes
        What the model was made for.
    train_count, validation_count
        Images it learnt from, and images held out to watch it.
    epochs, train_seconds, history
        What was done. The seconds count from images in memory to the last step.
    loss_curve
        Training loss, averaged over at most 100 equal stretches of the steps.
    test_accuracy, test_correct, test_count, test_seconds
        The one look at the test set, a fraction; ``None`` where the run did not get there.
    versions, machine, data
        Software, hardware, and the SHA-256 and origin of each data file.
    """

    recipe: str
    dataset: str
    seed: int
    settings: dict[str, Any]
    status: Literal["running", "finished", "interrupted"]
    started: str
    finished: str | None = None
    device: str = ""
    device_reason: str = ""
    precision: str = ""
    precision_reason: str = ""
    parameters: int = 0
    image_shape: tuple[int, int, int] = (1, 28, 28)
    classes: tuple[str, ...] = ()
    train_count: int = 0
    validation_count: int = 0
    epochs: float = 0.0
    train_seconds: float = 0.0
    test_accuracy: float | None = None
    test_correct: int | None = None
    test_count: int | None = None
    test_seconds: float | None = None
    history: tuple[EpochDone, ...] = ()
    loss_curve: tuple[float, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str | int] = field(default_factory=dict)
    data: tuple[dict[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values for JSON, ``schema`` first."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, fields: dict[str, Any], *, source: str) -> RunRecord:
        """Build a record from what `to_json` gave.

        Raises
        ------
        DataCorruptError
            Fields are missing, unknown or of another schema; the message names ``source``.
        """
        if fields.get("schema") != SCHEMA:
            raise DataCorruptError(
                f"{source} has schema {fields.get('schema')!r}; this firstlight reads schema {SCHEMA}. "
                "Use the version of firstlight that wrote it."
            )
        try:
            history = tuple(EpochDone(**epoch) for epoch in fields["history"])
            lists = {key: tuple(fields[key]) for key in ("image_shape", "classes", "loss_curve", "data")}
            known: dict[str, Any] = {**fields, **lists, "history": history}
            del known["schema"]
            return cls(**known)
        except (KeyError, TypeError) as error:
            raise DataCorruptError(f"{source} is no record of a run: {error}.") from error


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model and the record of its training.

    Attributes
    ----------
    model
        The network with its last weights (of an interrupted run: the best so far).
    record
        Everything else; the usual parts are properties of the run.
    test_logits
        The model's answers to the test images, float32 ``[n, k]``; ``None`` where the run did not get there.
    folder
        Where it is saved; ``None`` if it was not.
    """

    model: nn.Module
    record: RunRecord
    test_logits: Float[Tensor, "n k"] | None = None
    folder: Path | None = None

    @property
    def test_accuracy(self) -> float:
        """Fraction of the test images that were read right; not a number where the run did not get there."""
        score = self.record.test_accuracy
        return float("nan") if score is None else score

    @property
    def train_seconds(self) -> float:
        """Seconds from images in memory to the last training step."""
        return self.record.train_seconds

    @property
    def history(self) -> tuple[EpochDone, ...]:
        """One entry an epoch: loss, accuracies, seconds."""
        return self.record.history

    def __repr__(self) -> str:
        record = self.record
        score = (
            record.status if record.test_accuracy is None else f"{100 * record.test_accuracy:.2f} % on test"
        )
        return (
            f"Run({record.recipe} on {record.dataset}, seed {record.seed}: {score}, "
            f"{record.train_seconds:.2f} s of training on {record.device})"
        )


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C while training. ``run`` holds the best weights so far; nothing was looked up on the test set.

    A KeyboardInterrupt, so that a script that trains many models ends as its user wishes.
    """

    def __init__(self, run: Run) -> None:
        super().__init__("Training was interrupted.")
        self.run = run
