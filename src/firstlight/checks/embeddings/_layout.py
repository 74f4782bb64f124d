"""M11, M1, M5, M8 and M9: what is far stays far, neighbours stay neighbours, in any order, from any seed."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.embeddings._neighbours import class_share, trust
from firstlight.checks.embeddings._subject import EmbeddingSubject
from firstlight.checks.references.embeddings import EMBEDDINGS

__all__ = [
    "keeps_clouds_apart",
    "keeps_neighbours",
    "same_seed_same_plane",
    "survives_copies",
    "takes_any_order",
]

EXACT = ("pca", "isomap", "classical-mds")


@check_of(
    "M11", "clouds that lie far apart stay apart", families=("distance", "order", "capacity"), seconds=90
)
def keeps_clouds_apart(subject: EmbeddingSubject) -> Outcome:
    """Three clouds, 14 standard deviations apart: neighbours in the plane are of one cloud."""
    laid = subject.clouds
    if not _is_plane(laid.plane, laid.X):
        return skipped("see M7")
    share = class_share(laid.plane, laid.y)
    if share > 0.9:
        return passed(f"{share:.0%} of rows lie among their own")
    if share > 0.55:
        return warned(f"only {share:.0%} of rows lie among their own, of clouds 14 standard deviations apart")
    again = subject(laid.X.copy(), seed=1, around=1)
    share = max(share, class_share(again, laid.y))
    if share > 0.55:
        return warned(f"only {share:.0%} of rows lie among their own, of clouds 14 standard deviations apart")
    return failed(
        "distance",
        expected="rows that lie among their own cloud",
        seen=f"{share:.0%} do; by chance 33 % would",
        where="three clouds in six dimensions",
        cause="Rows are laid out without regard to their distances, or come back in another order.",
        certainty=0.35,
    )


@check_of(
    "M1",
    "neighbours stay neighbours",
    families=("distance", "objective", "capacity"),
    instrument="statistical",
    seconds=120,
)
def keeps_neighbours(subject: EmbeddingSubject) -> Outcome:
    """Trustworthiness of 200 digits, and the classes of neighbours, beside those of a plane through them."""
    laid = subject.digits
    if not _is_plane(laid.plane, laid.X):
        return skipped("see M7")
    own = trust(laid.X, laid.plane)
    answer = EMBEDDINGS["pca"].answer
    assert answer is not None
    flat_plane = answer(laid.X)
    flat, share = trust(laid.X, flat_plane), class_share(laid.plane, laid.y)
    seen = f"trustworthiness {own:.3f}, that of the plane of most variance {flat:.3f}; "
    seen += f"{share:.0%} of rows lie among their class"
    power = {
        "sentence": f"Trustworthiness below {_floor(subject):.2f} on 200 digits would be seen.",
        "drop": None,
    }
    if own >= _floor(subject):
        return passed(seen, power=power)
    again = trust(laid.X, subject(laid.X.copy(), seed=1, around=1))
    if again >= _floor(subject):
        return warned(f"{seen}; with another seed {again:.3f}")
    return failed(
        "objective" if own > 0.6 else "distance",
        expected=f"trustworthiness of at least {_floor(subject):.2f}, as every right one reaches",
        seen=seen,
        where="200 digits",
        cause="Neighbours are not kept: the affinities, the forces or the steps are wrong.",
        certainty=0.4,
    )


def _floor(subject: EmbeddingSubject) -> float:
    return subject.reference.minimum_trust if subject.reference else 0.54


def _is_plane(plane: np.ndarray, rows: np.ndarray) -> bool:
    return plane.ndim == 2 and len(plane) == len(rows) and bool(np.isfinite(plane.astype(float)).all())


@check_of(
    "M5",
    "any order, place and direction of the rows",
    families=("order", "preprocessing", "distance"),
    seconds=90,
)
def takes_any_order(subject: EmbeddingSubject) -> Outcome:
    """Turn the rows' order round and move them: the layout goes along."""
    laid = subject.clouds
    if not _is_plane(laid.plane, laid.X):
        return skipped("see M7")
    order = np.argsort(laid.X[:, 0])
    turned = np.empty_like(laid.plane)
    turned[order] = subject(laid.X[order].copy())
    moved = subject(laid.X + 5.0)
    for what, plane in {"in another order": turned, "moved by 5": moved}.items():
        found = _moved(subject, laid.y, laid.plane, plane, what)
        if found is not None:
            return found
    return passed("rows in another order, and rows moved by 5, are laid out alike")


def _moved(
    subject: EmbeddingSubject, y: np.ndarray, before: np.ndarray, after: np.ndarray, what: str
) -> Outcome | None:
    if after.shape != before.shape:
        return warned(f"another shape for rows {what}")
    if subject.like in EXACT:
        away = _inner(before), _inner(after)
        if np.allclose(*away, rtol=1e-4, atol=1e-5 * np.abs(away[0]).max()):
            return None
    first, second = class_share(before, y), class_share(after, y)
    if second > first - 0.3 and subject.like not in EXACT:
        return None
    if second > first - 0.3:
        return warned(f"rows {what} are laid out a little otherwise")
    is_order = what == "in another order"
    return failed(
        "order" if is_order else "preprocessing",
        expected=f"{first:.0%} of rows among their own, as before",
        seen=f"{second:.0%} for rows {what}",
        where=f"rows {what}",
        cause="Places come back in another order than the rows."
        if is_order
        else "The rows' mean is not taken away.",
        certainty=0.6,
    )


def _inner(plane: np.ndarray) -> np.ndarray:
    away = plane - plane.mean(axis=0)
    return np.asarray(away @ away.T)


@check_of("M8", "rows that are there twice", families=("numerical-stability",), seconds=90)
def survives_copies(subject: EmbeddingSubject) -> Outcome:
    """Give a few rows twice: their distance is zero."""
    laid = subject.clouds
    rows = np.vstack([laid.X, laid.X[:8]])
    try:
        plane = subject(rows)
    except TargetBroke as error:
        return warned(f"it refused rows that are there twice: {error}")
    if plane.ndim != 2 or len(plane) != len(rows):
        return skipped("see M7")
    lost = int((~np.isfinite(plane.astype(float))).any(axis=1).sum())
    if lost == 0:
        return passed("finite")
    return failed(
        "numerical-stability",
        expected="finite places",
        seen=f"{lost} of {len(rows)} rows NaN or infinite",
        where="eight rows that are there twice",
        cause="It divides by a distance of zero, or takes its logarithm.",
        certainty=0.85,
    )


@check_of("M9", "the same seed gives the same plane", families=("determinism",), seconds=90)
def same_seed_same_plane(subject: EmbeddingSubject) -> Outcome:
    """Call it twice with one seed, the global generators being elsewhere the second time."""
    X = subject.clouds.X
    has_seed = subject.seed_name is not None
    first = subject(X.copy(), seed=3, around=1)
    second = subject(X.copy(), seed=3, around=2 if has_seed else 1)
    if first.shape == second.shape and np.allclose(
        first, second, rtol=1e-3, atol=1e-3 * (np.abs(first).max() + 1e-9), equal_nan=True
    ):
        return passed("the same places")
    if not has_seed:
        return warned("two calls differ and no option seeds it")
    if _is_library(subject):
        return warned(f"two calls with {subject.seed_name}=3 differ")
    return failed(
        "determinism",
        expected=f"the same places from two calls with {subject.seed_name}=3",
        seen=f"{first[0]} and {second[0]}",
        where="row 0",
        cause=f"Random numbers are drawn from a generator that {subject.seed_name} does not seed.",
        certainty=0.9,
    )


def _is_library(subject: EmbeddingSubject) -> bool:
    import inspect

    target = subject.given.target
    try:
        place = inspect.getsourcefile(target if callable(target) else type(target)) or ""
    except TypeError:
        return True
    return "site-packages" in place
