"""K20: a tree takes the best split, and splits until it may stop."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import MISSING, EstimatorSubject

__all__ = ["takes_the_best_split"]


@question("K20", "takes the best split", families=("objective", "capacity"), like=("decision-tree",))
def takes_the_best_split(subject: EstimatorSubject) -> Outcome:
    """Compare the first split with the best of all, then grow a whole tree on random labels."""
    if subject.role != "classifier":
        return skipped("asked of classifiers")
    assert subject.reference is not None
    depth = subject.name_of(subject.reference.options["depth"].names)
    is_free = subject.value_of(subject.reference.options["leaf"]) in (MISSING, None, 0, 1)
    is_free = is_free and subject.parameters.get("max_features") is None
    found = None
    if is_free and depth is not None and depth not in subject.given.args:
        found = _first_split(subject, depth)
    return found or _whole_tree(subject, depth)


def _gain(y: np.ndarray, left: np.ndarray, criterion: str) -> float:
    """Impurity of both sides together; the less, the better. ``"ratio"``: C4.5's, with its sign turned."""
    if criterion == "ratio":
        shares = np.array([left.mean(), 1 - left.mean()])
        spread = -float((shares * np.log(shares)).sum())
        whole = _gain(y, np.ones(len(y), dtype=bool), "entropy")
        return float((_gain(y, left, "entropy") - whole) / spread)

    def impurity(rows: np.ndarray) -> float:
        if len(rows) == 0:
            return 0.0
        shares = np.unique(rows, return_counts=True)[1] / len(rows)
        if criterion == "gini":
            return float(1 - (shares**2).sum())
        if criterion == "error":
            return float(1 - shares.max())
        return float(-(shares * np.log(shares)).sum())

    return float((left.sum() * impurity(y[left]) + (~left).sum() * impurity(y[~left])) / len(y))


def _splits(X: np.ndarray) -> list[tuple[int, np.ndarray]]:
    return [
        (feature, X[:, feature] <= value)
        for feature in range(X.shape[1])
        for value in np.unique(X[:, feature])[:-1]
    ]


def _first_split(subject: EstimatorSubject, depth: str) -> Outcome | None:
    """A stump's answers have to be those of one of the best splits."""
    for seed in range(3):
        task = subject.overlapping(seed=20 + seed)
        try:
            predicted = subject.fit(task, options={depth: 1}).labels(task.X)
        except TargetBroke:
            return None
        splits = _splits(task.X)
        accepted = set()
        for criterion in ("gini", "entropy", "error", "ratio"):
            gains = np.array([_gain(task.y, left, criterion) for _, left in splits])
            for best in np.flatnonzero(gains <= gains.min() + 1e-9):
                accepted |= _answers(task.y, splits[best][1])
        agreement = max(float((np.frombuffer(one, np.int64) == predicted).mean()) for one in accepted)
        if agreement >= 0.97:
            continue
        return _other_split(subject, task, predicted, splits, agreement, seed)
    return None


def _answers(y: np.ndarray, left: np.ndarray) -> set[bytes]:
    """All answers of a split, majorities that are equal being free."""
    found = set()
    for low in _majorities(y[left]):
        for high in _majorities(y[~left]):
            found.add(np.where(left, low, high).astype(np.int64).tobytes())
    return found


def _majorities(rows: np.ndarray) -> np.ndarray:
    names, counts = np.unique(rows, return_counts=True)
    return np.asarray(names[counts == counts.max()])


def _other_split(
    subject: EstimatorSubject,
    task: Task,
    predicted: np.ndarray,
    splits: list[tuple[int, np.ndarray]],
    agreement: float,
    seed: int,
) -> Outcome | None:
    if len(np.unique(predicted)) == 1 and not _ever_splits(subject, task):
        return None
    same = [
        (feature, left)
        for feature, left in splits
        if any(np.frombuffer(one, np.int64).tolist() == predicted.tolist() for one in _answers(task.y, left))
    ]
    gains = np.array([_gain(task.y, left, "gini") for _, left in splits])
    words = "no split on one feature gives its answers"
    if same:
        own = _gain(task.y, same[0][1], "gini")
        better = int((gains < own - 1e-9).sum())
        words = f"it splits feature {same[0][0]}; {better} splits are better by Gini's measure"
        whole = _gain(task.y, np.ones(len(task.y), dtype=bool), "gini")
        if whole - own > 0.6 * (whole - gains.min()):  # another measure, or thresholds from a grid
            return None
    if subject.is_library or subject.is_random or not same:
        return warned(f"a stump is not the best split: {agreement:.0%} of its answers agree; {words}")
    best = int(gains.argmin())
    return failed(
        "objective",
        expected=f"the split of feature {splits[best][0]} with {int(splits[best][1].sum())} rows on the left",
        seen=words,
        where=f"the root, data set {seed}",
        cause="The measure of a split is wrong: sides are not weighted by their rows, or its sign is.",
        certainty=0.8,
    )


def _ever_splits(subject: EstimatorSubject, task: Task) -> bool:
    return len(np.unique(subject.fit(task).labels(task.X))) > 1


def _whole_tree(subject: EstimatorSubject, depth: str | None) -> Outcome:
    """A tree that may go on splits until each leaf is of one class."""
    assert subject.reference is not None
    for key in ("leaf", "split"):
        value = subject.value_of(subject.reference.options[key])
        if value is not MISSING and value not in (1, 2, 0, None):
            return passed("the first split is the best one")
    changed = {}
    if depth is not None and depth not in subject.given.args:
        changed[depth] = 30
    elif depth is not None and subject.given.args.get(depth) not in (None,):
        return passed("its depth was given")
    limits = (
        "ccp_alpha",
        "min_impurity_decrease",
        "max_leaf_nodes",
        "min_gain",
        "min_impurity",
        "min_weight_fraction_leaf",
    )
    if any(subject.parameters.get(name) not in (None, 0, 0.0) for name in limits):
        return passed("the first split is the best one")
    task = subject.overlapping(seed=31)
    random = np.random.default_rng(4)
    task = Task(task.X, random.permutation(task.y), task.queries, task.truth)
    share = float((subject.fit(task, options=changed).labels(task.X) == task.y).mean())
    if share > 0.93 or subject.is_library:
        return passed(
            f"the first split is the best one; a whole tree knows {share:.0%} of random labels by heart"
        )
    if share > 0.8:
        return warned(f"a whole tree knows only {share:.0%} of random labels by heart")
    return failed(
        "capacity",
        expected="100 %: a tree without limits knows random labels by heart",
        seen=f"{share:.0%} of the training rows",
        where="below the root",
        cause="It stops too early, sends rows down the wrong side, or does not see some thresholds.",
        certainty=0.5,
    )
