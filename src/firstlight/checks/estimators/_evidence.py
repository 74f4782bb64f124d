"""K18: as good as the reference on real digits, up to a margin, over paired experiments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._forms import Form, Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import MISSING, EstimatorSubject

__all__ = ["as_good_as_the_reference"]

# By how much a right implementation may fall behind scikit-learn's: its own defaults, an early stop, other
# ways to break ties. Wide where only the number of steps decides.
MARGINS = {
    "knn": 0.05,
    "gaussian-nb": 0.2,
    "multinomial-nb": 0.06,
    "bernoulli-nb": 0.12,
    "lda": 0.15,
    "qda": 0.3,
    "nearest-centroid": 0.05,
    "logistic": 0.25,
    "perceptron": 0.25,
    "decision-tree": 0.15,
    "random-forest": 0.12,
    "extra-trees": 0.12,
    "svm": 0.3,
    "adaboost": 0.35,
    "gradient-boosting": 0.25,
    "mlp": 0.5,
}
MINIMUM = 4.5  # standard errors: of 100,000 right ones none falls behind its margin by as much
TREES = 12  # at most, where the number can be set
SIZES = ((200, 150), (200, 150), (200, 150))


@dataclass(frozen=True)
class Paired:
    """How often one alone was right, over all experiments."""

    theirs: int
    ours: int
    rows: int
    accuracy: float
    peer_accuracy: float

    @property
    def difference(self) -> float:
        """By how much theirs is better."""
        return (self.theirs - self.ours) / self.rows

    @property
    def error(self) -> float:
        """Standard error of the difference, by McNemar's count."""
        return float(np.sqrt(max(self.theirs + self.ours, 1)) / self.rows)


@question(
    "K18",
    "as good as the reference on digits",
    families=("capacity", "objective"),
    instrument="statistical",
    roles=("classifier",),
    is_quick=False,
    seconds=60,
)
def as_good_as_the_reference(subject: EstimatorSubject) -> Outcome:
    """Fit both to the same images and count the queries that one alone has right."""
    form = subject.probe.form
    if form.features not in (6, 64, 784):
        return skipped("it takes a fixed number of features")
    if form.features == 784:
        return skipped("it takes whole images: see the kind train")
    if type(subject.sample).__name__.startswith("Dummy"):
        return skipped("a dummy is not meant to learn")
    changed = _fewer_trees(subject)
    reference = subject.reference
    if reference is None or reference.peer is None:
        return _without_peer(subject, form, changed)
    try:
        found = _paired(subject, form, changed)
    except TargetBroke as error:
        return warned(f"it refused digits: {error}")
    except (ValueError, np.linalg.LinAlgError) as error:
        return skipped(f"scikit-learn's refuses these digits: {error}")
    margin = MARGINS.get(reference.name, 0.5)
    seen = found.difference
    drop = margin + (MINIMUM + 1.64) * found.error
    power = {
        "sentence": f"A drop of {100 * drop:.0f} points against scikit-learn's on {found.rows} digits would "
        "be seen with 95 % power.",
        "drop": drop,
        "power": 0.95,
        "alpha": 5e-6,
    }
    if seen >= -margin or -(seen + margin) < MINIMUM * found.error:
        return passed(
            f"{found.accuracy:.1%} right, scikit-learn's {found.peer_accuracy:.1%}, on {found.rows} digits",
            power=power,
        )
    return failed(
        "capacity",
        expected=f"about {found.peer_accuracy:.1%} of {found.rows} digits right, as scikit-learn's",
        seen=f"{found.accuracy:.1%}",
        where=f"{len(SIZES)} paired experiments",
        cause="It learns less than the method can.",
        certainty=0.3,
    )


def _fewer_trees(subject: EstimatorSubject) -> dict[str, Any]:
    if subject.reference is None or "trees" not in subject.reference.options:
        return {}
    option = subject.reference.options["trees"]
    name, value = subject.name_of(option.names), subject.value_of(option)
    if name is None or name in subject.given.args or value is MISSING or not isinstance(value, int):
        return {}
    return {name: min(value, TREES)}


def _digits(form: Form, seed: int, train: int, test: int) -> Task:
    """Draw images of 8 x 8 pixels, which scikit-learn brings along; even against odd where two classes go."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng([seed, 9]).permutation(len(y))[: train + test]
    X, y = X[order], y[order]
    y = y % 2 if form.classes == 2 else y
    X = X if form.values == "counts" else X / 16 - (0.3 if form.labels == "signs" else 0.0)
    return Task(X[:train], y[:train], X[train:], y[train:])


def _of_digits(form: Form) -> Form:
    return replace(form, features=64, classes=2 if form.classes == 2 else 10)


def _paired(subject: EstimatorSubject, form: Form, changed: dict[str, Any]) -> Paired:
    assert subject.reference is not None
    assert subject.reference.peer is not None
    options = {key: subject.value_of(option) for key, option in subject.reference.options.items()}
    options = {key: value for key, value in options.items() if value is not MISSING and value is not None}
    if changed:
        options["trees"] = next(iter(changed.values()))
    form = _of_digits(form)
    counts = np.zeros(5)
    for seed, (train, test) in enumerate(SIZES):
        task = _digits(form, seed, train, test)
        peer = _peer(subject, options).fit(task.X, task.y)
        right = peer.predict(task.queries) == task.truth
        predicted = subject.fit(task, form=form, seed=seed, around=seed, options=changed).labels(task.queries)
        own = predicted == task.truth
        counts += [(own & ~right).sum(), (right & ~own).sum(), test, own.sum(), right.sum()]
    rows = int(counts[2])
    return Paired(int(counts[0]), int(counts[1]), rows, float(counts[3] / rows), float(counts[4] / rows))


def _peer(subject: EstimatorSubject, options: dict[str, Any]) -> Any:
    assert subject.reference is not None
    assert subject.reference.peer is not None
    try:
        peer = subject.reference.peer(**options)
        if hasattr(peer, "_validate_params"):
            peer._validate_params()
        return peer
    except Exception:
        return subject.reference.peer()


def _without_peer(subject: EstimatorSubject, form: Form, changed: dict[str, Any]) -> Outcome:
    """Without a reference only learning nothing at all is a mistake for certain."""
    form = _of_digits(form)
    task = _digits(form, 0, 300, 250)
    try:
        share = float(
            (subject.fit(task, form=form, options=changed).labels(task.queries) == task.truth).mean()
        )
    except TargetBroke as error:
        return warned(f"it refused digits: {error}")
    if share > (0.6 if form.classes == 2 else 0.3):
        return passed(f"{share:.1%} of 250 digits right")
    return warned(f"only {share:.1%} of 250 digits right after 300")
