"""K17: options change something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["options_are_live"]

# Two values that no right implementation answers alike on data whose classes overlap.
PAIRS: dict[tuple[str, ...], tuple[Any, Any]] = {
    ("k", "n_neighbors", "n_neighbours", "num_neighbors"): (1, 25),
    ("max_depth", "depth"): (1, 9),
    ("n_estimators", "n_trees", "num_trees", "n_learners"): (1, 12),
    ("min_samples_leaf", "min_leaf"): (1, 25),
    ("min_samples_split",): (2, 70),
    ("n_clusters",): (2, 5),
    ("n_components", "num_components"): (1, 3),
    ("gamma", "bandwidth", "length_scale"): (0.02, 8.0),
    ("C",): (1e-3, 1e2),
    ("var_smoothing",): (1e-9, 3.0),
    ("whiten",): (False, True),
    ("weights",): ("uniform", "distance"),
    ("kernel",): ("linear", "rbf"),
}


@question("K17", "options change something", families=("ignored-option",))
def options_are_live(subject: EstimatorSubject) -> Outcome:
    """Give each known option two far values: the answers have to differ."""
    live: list[tuple[str, Any]] = []
    dead: list[tuple[str, Any]] = []
    for names, pair in PAIRS.items():
        name = subject.name_of(names)
        if subject.role == "classifier" and "n_components" in names:
            continue  # that is how many columns transform gives
        if name is None or name in subject.given.args or not _is_alike(subject.parameters[name], pair):
            continue
        found = _differs(subject, name, pair)
        if found is not None:
            (live if found else dead).append((name, pair))
    if not live and not dead:
        return skipped("no option whose effect is known")
    if not dead:
        return passed(", ".join(name for name, _ in live))
    name, pair = dead[0]
    if subject.is_library:
        return warned(f"{name} changes nothing on these data")
    return failed(
        "ignored-option",
        expected=f"other answers with {name}={pair[0]!r} than with {name}={pair[1]!r}",
        seen="the same numbers, to the last digit, on two data sets",
        where=f"option {name}",
        cause=f"{name} is accepted and never used.",
        hint=f"Follow {name} from __init__ to where it should act.",
        certainty=0.85,
    )


def _is_alike(value: Any, pair: tuple[Any, Any]) -> bool:
    """Whether the option's own value is of the kind of values that are to be given."""
    if isinstance(pair[0], bool):
        return isinstance(value, bool)
    if isinstance(pair[0], str):
        return isinstance(value, str)
    return (
        value is None or (isinstance(value, int | float) and not isinstance(value, bool)) or value == "scale"
    )


def _differs(subject: EstimatorSubject, name: str, pair: tuple[Any, Any]) -> bool | None:
    """Return whether answers differ; ``None`` where it does not take the values."""
    if name in ("gamma", "bandwidth", "length_scale") and subject.parameters.get("kernel") in (
        "linear",
        "poly",
    ):
        return None
    form = subject.probe.form
    if subject.role == "classifier" and form.labels in ("integers", "one-hot"):
        form = replace(form, classes=2)
    for seed in (0, 1):
        task = subject.overlapping(seed=seed, form=form)
        try:
            first, second = (
                subject.numbers(subject.fit(task, form=form, options={name: value}), task.queries)
                for value in pair
            )
        except TargetBroke:
            return None
        if first.shape != second.shape or not np.array_equal(first, second, equal_nan=True):
            return True
    return False
