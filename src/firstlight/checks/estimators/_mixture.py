"""K24: a mixture's shares, means and covariances fit together; its likelihood."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._grouped import hard_rows, with_groups
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS

__all__ = ["minus_likelihood", "mixture_is_a_fixed_point"]

MEANS = ("means_", "means", "mu", "mu_", "mus", "centers_")
COVARIANCES = ("covariances_", "covariances", "covs", "sigma", "sigma_", "sigmas", "cov", "cov_", "Sigma")
SHARES = ("weights_", "weights", "pi", "pi_", "priors", "phi", "mixing", "alphas")


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


def minus_likelihood(fitted: Fitted, task: Task) -> float | None:
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
    task = hard_rows(0)
    changed = with_groups(subject, 3)
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
