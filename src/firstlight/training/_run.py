"""A finished or interrupted training: the model, and the record of how it came about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import DataCorruptError
from firstlight.training._events import EpochDone
from firstlight.training._precision import Precision

__all__ = ["MemberRecord", "Run", "RunRecord", "TrainingInterrupted"]

SCHEMA = 1


@dataclass(frozen=True)
class MemberRecord:
    """One network of an ensemble.

    Attributes
    ----------
    recipe, seed
        `train` with these two gives the same network.
    parameters, epochs, train_seconds
        Of this network alone.
    validation_accuracy, test_accuracy
        Of this network alone, fractions; ``None`` where nobody looked. Nothing was chosen by them.
    """

    recipe: str
    seed: int
    parameters: int
    epochs: float
    train_seconds: float
    validation_accuracy: float | None = None
    test_accuracy: float | None = None


@dataclass(frozen=True)
class RunRecord:
    """Everything about a run but its weights: what ``run.json`` holds.

    Attributes
    ----------
    recipe, dataset, seed, settings
        What was asked for; equal values on the same machine give the same run.
    status
        ``"running"`` while it trains, and for ever if it was killed.
    problem
        Of a run that diverged: at which step, and what was seen.
    started, finished
        ISO 8601, UTC; ``finished`` is empty while it runs.
    device, device_reason, precision, precision_reason, threads, parameters
        What was chosen and why, for training and for the test alike; torch's threads on the CPU; how many
        numbers were trained.
    image_shape, classes
        What the model was made for.
    train_count, validation_count
        Images it learnt from, and images held out to watch it.
    step, steps, epochs, history
        What was done, and how many steps there are to be. Of an ensemble, all its members together, as if
        each were trained on top of the one before.
    train_seconds
        From images in memory to the last step: making the model, moving everything to the device, training.
        Validation, checkpoints and what is drawn at the end of an epoch do not count. Of a run that was
        resumed, the sum over its processes of what led to the result.
    loss_curve
        Training loss, averaged over at most 100 equal stretches of the steps.
    validation_accuracy
        Of a finished run, on the images held out, a fraction; ``None`` where none were. Of an ensemble: of
        all its members together.
    test_accuracy, test_correct, test_count, test_seconds
        The one look at the test set, a fraction; ``None`` where the run did not get there. With
        ``train_seconds`` the seconds make the time from images in memory to the last prediction.
    members
        Of an ensemble: each network.
    resumes
        When, at which step and under which changes the run was resumed, if it was.
    versions, machine, data
        Software, hardware, and the SHA-256 and origin of each data file.
    """

    recipe: str
    dataset: str
    seed: int
    settings: dict[str, Any]
    status: Literal["running", "finished", "interrupted", "diverged"]
    started: str
    finished: str | None = None
    problem: str | None = None
    device: str = ""
    device_reason: str = ""
    precision: str = ""
    precision_reason: str = ""
    threads: int = 0
    parameters: int = 0
    image_shape: tuple[int, int, int] = (1, 28, 28)
    classes: tuple[str, ...] = ()
    train_count: int = 0
    validation_count: int = 0
    step: int = 0
    steps: int = 0
    epochs: float = 0.0
    train_seconds: float = 0.0
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    test_correct: int | None = None
    test_count: int | None = None
    test_seconds: float | None = None
    history: tuple[EpochDone, ...] = ()
    loss_curve: tuple[float, ...] = ()
    members: tuple[MemberRecord, ...] = ()
    resumes: tuple[dict[str, Any], ...] = ()
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
            members = tuple(MemberRecord(**member) for member in fields.get("members", ()))
            lists = {key: tuple(fields[key]) for key in ("image_shape", "classes", "loss_curve", "data")}
            lists |= {"members": members, "history": history, "resumes": tuple(fields.get("resumes", ()))}
            known: dict[str, Any] = {"validation_accuracy": _last_score(history, members), **fields, **lists}
            del known["schema"]
            return cls(**known)
        except (KeyError, TypeError) as error:
            raise DataCorruptError(f"{source} is no record of a run: {error}.") from error


def _last_score(history: tuple[EpochDone, ...], members: tuple[MemberRecord, ...]) -> float | None:
    """Return the validation accuracy of a network whose record was written before it had one of its own.

    The history of an ensemble is that of its members, one after the other; its end is not the ensemble's.
    """
    return history[-1].validation_accuracy if history and not members else None


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model and the record of its training.

    Attributes
    ----------
    model
        The network with its last weights (of a run that was interrupted or diverged: the best so far).
    record
        Everything else; the usual parts are properties of the run.
    test_logits
        The model's answers to the test images, float32 ``[n, k]``; ``None`` where the run did not get there.
    validation_logits
        Its answers to the images that were held out; ``None`` where none were.
    member_test_logits
        Of an ensemble: the answers of each member, float32 ``[m, n, k]``.
    folder
        Where it is saved; ``None`` if it was not.
    """

    model: nn.Module
    record: RunRecord
    test_logits: Float[Tensor, "n k"] | None = None
    folder: Path | None = None
    validation_logits: Float[Tensor, "v k"] | None = None
    member_test_logits: Float[Tensor, "m n k"] | None = None

    @property
    def test_accuracy(self) -> float:
        """Fraction of the test images that were read right; not a number where the run did not get there."""
        score = self.record.test_accuracy
        return float("nan") if score is None else score

    @property
    def train_seconds(self) -> float:
        """Seconds from images in memory to the last training step, without validation and drawing."""
        return self.record.train_seconds

    @property
    def precision(self) -> Precision:
        """Number format of training and test; with it `predict_logits` repeats ``test_logits``."""
        return Precision(getattr(torch, self.record.precision or "float32"), "as in training")

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
