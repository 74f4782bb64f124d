"""K12 and K23: k-means and mixtures: what they minimise goes down, and ends at a fixed point."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Form, Task, blobs, labels_of
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS

__all__ = [
    "centres_are_means",
    "is_no_worse_than_reference",
    "mixture_is_a_fixed_point",
    "objective_goes_down",
]

CENTRES = (
    "cluster_centers_",
    "centroids",
    "centroids_",
    "centers",
    "centers_",
    "cluster_centers",
    "centres",
    "means_",
    "mu",
)
INERTIA = ("inertia_", "inertia", "sse", "sse_", "wcss", "wcss_")
MEANS = ("means_", "means", "mu", "mu_", "mus", "centers_")
COVARIANCES = ("covariances_", "covariances", "covs", "sigma", "sigma_", "sigmas", "cov", "cov_", "Sigma")
SHARES = ("weights_", "weights", "pi", "pi_", "priors", "phi", "mixing", "alphas")
CLUSTERS = (
    "n_clusters",
    "k",
    "K",
    "n_components",
    "num_clusters",
    "clusters",
    "n_centroids",
    "n_centers",
    "n_groups",
)
STEPS = (1, 2, 3, 5, 8, 20)


def _hard(seed: int) -> Task:
    """Five clouds that touch, of different sizes."""
    return blobs(Form(classes=5), seed=seed, spread=0.8, rows=30, queries=8, shares=(0.5, 1.5, 1.0, 0.7, 1.3))


def _clusters(subject: EstimatorSubject, many: int) -> dict[str, Any]:
    name = subject.name_of(CLUSTERS)
    return {} if name is None or name in subject.given.args else {name: many}


def _squares(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.asarray(((rows[:, None, :] - centres[None]) ** 2).sum(axis=2))


def _centres(fitted: Fitted) -> np.ndarray | None:
    found = fitted.own(CENTRES)
    return found if found is not None and found.ndim == 2 and found.shape[1] == fitted.rows.shape[1] else None


@question(
    "K23",
    "centres are the means of their rows",
    families=("objective", "distance"),
    roles=("clusterer",),
    like=("kmeans",),
)
def centres_are_means(subject: EstimatorSubject) -> Outcome:
    """Hold groups, centres and the inertia that it claims against each other."""
    task = _hard(0)
    fitted = subject.fit(task, options=_clusters(subject, 5))
    centres, groups = _centres(fitted), fitted.groups().astype(int)
    if centres is None:
        return skipped("its centres are not known by any usual name")
    if not np.isfinite(centres).all():
        return failed(
            "numerical-stability",
            expected="finite centres",
            seen=f"centre {int(np.argwhere(~np.isfinite(centres))[0][0])} is NaN",
            where="centres after fit",
            cause="A group without rows has no mean: dividing by zero.",
            hint="Put an empty group's centre on the row that is farthest from its own.",
            certainty=0.9,
        )
    squares = _squares(task.X, centres)
    best = squares.min(axis=1)
    own = squares[np.arange(len(groups)), np.clip(groups, 0, len(centres) - 1)]
    far = own > best * (1 + 1e-6) + 1e-9
    found = None if subject.is_library else _not_nearest(fitted, task, centres, groups, far)
    return found or _without_rows(subject, task) or _claimed(subject, fitted, float(own.sum()), best, task)


def _not_nearest(
    fitted: Fitted, task: Task, centres: np.ndarray, groups: np.ndarray, far: np.ndarray
) -> Outcome | None:
    """Ask many places all over; groups of training rows may be those of the last but one step."""
    rows, seen = task.X, groups
    if hasattr(fitted.model, "predict"):
        rows = np.random.default_rng(1).uniform(-3, 3, (400, task.X.shape[1]))
        seen = labels_of(fitted.answers(rows)).astype(int)
    elif far.mean() <= 0.1:
        return None
    euclidean = _squares(rows, centres).argmin(axis=1)
    wrong = float((seen != euclidean).mean())
    if wrong < 0.02:
        return None
    absolute = np.abs(rows[:, None] - centres[None]).sum(axis=2).argmin(axis=1)
    is_absolute = float((absolute == seen).mean()) > 0.98
    return failed(
        "distance",
        expected="each row is in the group of its nearest centre",
        seen=f"{wrong:.0%} of rows are not"
        + ("; by sums of absolute differences they are" if is_absolute else ""),
        where=f"row {int(np.flatnonzero(seen != euclidean)[0])}",
        cause="Distances are sums of absolute differences (Manhattan), not Euclidean."
        if is_absolute
        else "Groups and centres do not belong together.",
        certainty=0.95 if is_absolute else 0.6,
    )


def _without_rows(subject: EstimatorSubject, task: Task) -> Outcome | None:
    """With many groups some are empty now and then: their centres have to stay numbers."""
    changed = _clusters(subject, 14)
    if not changed:
        return None
    for seed in range(5):
        try:
            centres = _centres(subject.fit(task, seed=seed, around=seed, options=changed))
        except TargetBroke:
            return None
        if centres is not None and not np.isfinite(centres).all():
            return failed(
                "numerical-stability",
                expected="finite centres",
                seen=f"centre {int(np.argwhere(~np.isfinite(centres))[0][0])} is NaN",
                where=f"14 groups, seed {seed}",
                cause="A group without rows has no mean: it divides by zero.",
                hint="Keep an empty group's centre, or put it on the row that is farthest from its own.",
                certainty=0.95,
            )
    return None


def _claimed(
    subject: EstimatorSubject,
    fitted: Fitted,
    inertia: float,
    best: np.ndarray,
    task: Task,
) -> Outcome:
    claimed = fitted.own(INERTIA)
    if claimed is not None and claimed.size == 1 and not subject.is_library:
        seen = float(claimed.ravel()[0])
        ways = {
            "the sum of distances, not of their squares": float(np.sqrt(best).sum()),
        }
        accepted = (inertia, float(best.sum()), inertia / len(best), float(best.sum()) / len(best))
        if not any(np.isclose(seen, value, rtol=0.05) for value in accepted):
            for words, value in ways.items():
                if np.isclose(seen, value, rtol=0.01) or np.isclose(seen, value / len(best), rtol=0.01):
                    return failed(
                        "distance",
                        expected=f"inertia {inertia:.6g}, the sum of squared distances",
                        seen=f"{seen:.6g}",
                        where="inertia after fit",
                        cause=f"It is {words}.",
                        certainty=0.9,
                    )
            return warned(f"the inertia it claims is {seen:.6g}; from its centres it is {inertia:.6g}")
    return _at_fixed_point(subject, task)


def _at_fixed_point(subject: EstimatorSubject, task: Task) -> Outcome:
    """After many steps each centre is the mean of its rows."""
    steps = subject.name_of(ITERATIONS)
    changed = _clusters(subject, 5)
    if steps is not None and steps not in subject.given.args:
        changed[steps] = 300
    fitted = subject.fit(task, options=changed)
    centres = _centres(fitted)
    assert centres is not None
    nearest = _squares(task.X, centres).argmin(axis=1)
    used = np.unique(nearest)
    means = np.stack([task.X[nearest == one].mean(axis=0) for one in used])
    away = np.abs(means - centres[used]).max()
    if away < 0.02:
        return passed(f"centres are the means of their rows, within {away:.2g}")
    medians = np.stack([np.median(task.X[nearest == one], axis=0) for one in used])
    if np.abs(medians - centres[used]).max() < 0.02:
        return failed(
            "objective",
            expected="the mean of each group's rows",
            seen="its median",
            where="centres after fit",
            cause="Medians are taken: that is k-medians.",
            certainty=0.95,
        )
    if subject.is_library or away < 0.15 or "mini" in type(subject.sample).__name__.lower():
        return warned(f"centres are up to {away:.2g} away from the means of their rows")
    return failed(
        "objective",
        expected="the mean of each group's rows",
        seen=f"up to {away:.3g} away from it, after 300 steps",
        where=f"centre {int(used[np.abs(means - centres[used]).max(axis=1).argmax()])}",
        cause="Centres are not moved to the means, or rows are grouped by another distance.",
        certainty=0.6,
    )


@question(
    "K12",
    "what it minimises goes down",
    families=("objective",),
    like=("kmeans", "gmm", "gradient-boosting", "adaboost"),
)
def objective_goes_down(subject: EstimatorSubject) -> Outcome:
    """Give it more and more steps from the same beginning."""
    if subject.like in ("gradient-boosting", "adaboost"):
        from firstlight.checks.estimators._boosting import loss_by_rounds

        return loss_by_rounds(subject)
    name = subject.name_of(ITERATIONS)
    if name is None or name in subject.given.args or "mini" in type(subject.sample).__name__.lower():
        return skipped("the number of its steps cannot be set, or its steps need not go down")
    for seed in (0, 1, 2):
        task = _hard(seed)
        values = _values(subject, task, name)
        if values is None or len(values) < 3:
            return skipped("neither its centres nor its likelihood are known by any usual name")
        again = _values(subject, task, name, few=True)
        if again is None or not np.allclose(again, values[: len(again)], rtol=1e-6):
            return skipped("each fit begins elsewhere")
        rises = np.diff(values) > 0.01 * np.abs(values[:-1]) + 1e-6
        if rises.any():
            step = int(np.flatnonzero(rises)[0])
            if subject.is_library:
                return warned(f"it rises from {values[step]:.6g} to {values[step + 1]:.6g}")
            return failed(
                "objective",
                expected=f"after {STEPS[step + 1]} steps no more than {values[step]:.6g}",
                seen=f"{values[step + 1]:.6g}",
                where=f"between step {STEPS[step]} and {STEPS[step + 1]}, data set {seed}",
                cause="One of the two half-steps does not minimise what the other one does.",
                certainty=0.7,
            )
    return passed(f"never up in {len(STEPS)} looks at three data sets")


def _values(subject: EstimatorSubject, task: Task, name: str, *, few: bool = False) -> np.ndarray | None:
    found = []
    for steps in STEPS[:2] if few else STEPS:
        try:
            fitted = subject.fit(task, options={name: steps, **_clusters(subject, 5)})
        except TargetBroke:
            return None
        value = _minus_likelihood(fitted, task) if subject.like == "gmm" else _inertia(fitted, task)
        if value is None or not np.isfinite(value):
            return None
        found.append(value)
    return np.array(found)


def _inertia(fitted: Fitted, task: Task) -> float | None:
    centres = _centres(fitted)
    return None if centres is None else float(_squares(task.X, centres).min(axis=1).sum())


def _are_free(fitted: Fitted) -> bool:
    """Whether each part has variances of its own in each direction."""
    spreads, means = fitted.own(COVARIANCES), fitted.own(MEANS)
    return spreads is not None and means is not None and spreads.shape[:2] == means.shape


def _parts(fitted: Fitted) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return shares, means and whole covariances, or ``None``."""
    means, spreads, shares = fitted.own(MEANS), fitted.own(COVARIANCES), fitted.own(SHARES)
    if means is None or spreads is None or shares is None or means.ndim != 2:
        return None
    k, d = means.shape
    if spreads.shape == (k, d):
        spreads = np.stack([np.diag(row) for row in spreads])
    elif spreads.shape == (d, d) and k != d:
        spreads = np.repeat(spreads[None], k, axis=0)
    elif spreads.shape == (k,):
        spreads = spreads[:, None, None] * np.eye(d)
    if spreads.shape != (k, d, d) or shares.size != k:
        return None
    return shares.ravel(), means, spreads


def _log_joint(rows: np.ndarray, parts: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray | None:
    logs = []
    with np.errstate(all="ignore"):
        for share, mean, spread in zip(*parts, strict=True):
            away = rows - mean
            try:
                square = np.einsum("nd,nd->n", away, np.linalg.solve(spread, away.T).T)
            except np.linalg.LinAlgError:
                return None
            sign, size = np.linalg.slogdet(2 * np.pi * spread)
            if sign <= 0:
                return None
            logs.append(np.log(share) - 0.5 * (size + square))
    return np.stack(logs, axis=1)


def _minus_likelihood(fitted: Fitted, task: Task) -> float | None:
    parts = _parts(fitted)
    logs = None if parts is None else _log_joint(task.X, parts)
    if logs is None:
        return None
    most = logs.max(axis=1)
    return float(-(most + np.log(np.exp(logs - most[:, None]).sum(axis=1))).mean())


@question(
    "K24",
    "shares, means and covariances fit together",
    families=("objective", "forward", "softmax"),
    roles=("clusterer",),
    like=("gmm",),
)
def mixture_is_a_fixed_point(subject: EstimatorSubject) -> Outcome:
    """Recompute what each part is responsible for, and from that the parts."""
    task = _hard(0)
    changed = _clusters(subject, 3)
    steps = subject.name_of(ITERATIONS)
    if steps is not None and steps not in subject.given.args:
        changed[steps] = 500
    fitted = subject.fit(task, options=changed)
    parts = _parts(fitted)
    if parts is None:
        return skipped("its shares, means and covariances are not known by usual names and shapes")
    shares = parts[0]
    if not np.isclose(shares.sum(), 1, atol=1e-3):
        return failed(
            "objective",
            expected="shares that add up to 1",
            seen=f"{shares.sum():.4g}",
            where="shares after fit",
            cause="The sum of responsibilities is not divided by the number of rows.",
            certainty=0.85,
        )
    logs = _log_joint(task.X, parts)
    if logs is None or not np.isfinite(logs).all():
        return warned("a covariance is singular: no density")
    own = np.exp(logs - logs.max(axis=1, keepdims=True))
    own /= own.sum(axis=1, keepdims=True)
    return _responsible(subject, fitted, task, own) or _moments(subject, fitted, task, own, parts)


def _responsible(subject: EstimatorSubject, fitted: Fitted, task: Task, own: np.ndarray) -> Outcome | None:
    seen = fitted.probabilities(task.X)
    if seen is None or seen.shape != own.shape or subject.is_library:
        return None
    away = np.abs(seen - own).max(axis=1)
    if away.max() < 0.02:
        return None
    row = int(away.argmax())
    return failed(
        "forward",
        expected=f"{np.round(own[row], 4)}, from its own shares, means and covariances",
        seen=f"{np.round(seen[row], 4)}",
        where=f"row {row} of predict_proba",
        cause="The densities, or the shares before them, are not those of Gaussians.",
        certainty=0.75,
    )


def _moments(
    subject: EstimatorSubject,
    fitted: Fitted,
    task: Task,
    own: np.ndarray,
    parts: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Outcome:
    shares, means, spreads = parts
    mass = own.sum(axis=0)
    middle = (own.T @ task.X) / mass[:, None]
    wide = np.stack([((task.X - m).T * own[:, c]) @ (task.X - m) / mass[c] for c, m in enumerate(middle)])
    off = {
        "shares": float(np.abs(shares - mass / len(task.X)).max()),
        "means": float(np.abs(means - middle).max()),
        "variances": float(np.abs(np.einsum("kii->ki", spreads) / np.einsum("kii->ki", wide) - 1).max()),
    }
    if not _are_free(fitted):
        off.pop("variances")
    if max(off.values()) < 0.08:
        return passed("its parts are what its responsibilities give")
    worst = max(off, key=lambda name: off[name])
    ratio = float(np.median(np.einsum("kii->ki", spreads) / np.einsum("kii->ki", wide)))
    if subject.is_library or max(off.values()) < 0.25:
        return warned(f"{worst} are {off[worst]:.2g} away from what its responsibilities give")
    return failed(
        "objective",
        expected=f"{worst} that its own responsibilities give",
        seen=f"{off[worst]:.3g} away"
        + (f"; variances are {ratio:.3g} times as large" if worst == "variances" else ""),
        where=f"{worst} after fit",
        cause="One of the sums over rows is formed wrongly: weights, divisor or centre.",
        certainty=0.7,
    )


@question(
    "K26",
    "groups as well as the reference",
    families=("objective", "initialisation"),
    instrument="statistical",
    roles=("clusterer",),
    like=("kmeans", "gmm"),
)
def is_no_worse_than_reference(subject: EstimatorSubject) -> Outcome:
    """Find two clouds that lie far apart; then compare what is minimised over ten beginnings."""
    changed = _clusters(subject, 2)
    if not changed:
        return skipped("the number of groups cannot be set")
    task = blobs(Form(classes=2), seed=5, rows=40)
    shares = []
    for seed in range(5):
        groups = subject.fit(task, seed=seed, around=seed, options=changed).groups()
        same = float(np.mean((groups == groups[0]) == (task.y == task.y[0])))
        shares.append(same)
    if max(shares) < 0.9:
        return failed(
            "objective",
            expected="two clouds 14 standard deviations apart are the two groups",
            seen=f"at best {max(shares):.0%} of rows in five fits",
            where="two clouds",
            cause="Rows are not given to the nearest centre, or centres do not move.",
            certainty=0.5,
        )
    return passed(f"two clouds are found in {sum(share > 0.9 for share in shares)} of 5 fits")
