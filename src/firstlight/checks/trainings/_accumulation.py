"""T5: gradients of several small batches add up to those of the large one."""

from __future__ import annotations

from collections import Counter, defaultdict

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject
from firstlight.checks.trainings._watch import Backward, Loss, Watch

__all__ = ["gradients_add_up"]

Parts = list[tuple[Backward, Loss]]


@check_of("T5", "small batches add up", families=("accumulation",), seconds=120)
@needs_mnist
def gradients_add_up(subject: TrainSubject) -> Outcome:
    """Where a step has several backward passes: they must not wipe each other, and their mean must count."""
    watch = subject.small.watch
    asked = _asked(subject)
    steps = _steps(watch)
    if asked is not None and len(steps) > 3 and all(len(parts) == 1 for parts in steps):
        return failed(
            "accumulation",
            expected=f"{asked[1]} backward passes for a step, as {asked[0]} says",
            seen=f"one, in each of {len(steps)} steps",
            where="step 1",
            cause="The optimizer steps after each small batch.",
            certainty=0.8,
        )
    steps = [parts for parts in steps if len(parts) > 1 and _are_other_batches(parts)]
    if len(steps) < 3:
        return skipped("each step has one backward pass, of one batch")
    usual = Counter(map(len, steps)).most_common(1)[0][0]
    wiped = sum(all(one.is_fresh for one, _ in parts[1:]) for parts in steps)
    if wiped > 0.8 * len(steps):
        return failed(
            "accumulation",
            expected=f"the gradients of {usual} batches in each step",
            seen="those of the last one: when its backward begins, there are none of the others",
            where=f"step {steps[-1][0][0].step + 1}, backward pass 2",
            cause="zero_grad is called for each small batch, not for each step.",
            hint="Call zero_grad after the step only.",
            certainty=0.93,
        )
    if sum(map(_are_whole_means, steps)) < 0.8 * len(steps):
        return passed(f"{usual} batches for a step")
    said = (
        f"{usual} batches for a step, each with the whole mean loss: the gradient is {usual} times the mean"
    )
    if (asked is None and usual == 2) or watch.rules != {"SGD"}:
        return warned(
            said, hint=f"Divide each loss by {usual}, or know that the learning rate is that larger."
        )
    return failed(
        "accumulation",
        expected="the gradient of the mean over all batches of a step",
        seen=said,
        where="step 1",
        cause=f"Losses are not divided by the number of batches: steps are {usual} times as large.",
        hint=f"(loss / {usual}).backward()",
        certainty=0.85,
    )


def _asked(subject: TrainSubject) -> tuple[str, int] | None:
    """Return the option that says how many batches make a step, if there is one and it is not 1."""
    for name, value in subject.options.items():
        if "accum" in name.lower() and isinstance(value, int) and not isinstance(value, bool) and value > 1:
            return name, value
    return None


def _steps(watch: Watch) -> list[Parts]:
    """Return the backward passes of each step, with the one loss that each of them had."""
    found: dict[int, Parts] = defaultdict(list)
    strange: set[int] = set()
    before = 0
    for one in watch.passes:
        if one.losses != before + 1 or one.losses > len(watch.losses):
            strange.add(one.step)
        else:
            found[one.step].append((one, watch.losses[one.losses - 1]))
        before = one.losses
    last = watch.steps
    return [parts for step, parts in sorted(found.items()) if step not in strange and step != last]


def _are_other_batches(parts: Parts) -> bool:
    """Whether each pass has labels of its own: second passes over one batch are another method."""
    targets = [loss.targets for _, loss in parts]
    return not any(
        len(one) == len(other) and torch.equal(one, other)
        for place, one in enumerate(targets)
        for other in targets[:place]
    )


def _are_whole_means(parts: Parts) -> bool:
    return all(
        loss.is_mean and one.value is not None and abs(one.value - loss.value) <= 1e-5 * abs(loss.value)
        for one, loss in parts
    )
