"""One record out of those of an ensemble's members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from firstlight.training._events import EpochDone
from firstlight.training._run import MemberRecord, RunRecord
from firstlight.training._watch import loss_curve

__all__ = ["ensemble_record"]


def ensemble_record(record: RunRecord, members: Sequence[RunRecord]) -> RunRecord:
    """Return the ensemble's record with what its members have done so far.

    Epochs, steps and seconds add up, as if each member were trained on top of the one before: in the history
    and in the curve of the loss, the members follow one another.

    Parameters
    ----------
    record
        Of the ensemble, as it began.
    members
        In the order of training; the last may be unfinished.
    """
    if not members:
        return record
    last = members[-1]
    losses = torch.tensor([loss for member in members for loss in member.loss_curve])
    return replace(
        record,
        device=last.device,
        device_reason=last.device_reason,
        precision=last.precision,
        precision_reason=last.precision_reason,
        threads=last.threads,
        parameters=sum(member.parameters for member in members),
        step=sum(member.step for member in members),
        epochs=sum(member.epochs for member in members),
        train_seconds=sum(member.train_seconds for member in members),
        history=tuple(_joined(members)),
        loss_curve=loss_curve(losses),
        members=tuple(map(_member, members)),
        resumes=(*record.resumes, *(note for each in members for note in each.resumes if note["changes"])),
    )


def _member(record: RunRecord) -> MemberRecord:
    return MemberRecord(
        recipe=record.recipe,
        seed=record.seed,
        parameters=record.parameters,
        epochs=record.epochs,
        train_seconds=record.train_seconds,
        validation_accuracy=record.history[-1].validation_accuracy if record.history else None,
    )


def _joined(members: Sequence[RunRecord]) -> list[EpochDone]:
    history: list[EpochDone] = []
    epochs, step, seconds = 0.0, 0, 0.0
    for member in members:
        history += [
            replace(
                event, epoch=epochs + event.epoch, step=step + event.step, seconds=seconds + event.seconds
            )
            for event in member.history
        ]
        epochs, step, seconds = epochs + member.epochs, step + member.step, seconds + member.train_seconds
    return history
