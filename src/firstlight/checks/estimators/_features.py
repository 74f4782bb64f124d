"""K5 and K6: every feature counts, wherever it stands; one that never varies does no harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._forms import Form, Task
from firstlight.checks.estimators._question import question, refusal
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["constant_columns_are_harmless", "every_feature_counts"]

NEEDS_FULL_RANK = (
    "qda",
    "quadratic",
    "lda",
    "discriminant",
    "mixture",
    "gmm",
    "gaussianmixture",
    "mahalanobis",
    "whiten",
    "ica",
    "cca",
    "pls",
    "covariance",
    "gp",
    "process",
)


@question(
    "K5",
    "every feature counts, wherever it stands",
    families=("capacity",),
    roles=("classifier", "regressor"),
)
def every_feature_counts(subject: EstimatorSubject) -> Outcome:
    """Let one feature alone say the answer: the first, one in the middle, the last."""
    form = subject.probe.form
    if form.features != 6:
        return skipped("it takes a fixed number of features")
    places = (0, 2, 5)
    scores = np.array([[_score(subject, place, seed) for place in places] for seed in (0, 1)])
    if scores.max(axis=0).min() <= 0.65:  # chance has to fail four times before it is called a mistake
        more = [[_score(subject, place, seed) for place in places] for seed in (2, 3)]
        scores = np.vstack([scores, more])
    best, worst = int(scores.min(axis=0).argmax()), int(scores.max(axis=0).argmin())
    if scores[:, best].min() < 0.85:
        return skipped(f"one feature alone is not always learnt: {scores.min():.2f}")
    if scores[:, worst].max() > 0.65:
        return passed("first, middle and last feature are learnt alike")
    return failed(
        "capacity",
        expected=f"as good from feature {places[worst]} as from feature {places[best]}",
        seen=f"{scores[:, worst].mean():.2f} against {scores[:, best].mean():.2f}, {len(scores)} times",
        where=f"feature {places[worst]} of 6",
        cause="This feature is never looked at: a loop ends too early, or features are drawn from some only.",
        hint="Look at each range(...) over features, and at the bound of the random draw.",
        certainty=0.85,
    )


def _score(subject: EstimatorSubject, place: int, seed: int) -> float:
    task, form = _one_feature(subject, place, seed)
    fitted = subject.fit(task, form=form)
    predicted = fitted.labels(task.queries)
    if subject.role == "regressor":
        left = ((predicted - task.truth) ** 2).sum() / ((task.truth - task.truth.mean()) ** 2).sum()
        return float(max(0.0, 1 - left)) if np.isfinite(left) else 0.0
    return float((predicted == task.truth).mean())


def _one_feature(subject: EstimatorSubject, place: int, seed: int) -> tuple[Task, Form]:
    random = np.random.default_rng([seed, place, 5])
    form = subject.probe.form
    if subject.role == "regressor":
        X, queries = (random.standard_normal((many, 6)) for many in (90, 60))
        return Task(X, 6 * X[:, place], queries, 6 * queries[:, place]), form
    form = replace(form, classes=2)
    y, truth = (np.arange(many) % 2 for many in (80, 60))
    y, truth = random.permutation(y), random.permutation(truth)
    if form.values == "counts":
        X, queries = (random.poisson(4.0, (many, 6)).astype(float) for many in (80, 60))
        X[:, place], queries[:, place] = (
            random.poisson(np.where(y > 0, 14, 1)),
            random.poisson(np.where(truth > 0, 14, 1)),
        )
    else:
        X, queries = (0.3 * random.standard_normal((many, 6)) for many in (80, 60))
        X[:, place] = np.where(y > 0, 1, -1) + 0.2 * random.standard_normal(80)
        queries[:, place] = np.where(truth > 0, 1, -1) + 0.2 * random.standard_normal(60)
    return Task(X, y, queries, truth), form


@question("K6", "columns that never vary do no harm", families=("numerical-stability",))
def constant_columns_are_harmless(subject: EstimatorSubject) -> Outcome:
    """Append columns of zeros and of threes, as the border of a picture has them."""
    plain = subject.probe.task
    worst: Outcome | None = None
    for value in (0.0, 3.0):
        task = (
            plain.with_columns(value, many=2) if subject.probe.form.features == 6 else _blanked(plain, value)
        )
        try:
            found = _harm(subject, task, value)
        except TargetBroke as error:
            return refusal(subject, error, "numerical-stability", f"columns that are {value:g} everywhere")
        worst = worst or found
    return worst or passed("columns of zeros and of threes change nothing that matters")


def _blanked(task: Task, value: float) -> Task:
    X, queries = task.X.copy(), task.queries.copy()
    quarter = X.shape[1] // 4
    X[:, :quarter] = queries[:, :quarter] = value
    return Task(X, task.y, queries, task.truth)


def _harm(subject: EstimatorSubject, task: Task, value: float) -> Outcome | None:
    fitted = subject.fit(task)
    where = f"columns that are {value:g} in every row"
    numbers = np.asarray(subject.numbers(fitted, task.queries), dtype=np.float64)
    if not np.isfinite(numbers).all():
        if subject.role == "classifier":
            seen = (
                f"{int((~np.isfinite(numbers)).any(axis=1).sum())} of {len(numbers)} rows are NaN or infinite"
            )
        else:
            seen = f"{int((~np.isfinite(numbers)).sum())} of {numbers.size} numbers are NaN or infinite"
        return _harmed(subject, seen, where)
    if subject.role != "classifier":
        return None
    before = subject.probe.fitted
    assert before is not None
    good = float((before.labels(subject.probe.task.queries) == subject.probe.task.truth).mean())
    share = float((fitted.labels(task.queries) == task.truth).mean())
    if good < 0.9 or share >= 0.6:
        return None
    return _harmed(subject, f"{share:.0%} right, {good:.0%} without them", where)


def _harmed(subject: EstimatorSubject, seen: str, where: str) -> Outcome:
    words = type(subject.sample).__name__.lower() + " " + subject.like
    is_known = any(word in words for word in NEEDS_FULL_RANK)
    if is_known or (subject.is_library and subject.role != "classifier"):
        return warned(f"{seen}, with {where}")
    return failed(
        "numerical-stability",
        expected="the answers it gives without them",
        seen=seen,
        where=where,
        cause="It divides by a spread of zero, or takes its logarithm.",
        hint="Add a small floor to the variance, or divide by 1 where it is zero.",
        certainty=0.98,
    )
