"""An ensemble: one network after the other, each kept as soon as it is finished, all tested together."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import torch

from firstlight._device import choose_device
from firstlight._errors import RunNotKeptError, TrainingDivergedError
from firstlight._metrics import accuracy
from firstlight._seeds import derived_seed
from firstlight.models import Ensemble, combined_logits
from firstlight.recipes import EnsembleRecipe
from firstlight.training._beginning import check_same
from firstlight.training._ensemble_record import ensemble_record
from firstlight.training._events import CheckpointFailed, CheckpointWritten, Event, MemberStarted
from firstlight.training._folder import RECORD, load_run, read_record
from firstlight.training._keeper import Keeper
from firstlight.training._loop import count_steps
from firstlight.training._placement import placed
from firstlight.training._plan import TrainingPlan
from firstlight.training._run import Run, RunRecord, TrainingInterrupted
from firstlight.training._run_record import now, tested_run, with_validation
from firstlight.training._train_network import learn, learnt_run

__all__ = ["train_ensemble"]


def train_ensemble(plan: TrainingPlan, keeper: Keeper) -> Run:
    """Train the members one after the other and look at the test set once, with all of them.

    Member number i, from 1, is what `train` gives for its recipe and the seed
    ``derived_seed(seed, "member", i)``. Every member that is trained counts: nothing is chosen.

    Raises
    ------
    TrainingInterrupted, TrainingDivergedError
        Their ``run`` holds the members so far, and is kept.
    RunNotKeptError
        The disk refuses the files of a run that has ended.
    """
    recipe = plan.recipe
    assert isinstance(recipe, EnsembleRecipe), "other recipes are trained elsewhere"
    steps = sum(count_steps(member, len(plan.images))[1] for member in recipe.recipes)
    beginning = keeper.begin(plan.first_record())
    record = replace(beginning.record, steps=steps, resumes=_resumes(beginning.kept))
    keeper.progress(record)
    members: list[Run] = []
    try:
        for number in range(1, len(recipe.recipes) + 1):
            members.append(_member(plan, keeper, number, ensemble_record(record, _records(members))))
            keeper.progress(ensemble_record(record, _records(members)))
        whole = _whole(recipe, record, members)
        tested = _with_scores(
            tested_run(whole.model, whole.record, plan.test, precision=whole.precision), plan
        )
    except KeyboardInterrupt as stopped:
        unfinished = [stopped.run] if isinstance(stopped, TrainingInterrupted) else []
        if not members and not unfinished:
            raise
        run = _whole(recipe, record, [*members, *unfinished], status="interrupted")
        raise TrainingInterrupted(keeper.end(run)) from stopped
    except TrainingDivergedError as error:
        run = _whole(
            recipe, record, [*members, error.run], status="diverged", problem=error.run.record.problem
        )
        error.run = _ended(keeper, run)
        raise
    return _ended(keeper, with_validation(tested, whole.validation_logits, plan.validation))


def _member(plan: TrainingPlan, keeper: Keeper, number: int, before: RunRecord) -> Run:
    """Train one member, or go on with it, or read it, if it was finished by an earlier process."""
    assert isinstance(plan.recipe, EnsembleRecipe), "checked by the caller"
    recipe, seed = plan.recipe.recipes[number - 1], derived_seed(plan.seed, "member", number)
    place = keeper.folder / f"member-{number:02}" if keeper.folder else None
    was_begun = place is not None and keeper.resumes and (place / RECORD).exists()
    own = replace(plan, recipe=recipe, seed=seed)
    if place is not None and was_begun and read_record(place).status == "finished":
        member = load_run(place, recipe=recipe)
        check_same(member.record, own.first_record(), place / RECORD)
        placed(member.model, recipe, choose_device(plan.device).device)
        return member

    def tell(event: Event) -> None:
        if isinstance(event, CheckpointWritten):
            keeper.progress(replace(before, step=before.step + event.step))
        plan.on_event(event)

    plan.on_event(MemberStarted(number, len(plan.recipe.recipes), recipe.name, seed))
    own_keeper = Keeper(place, plan.images, seconds=keeper.seconds, resumes=was_begun, tell=tell)
    try:
        learnt = learnt_run(own, learn(own, own_keeper))
    except TrainingInterrupted as stopped:
        raise TrainingInterrupted(own_keeper.end(stopped.run)) from stopped
    finished = replace(learnt, record=replace(learnt.record, status="finished", finished=now()))
    try:
        return own_keeper.end(finished)
    except RunNotKeptError as error:  # it is in memory all the same
        plan.on_event(CheckpointFailed(finished.record.step, error))
        return finished


def _whole(
    recipe: EnsembleRecipe,
    record: RunRecord,
    members: Sequence[Run],
    *,
    status: Literal["running", "interrupted", "diverged"] = "running",
    problem: str | None = None,
) -> Run:
    model = Ensemble((member.model for member in members), combine=recipe.combine)
    whole = ensemble_record(record, _records(members))
    finished = None if status == "running" else now()
    said = [member.validation_logits for member in members if member.validation_logits is not None]
    logits = combined_logits(torch.stack(said), combine=recipe.combine) if len(said) == len(members) else None
    done = replace(whole, status=status, finished=finished, problem=problem)
    return Run(model, done, validation_logits=logits)


def _resumes(kept: RunRecord | None) -> tuple[dict[str, Any], ...]:
    """Note that an ensemble goes on; what has changed since is in the notes of its members."""
    return () if kept is None else (*kept.resumes, {"at": now(), "step": kept.step, "changes": []})


def _with_scores(run: Run, plan: TrainingPlan) -> Run:
    """Add to the record how each member does on the test set, which was looked at once, for all of them."""
    assert run.member_test_logits is not None, "an ensemble's members were asked one by one"
    scores = [accuracy(logits, plan.test.labels) for logits in run.member_test_logits]
    members = tuple(
        replace(member, test_accuracy=score) for member, score in zip(run.record.members, scores, strict=True)
    )
    return replace(run, record=replace(run.record, members=members))


def _ended(keeper: Keeper, run: Run) -> Run:
    """Keep an ensemble's files; those of its members are in them."""
    kept = keeper.end(run)
    if keeper.folder:
        for folder in keeper.folder.glob("member-*"):
            with contextlib.suppress(OSError):
                shutil.rmtree(folder)
    return kept


def _records(members: Sequence[Run]) -> list[RunRecord]:
    return [member.record for member in members]
