"""K25: a network with a hidden layer is not a straight line."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["bends"]


@question("K25", "can bend a line", families=("capacity",), roles=("classifier",), like=("mlp",))
def bends(subject: EstimatorSubject) -> Outcome:
    """Look whether log-odds are a straight line of the features: then hidden layers do nothing."""
    task = subject.hard_task
    fitted = subject.fit(task)
    shares = fitted.probabilities(task.queries)
    if shares is None or shares.shape[1] < 2:
        return skipped("no probabilities to look at")
    inside = (shares[:, :2] > 1e-6).all(axis=1)
    if inside.sum() < 15:
        return skipped("its probabilities are nearly all 0 or 1")
    if subject.parameters.get("activation") in ("identity", "linear"):
        return skipped("it is told to be linear")
    logits = np.log(shares[inside, 1]) - np.log(shares[inside, 0])
    wide = np.hstack([task.queries[inside], np.ones((int(inside.sum()), 1))])
    if len(wide) <= wide.shape[1] + 4:
        return skipped("too few rows")
    left = logits - wide @ np.linalg.lstsq(wide, logits, rcond=None)[0]
    bent = float(np.abs(left).max() / (np.abs(logits).max() + 1e-12))
    if bent > 1e-5:
        return _exclusive_or(subject, bent)
    return failed(
        "capacity",
        expected="log-odds that bend somewhere",
        seen=f"a straight line of the features, to {bent:.1g} of its size",
        where="the hidden layer",
        cause="There is no activation between the layers, or an identity: the network is a linear model.",
        hint="Put a ReLU or tanh after each hidden layer.",
        certainty=0.95,
    )


def _exclusive_or(subject: EstimatorSubject, bent: float) -> Outcome:
    if subject.probe.form.features != 6 or subject.probe.form.labels == "none":
        return passed(f"log-odds bend by {bent:.2g} of their size")
    random = np.random.default_rng(8)
    X = random.uniform(-1, 1, (800, 6))
    y = ((X[:, 0] > 0) ^ (X[:, 1] > 0)).astype(int)
    task = Task(X, y, X, y)
    from dataclasses import replace

    form = replace(subject.probe.form, classes=2)
    share = float((subject.fit(task, form=form).labels(X) == y).mean())
    if share < 0.75:
        return warned(f"exclusive or of two features is not learnt in its number of steps: {share:.0%} right")
    return passed(f"exclusive or of two features is learnt: {share:.0%} right")
