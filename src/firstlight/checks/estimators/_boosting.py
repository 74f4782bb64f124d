"""K12 for boosting, and K21: each round helps, and the rate shrinks each tree once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task, blobs
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["loss_by_rounds", "rate_shrinks_once"]

ROUNDS = (1, 2, 4, 8, 16)


def _named(subject: EstimatorSubject) -> tuple[str | None, str | None]:
    assert subject.reference is not None
    options = subject.reference.options
    return subject.name_of(options["trees"].names), subject.name_of(options["rate"].names)


def _loss(subject: EstimatorSubject, fitted: Fitted, task: Task) -> float:
    if subject.role == "regressor":
        return float(((fitted.labels(task.X) - task.y) ** 2).mean())
    shares = fitted.probabilities(task.X) if subject.like == "gradient-boosting" else None
    if shares is None or shares.shape[1] != fitted.form.classes:
        return float((fitted.labels(task.X) != task.y).mean())
    return float(-np.log(np.clip(shares[np.arange(len(task.y)), task.y], 1e-12, 1)).mean())


def loss_by_rounds(subject: EstimatorSubject) -> Outcome:
    """Hold the loss on the training rows after 1, 2, 4, 8 and 16 rounds against each other."""
    rounds, rate = _named(subject)
    if rounds is None or rounds in subject.given.args:
        return skipped("the number of rounds cannot be set")
    task, form = subject.hard_task, subject.probe.form
    if subject.like == "adaboost" and form.labels == "integers":
        form = replace(form, classes=2)  # stumps on three classes may be wrong more often than right
        task = blobs(form, seed=51, spread=0.9)
    values, answers = [], []
    for many in ROUNDS:
        changed: dict[str, Any] = {rounds: many}
        if rate is not None and rate not in subject.given.args and subject.like == "gradient-boosting":
            changed[rate] = 0.1
        try:
            fitted = subject.fit(task, form=form, options=changed)
            values.append(_loss(subject, fitted, task))
            answers.append(fitted.labels(task.X))
        except TargetBroke:
            return skipped(f"it does not take {many} rounds")
    first, last = values[0], values[-1]
    text = ", ".join(f"{value:.4g}" for value in values)
    if subject.like == "gradient-boosting" and last > first * 1.02 + 1e-9:
        return failed(
            "sign",
            expected="a loss on the training rows that goes down with each round",
            seen=f"{text} after 1, 2, 4, 8, 16 rounds",
            where=f"round {ROUNDS[int(np.flatnonzero(np.diff(values) > 0)[0]) + 1]}",
            cause="Each tree is fitted to minus the residual, or is subtracted: the model walks uphill.",
            certainty=0.8,
        )
    if subject.like == "adaboost" and last > first + 0.1:
        return failed(
            "sign",
            expected="fewer wrong training rows after 16 rounds than after one",
            seen=f"shares of wrong rows {text} after 1, 2, 4, 8, 16 rounds",
            where="the weights of rows or of learners",
            cause="Weights go the wrong way: right rows get heavier, or the sign of alpha is turned.",
            certainty=0.6,
        )
    is_still = values[0] > 0.05 and all(np.array_equal(one, answers[0]) for one in answers)
    if is_still and subject.like == "adaboost" and not subject.is_library:
        return failed(
            "state",
            expected="rounds that differ from the first one",
            seen=f"shares of wrong rows {text} after 1, 2, 4, 8, 16 rounds",
            where="round 2",
            cause="Rows keep their first weights, or the right ones get heavier: each round learns the same.",
            certainty=0.9,
        )
    if is_still:
        return warned(f"more rounds change nothing: {text}")
    return passed(f"{text} after 1, 2, 4, 8, 16 rounds")


@question(
    "K21",
    "the rate shrinks each tree once",
    families=("rate-scale", "ignored-option"),
    like=("gradient-boosting",),
)
def rate_shrinks_once(subject: EstimatorSubject) -> Outcome:
    """One round, at rates 0.1, 0.2 and 0.4: what it adds to the beginning goes with the rate."""
    rounds, rate = _named(subject)
    if rounds is None or rate is None or {rounds, rate} & set(subject.given.args):
        return skipped("rounds or rate cannot be set")
    task = subject.hard_task
    found = [
        _raw(subject, subject.fit(task, options={rounds: 1, rate: value}), task) for value in (0.1, 0.2, 0.4)
    ]
    if any(one is None for one in found):
        return skipped("no numbers from which a round's step can be read")
    low, middle, high = (np.asarray(one) for one in found)
    small, large = np.abs(middle - low), np.abs(high - middle)
    if large.max() < 1e-9:
        return failed(
            "ignored-option",
            expected="a step that goes with the rate",
            seen="the same numbers at rates 0.1, 0.2 and 0.4",
            where="round 1",
            cause="The rate is not used in what predict adds up.",
            certainty=0.9,
        )
    keep = large > 1e-3 * large.max()
    ratio = float(np.median(large[keep] / np.maximum(small[keep], 1e-15)))
    if abs(ratio - 2) < 0.1:  # 0.4 - 0.2 against 0.2 - 0.1
        return passed("the first step goes with the rate")
    power = np.log2(max(ratio, 1e-9))
    if subject.is_library or not abs(power - round(power)) < 0.05:
        return warned(f"the first step grows {ratio:.3g} times where 2 is expected")
    return failed(
        "rate-scale",
        expected="a first step twice as long at twice the rate",
        seen=f"{ratio:.4g} times as long: it goes with the rate to the power {power:.2g}",
        where="round 1",
        cause="The rate is multiplied in twice: in fit and in predict." if power > 1 else "",
        certainty=0.95,
    )


def _raw(subject: EstimatorSubject, fitted: Fitted, task: Task) -> np.ndarray | None:
    """Return numbers, or log-odds of two classes, on the training rows."""
    if subject.role == "regressor":
        return fitted.labels(task.X)
    shares = fitted.probabilities(task.X)
    if shares is None or shares.shape[1] < 2:
        return None
    clipped = np.clip(shares, 1e-12, 1)
    return np.asarray(np.log(clipped[:, 1]) - np.log(clipped[:, 0]))
