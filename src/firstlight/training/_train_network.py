"""One network from its first weights to the one look at the test set, kept on disk on the way."""

from __future__ import annotations

from contextlib import suppress
from inspect import GEN_SUSPENDED, getgeneratorstate

from torch import nn

from firstlight._errors import TrainingDivergedError
from firstlight._seeds import generator
from firstlight.recipes import Recipe
from firstlight.training._clock import Clock
from firstlight.training._events import Started
from firstlight.training._interrupts import held_interrupts
from firstlight.training._keeper import Keeper
from firstlight.training._loop import fit
from firstlight.training._plan import TrainingPlan
from firstlight.training._predict import predict_logits
from firstlight.training._run import Run, TrainingInterrupted
from firstlight.training._run_record import tested_run, with_validation
from firstlight.training._watch import Watch

__all__ = ["learn", "learnt_run", "train_network"]


def train_network(plan: TrainingPlan, keeper: Keeper) -> Run:
    """Train a network, look at the test set once, and keep the run where the keeper keeps things.

    Raises
    ------
    TrainingInterrupted, TrainingDivergedError
        Their ``run`` holds the best weights so far, and is kept.
    RunNotKeptError
        The disk refuses the files of a run that has ended.
    """
    try:
        watch = learn(plan, keeper)
        learnt = learnt_run(plan, watch)
        try:
            tested = tested_run(learnt.model, learnt.record, plan.test, precision=learnt.precision)
        except KeyboardInterrupt as stop:
            keeper.keep(watch)
            raise TrainingInterrupted(watch.interrupted()) from stop
    except TrainingInterrupted as stopped:
        raise TrainingInterrupted(keeper.end(stopped.run)) from stopped
    except TrainingDivergedError as error:
        error.run = keeper.end(error.run)
        raise
    return keeper.end(with_validation(tested, learnt.validation_logits, plan.validation))


def learn(plan: TrainingPlan, keeper: Keeper) -> Watch:
    """Train a network to its last step; the test set plays no part.

    Raises
    ------
    TrainingInterrupted, TrainingDivergedError
        Their ``run`` holds the best weights so far. Of what was interrupted, a checkpoint is kept.
    """
    beginning = keeper.begin(plan.first_record())
    watch = Watch(beginning.record, beginning.tensors)
    clock = Clock()  # before the network is made, which is part of the time
    events = fit(
        first_model(plan),
        plan.images,
        network_recipe(plan),
        seed=plan.seed,
        device=plan.device,
        validation=plan.validation,
        resume=beginning.tensors,
        clock=clock,
    )
    try:
        with held_interrupts() as let_through:
            for event in events:
                watch(event)
                keeper(event, watch)
                plan.on_event(event)
                if isinstance(event, Started) and beginning.kept is not None:
                    plan.on_event(watch.resumed(beginning))
                let_through()
    except TrainingDivergedError as error:
        raise _explained(error, watch, plan, keeper) from None
    except KeyboardInterrupt as stop:
        if not watch.has_started:
            raise
        # A generator that stands at a yield stands between two steps; else a second Ctrl-C tore one apart.
        if getgeneratorstate(events) == GEN_SUSPENDED or watch.state.is_complete:
            with suppress(TrainingDivergedError):  # then the checkpoint before stays
                keeper.keep(watch)
        raise TrainingInterrupted(watch.interrupted()) from stop
    return watch


def learnt_run(plan: TrainingPlan, watch: Watch) -> Run:
    """Return what was learnt as a run that did not look at the test set yet."""
    state, precision = watch.state, watch.started.precision
    logits = state.validation_logits
    if logits is None and plan.validation is not None:  # cut off after the last epoch, and resumed
        logits = predict_logits(state.model, plan.validation, precision=precision)
    return Run(state.model, watch.finished(), validation_logits=logits)


def network_recipe(plan: TrainingPlan) -> Recipe:
    """Return the plan's recipe, which is that of a network."""
    assert isinstance(plan.recipe, Recipe), "other recipes are trained elsewhere"
    return plan.recipe


def first_model(plan: TrainingPlan) -> nn.Module:
    """Return the network with its first weights, which follow from the seed."""
    weights = generator(plan.seed, "weights")
    return plan.recipe.model(plan.images.image_shape, len(plan.images.classes), generator=weights)


def _explained(
    error: TrainingDivergedError, watch: Watch, plan: TrainingPlan, keeper: Keeper
) -> TrainingDivergedError:
    """Return the error with the last good weights, and with advice."""
    kept = keeper.last_weights()
    if watch.best_epoch is not None:
        where = f"those after epoch {round(watch.best_epoch, 2):g}"
    else:
        where = f"those of step {kept[0]}" if kept else "the first ones: no epoch was finished"
    instead = kept[1] if kept else first_model(plan).state_dict()
    rate = network_recipe(plan).optimizer.learning_rate
    advice = (
        f"The weights that were kept are {where}. The learning rate rises to {rate:g}: try a tenth of it "
        "(--learning-rate, in Python learning_rate=), or a longer warm-up."
    )
    run = watch.diverged(error, instead)
    return TrainingDivergedError(error.step, error.loss, run=run, advice=advice)
