"""T4, T6, T10, T11, T16 to T18: what a loop of torch's does, step by step."""

from __future__ import annotations

from itertools import pairwise

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject
from firstlight.checks.trainings._watch import Loss, Watch, has_modes

__all__ = [
    "clipped_before",
    "finite_and_falling",
    "fresh_gradients",
    "learning_rates",
    "loss_gets_logits",
    "modes",
    "right_parameters",
]

NO_TORCH = "it uses no optimizer of torch"


@check_of("T4", "gradients are fresh at each step", families=("gradient-reset", "state"), seconds=120)
@needs_mnist
def fresh_gradients(subject: TrainSubject) -> Outcome:
    """When backward begins after a step, the gradients of that step are gone."""
    watch = subject.small.watch
    if not watch.steps:
        return skipped(NO_TORCH)
    if watch.not_reset is not None:
        return failed(
            "gradient-reset",
            expected="no gradient when backward begins after a step",
            seen="the gradients of the step before are still there",
            where=f"step {watch.not_reset + 1}, before backward",
            cause="zero_grad is not called between a step and the next backward: gradients add up.",
            hint="Call optimizer.zero_grad() once for each step.",
            certainty=0.97,
        )
    if watch.empty_steps > watch.steps // 2 and watch.stale_steps <= watch.steps // 2:
        return failed(
            "gradient-reset",
            expected="gradients when the optimizer steps",
            seen=f"none, or only zeros, at {watch.empty_steps} of {watch.steps} steps",
            where="step 1",
            cause="zero_grad is called between backward and step, or backward is not called."
            if watch.backwards
            else "backward is never called.",
            certainty=0.9,
        )
    return passed(f"{watch.steps} steps")


@check_of(
    "T6",
    "the optimizer has the network's weights",
    families=("state", "registration", "objective"),
    seconds=120,
)
@needs_mnist
def right_parameters(subject: TrainSubject) -> Outcome:
    """The parameters that are updated are those of the network that runs; all that get gradients are."""
    watch = subject.small.watch
    if not watch.steps:
        if watch.backwards > 3 and watch.network is not None and _is_never_changed(subject):
            return failed(
                "objective",
                expected="weights that change",
                seen=f"{watch.backwards} backward passes and no step of an optimizer",
                where="step 1",
                cause="optimizer.step() is not called.",
                certainty=0.85,
            )
        return skipped(NO_TORCH)
    if watch.stale_steps > watch.steps // 2:
        return failed(
            "state",
            expected="the optimizer's parameters to be those of the network that runs",
            seen=f"not one of them is, at {watch.stale_steps} of {watch.steps} steps",
            where="step 1",
            cause="The optimizer was made for another network, or before it was made anew or copied.",
            hint="Make the optimizer last, of model.parameters().",
            certainty=0.97,
        )
    network = watch.network
    left = [
        name
        for name, one in (network.named_parameters() if network is not None else ())
        if one.requires_grad
        and one.grad is not None
        and bool(one.grad.any())
        and id(one) not in watch.optimized
    ]
    has_own = network is not None and any(id(one) in watch.optimized for one in network.parameters())
    if left and has_own:
        return failed(
            "registration",
            expected="all weights that get gradients are updated",
            seen=f"{len(left)} tensors are in no optimizer, the first being {left[0]}",
            where=left[0],
            cause="The optimizer was given a part of the parameters.",
            certainty=0.75,
        )
    return passed(f"{len(watch.optimized)} tensors")


def _is_never_changed(subject: TrainSubject) -> bool:
    losses = [one.value for one in subject.small.watch.losses]
    return len(losses) > 4 and min(losses[len(losses) // 2 :]) > 0.9 * losses[0]


@check_of("T10", "modes while training and predicting", families=("train-eval-mode",), seconds=120)
@needs_mnist
def modes(subject: TrainSubject) -> Outcome:
    """Each backward pass goes through a network in training mode."""
    watch = subject.main.watch
    network = watch.network
    if network is None or not watch.backwards:
        return skipped(NO_TORCH)
    if not has_modes(network):
        return passed("its network has no modes that differ")
    late = watch.modes[-max(1, len(watch.modes) // 5) :]
    if watch.eval_backwards and not any(late):  # gradients of images, as attacks take them, are no steps
        return failed(
            "train-eval-mode",
            expected="training mode in every training step",
            seen=f"evaluation mode in {watch.eval_backwards} of {watch.backwards} backward passes",
            where=f"step {watch.first_eval_backward}",
            cause="eval() is called for an evaluation, or at the start, and train() is not called after it.",
            hint="Call model.train() at the start of each epoch.",
            certainty=0.95,
        )
    return passed(f"training mode in {watch.backwards} backward passes")


@check_of(
    "T11", "losses are finite and fall", families=("numerical-stability", "sign", "rate-scale"), seconds=120
)
@needs_mnist
def finite_and_falling(subject: TrainSubject) -> Outcome:
    """Weights and losses stay finite; the loss does not rise."""
    watch = subject.main.watch
    network = watch.network
    values = [one.value for one in watch.losses]
    bad = next(
        (number for number, value in enumerate(values) if value != value or abs(value) == float("inf")), None
    )
    if bad is not None:
        return failed(
            "numerical-stability",
            expected="finite losses",
            seen=f"{values[bad]} after {values[0]:.3g} at the first",
            where=f"loss number {bad + 1}",
            cause="The learning rate is too large, or a logarithm or division gets a zero.",
            certainty=0.6,
        )
    if (
        network is not None
        and watch.steps
        and not all(bool(torch.isfinite(one).all()) for one in network.parameters())
    ):
        return failed(
            "numerical-stability",
            expected="finite weights",
            seen="weights that are infinite or undefined after training",
            where="the trained network",
            certainty=0.6,
        )
    if len(values) < 10:
        return skipped("it calls no cross-entropy of torch")
    tenth = max(1, len(values) // 10)
    first, last = sum(values[:tenth]) / tenth, sum(values[-tenth:]) / tenth
    if last > 3 * first + 5 and subject.main_accuracy < 0.5:
        return failed(
            "sign",
            expected="a loss that falls",
            seen=f"it rises from {first:.3g} to {last:.3g}",
            where="step 2",
            cause="Weights go up the gradient: the loss or the step has the wrong sign, or maximize=True.",
            certainty=0.85,
        )
    if last > 1.2 * first + 0.1:
        return warned(f"the loss rises from {first:.3g} to {last:.3g}")
    return passed(f"from {first:.3g} to {last:.3g}")


@check_of("T16", "the loss gets logits", families=("softmax", "labels"), seconds=120)
@needs_mnist
def loss_gets_logits(subject: TrainSubject) -> Outcome:
    """cross_entropy gets logits and no probabilities; nll_loss gets log-probabilities."""
    losses = subject.small.watch.losses
    if not losses:
        return skipped("it calls no cross-entropy of torch")
    if all(one.is_positive_sum_one for one in losses):
        is_entropy = losses[0].name == "cross_entropy"
        return failed(
            "softmax",
            expected="logits" if is_entropy else "log-probabilities",
            seen=f"{losses[0].name} gets rows that are positive and add up to 1",
            where=f"step 1, {losses[0].name}",
            cause="The softmax is taken twice: cross_entropy has one."
            if is_entropy
            else "nll_loss gets probabilities; it wants their logarithms.",
            certainty=0.97,
        )
    if all(one.name == "nll_loss" and not one.is_log_sum_zero for one in losses):
        return failed(
            "softmax",
            expected="log-probabilities",
            seen="nll_loss gets rows whose exponentials do not add up to 1",
            where="step 1, nll_loss",
            cause="log_softmax is missing before nll_loss, or runs over the wrong axis.",
            certainty=0.97,
        )
    return passed(f"{losses[0].name}: {len(losses)} calls")


@check_of("T17", "clipped between backward and step", families=("clipping",), seconds=120)
@needs_mnist
def clipped_before(subject: TrainSubject) -> Outcome:
    """Where gradients are clipped, it happens after backward and before the step."""
    events = subject.small.watch.events
    if "clip" not in events or "step" not in events:
        return skipped("it clips no gradients")
    # Several clips in a row are one: of two groups, or by value and by norm.
    before = [one for one, next_one in zip(["none", *events], events, strict=False) if next_one == "clip"]
    wrong, right = sum(one in ("step", "none") for one in before), before.count("backward")
    if wrong > right and "backward" in events:
        place = events.index("clip")
        return failed(
            "clipping",
            expected="backward, clip, step",
            seen=", ".join(events[max(0, place - 2) : place + 4]),
            where="step 1",
            cause="Gradients are clipped after the step, or before backward: the step uses them unclipped.",
            certainty=0.95,
        )
    return passed(f"{events.count('clip')} times")


@check_of("T18", "learning rates", families=("schedule",), seconds=120)
@needs_mnist
def learning_rates(subject: TrainSubject) -> Outcome:
    """The rate is not gone before half of the training is over; the schedule steps after the optimizer."""
    watch = subject.main.watch
    rates = watch.rates
    if not rates:
        return skipped(NO_TORCH)
    if watch.complaints:
        return failed(
            "schedule",
            expected="optimizer.step() before scheduler.step()",
            seen=watch.complaints[0][:150],
            where="step 1",
            cause="The schedule steps before the optimizer does: its first rate is never used.",
            certainty=0.75,
        )
    peak = max(rates)
    gone = sum(rate < 1e-3 * peak for rate in rates)
    if len(rates) >= 20 and gone > len(rates) // 2:
        first = next(number for number, rate in enumerate(rates) if rate < 1e-3 * peak)
        return failed(
            "schedule",
            expected="a learning rate that lasts for the training",
            seen=f"{peak:g} at most, and {rates[-1]:.3g} for the last {gone} of {len(rates)} steps",
            where=f"step {first + 1}",
            cause="The schedule is stepped after each batch, though it counts epochs.",
            certainty=0.85,
        )
    turns = _turns(rates)
    if turns > 3:
        return warned(f"the learning rate turns from falling to rising {turns} times: is the period right?")
    return passed(f"{rates[0]:.3g} to {rates[-1]:.3g}")


def _turns(rates: list[float]) -> int:
    falls = [later < earlier for earlier, later in pairwise(rates) if later != earlier]
    return sum(one and not other for one, other in pairwise(falls))


def last_accuracy(watch: Watch) -> float | None:
    """Return the share of right answers in the last tenth of the training's batches, where it was seen."""
    losses: list[Loss] = [one for one in watch.losses if one.batch > 1]
    if len(losses) < 10:
        return None
    tail = losses[-max(3, len(losses) // 10) :]
    return sum(one.accuracy for one in tail) / len(tail)
