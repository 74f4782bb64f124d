"""K29: what begins as k-means++ says draws its centres in proportion to squared distances.

Ten clouds so far apart that steps never bring a centre from one to another: groups are right exactly where
each cloud was given one centre. Drawn in proportion to d², that happens nearly always; in proportion to d, or
evenly, it does not. Arthur & Vassilvitskii 2007, section 2.2.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

import numpy as np
from scipy.stats import binom

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._grouped import CLUSTERS, centres_of
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["PLAIN", "SQUARED", "begins_as_plus_plus", "far_clouds"]

WAYS = ("init", "init_method", "initialization", "initialisation", "seeding", "initializer", "method")
RESTARTS = ("n_init", "n_restarts", "restarts", "num_init", "n_inits", "trials")
NAMED = re.compile(r"plus_?plus|k_?means_?pp|kpp\b|_pp\b|\bpp_", re.IGNORECASE)
WORDS = re.compile(r"[\"'](k-?means\+\+|kmeans_?pp|k-means-\+\+|\+\+|plusplus)[\"']", re.IGNORECASE)
EVENLY = re.compile(r"rand|forgy|unif|sampl|partition", re.IGNORECASE)
MENTIONED = re.compile(r"k-?means\s?\+\+", re.IGNORECASE)
AXES, ROWS, FAR = 5, 12, 40.0
FITS, FIRST = 40, 14
SQUARED, PLAIN = 0.94, 0.41  # how often ten centres lie in ten clouds, drawn by d² and by d
ALPHA = 1e-6
ALLOWANCE = 0.02  # off the share of a right one


@question(
    "K29",
    "begins as k-means++ says",
    families=("initialisation", "ignored-option"),
    instrument="statistical",
    roles=("clusterer",),
    like=("kmeans",),
    is_quick=False,
)
def begins_as_plus_plus(subject: EstimatorSubject) -> Outcome:
    """Count in how many of 40 fits each of ten far clouds was given one centre."""
    name, restarts = subject.name_of(CLUSTERS), subject.name_of(RESTARTS)
    if name is None or name in subject.given.args or restarts in subject.given.args:
        return skipped("the number of groups or of beginnings cannot be set")
    claim = _claim(subject)
    if claim is None:
        return skipped("nothing says that it begins as k-means++ does")
    changed = {name: 2 * AXES, **claim, **({} if restarts is None else {restarts: 1})}
    hits = fits = 0
    for fits in range(1, FITS + 1):
        task = far_clouds(fits)
        try:
            hits += _is_covered(subject.fit(task, seed=fits, around=fits, options=changed), task)
        except TargetBroke as error:
            return skipped(f"it does not take {changed}: {error}")
        if hits == FIRST == fits:
            break
    chance = float(binom.cdf(hits, fits, SQUARED - ALLOWANCE))
    seen = f"{hits} of {fits} fits give each of ten far clouds a centre"
    if chance > ALPHA:
        return passed(seen)
    return _judged(subject, hits, fits, seen, is_told=_is_told(subject))


def _judged(subject: EstimatorSubject, hits: int, fits: int, seen: str, *, is_told: bool) -> Outcome:
    share = hits / fits
    is_plain = share > (0.2 if is_told else 0.3)  # steps mend some: it is more than when centres are drawn
    if subject.is_library or not (is_told or is_plain):
        return warned(f"{seen}; drawn in proportion to d² it is {SQUARED:.0%}")
    cause = "Its first centres are not drawn in proportion to squared distances."
    if is_plain:
        cause = "First centres are drawn in proportion to the distance d, not to d²."
    elif share < 0.15:
        cause = "First centres are drawn evenly from the rows: distances do not count."
    return failed(
        "initialisation",
        expected=f"{SQUARED:.0%} of fits, as with centres drawn in proportion to d²",
        seen=f"{seen}, {share:.0%}; drawn by d it is {PLAIN:.0%} before any step",
        where="the first centres",
        cause=cause,
        hint="Divide the squared distances to the nearest centre by their sum: these are the probabilities.",
        certainty=0.9 if is_plain else 0.75,
    )


def far_clouds(seed: int) -> Task:
    """Ten clouds on five axes, at least 56 standard deviations apart, rows in random order."""
    random = np.random.default_rng([seed, 29])
    places = FAR * np.vstack([np.eye(AXES), -np.eye(AXES)])
    y = random.permutation(np.repeat(np.arange(len(places)), ROWS))
    X = places[y] + random.standard_normal((len(y), AXES))
    return Task(X, y, X, y)


def _is_covered(fitted: Fitted, task: Task) -> bool:
    """Whether each cloud has one centre, or is one group."""
    centres = centres_of(fitted)
    if centres is not None:
        places = np.stack([task.X[task.y == one].mean(axis=0) for one in range(2 * AXES)])
        away = ((places[:, None] - centres[None]) ** 2).sum(axis=2).min(axis=1)
        return bool((away < (FAR / 4) ** 2).all())
    groups = fitted.groups()
    pairs = set(zip(task.y.tolist(), groups.tolist(), strict=True))
    return len(pairs) == 2 * AXES == len({group for _, group in pairs})


def _claim(subject: EstimatorSubject) -> dict[str, Any] | None:
    """Return the option that asks for k-means++; nothing where it is said otherwise; ``None``: not said."""
    source = _source(subject)
    for name, value in subject.parameters.items():
        if isinstance(value, bool) and NAMED.search(name):
            return {} if value else (None if name in subject.given.args else {name: True})
    for name, value in subject.parameters.items():
        if isinstance(value, str) and (NAMED.search(value) or "++" in value):
            return {}
        if name in WAYS and isinstance(value, str):
            word = None if name in subject.given.args else WORDS.search(source)
            return {name: word.group(1)} if word else None
        if isinstance(value, str) and EVENLY.search(value):
            return None
    return {} if NAMED.search(_code(subject, source)) or MENTIONED.search(source) else None


def _is_told(subject: EstimatorSubject) -> bool:
    """Whether a name says so, of the class, of an option or of a function that it calls."""
    for name, value in subject.parameters.items():
        if (isinstance(value, bool) and NAMED.search(name)) or (name in WAYS and isinstance(value, str)):
            return True
    return bool(NAMED.search(_code(subject, _source(subject))))


def _source(subject: EstimatorSubject) -> str:
    """Return the source of its class, with what it says of itself."""
    try:
        return inspect.getsource(type(subject.sample))
    except (OSError, TypeError):
        return ""


def _code(subject: EstimatorSubject, source: str) -> str:
    """Return the names in its class's code: words of comments and of strings are left out."""
    quoted = r'"""(?s:.*?)"""|\'\'\'(?s:.*?)\'\'\'|"[^"\n]*"|\'[^\'\n]*\'|#.*'
    return f"{type(subject.sample).__name__} {re.sub(quoted, '', source)}"
