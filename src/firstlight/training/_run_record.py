"""A run's record as it begins, and the one look at the test set that ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._machine import machine_facts, software_versions
from firstlight._metrics import accuracy
from firstlight.datasets import ImageDataset
from firstlight.models import Ensemble, combined_logits
from firstlight.training._precision import Precision
from firstlight.training._predict import predict_logits
from firstlight.training._run import Run, RunRecord

__all__ = ["first_record", "now", "tested_run", "with_validation"]


@runtime_checkable
class Described(Protocol):
    """What every kind of recipe can say of itself."""

    @property
    def name(self) -> str:
        """Its name on the command line."""
        ...

    @property
    def settings(self) -> dict[str, Any]:
        """Everything that decides a result, as plain values."""
        ...


def first_record(
    recipe: Described,
    images: ImageDataset,
    test: ImageDataset,
    seed: int,
    *,
    validation: ImageDataset | None = None,
) -> RunRecord:
    """Return the record of a run that is about to begin."""
    files = {part.file: part for split in (images, test) for part in split.provenance}
    return RunRecord(
        recipe=recipe.name,
        dataset=images.name,
        seed=seed,
        settings=recipe.settings,
        status="running",
        started=now(),
        image_shape=images.image_shape,
        classes=images.classes,
        train_count=len(images),
        validation_count=0 if validation is None else len(validation),
        versions=software_versions(),
        machine=machine_facts(),
        data=tuple(
            {"file": part.file, "sha256": part.sha256, "origin": part.origin} for part in files.values()
        ),
    )


def tested_run(model: nn.Module, record: RunRecord, test: ImageDataset, *, precision: Precision) -> Run:
    """Look at the test set, once, and return the finished run.

    ``precision`` is that of training: the record names one for both.
    """
    started = perf_counter()
    members = None
    if isinstance(model, Ensemble):
        members = torch.stack([predict_logits(each, test, precision=precision) for each in model.members])
        logits = combined_logits(members, combine=model.combine)
    else:
        logits = predict_logits(model, test, precision=precision)
    seconds = perf_counter() - started
    score = accuracy(logits, test.labels)
    done = replace(
        record,
        status="finished",
        finished=now(),
        test_accuracy=score,
        test_correct=round(score * len(test)),
        test_count=len(test),
        test_seconds=seconds,
    )
    return Run(model, done, logits, member_test_logits=members)


def with_validation(run: Run, logits: Float[Tensor, "v k"] | None, validation: ImageDataset | None) -> Run:
    """Return a finished run together with its answers to the images that were held out, if any were."""
    if logits is None or validation is None:
        return run
    record = replace(run.record, validation_accuracy=accuracy(logits, validation.labels))
    return replace(run, validation_logits=logits, record=record)


def now() -> str:
    """Return the time as a record has it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
