"""M2: t-SNE's divergence, recomputed: attraction and repulsion are equal where it has converged."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.embeddings._neighbours import trust
from firstlight.checks.embeddings._subject import EmbeddingSubject
from firstlight.checks.references.embeddings import affinities, divergence, forces

__all__ = ["is_near_its_minimum"]

PERPLEXITY = ("perplexity", "perp", "target_perplexity")
EXAGGERATED = 2.0  # attraction has to be that many times too weak before it is called a mistake


@check_of("M2", "its divergence is near the least", families=("objective", "sign", "distance"), seconds=120)
def is_near_its_minimum(subject: EmbeddingSubject) -> Outcome:
    """Recompute KL(P | Q) and both halves of its gradient from 200 digits and their places."""
    if subject.like != "tsne":
        return skipped("asked of t-SNE: --like tsne")
    if any(subject.parameters.get(name) not in (None, 1, 1.0) for name in ("exaggeration", "dof")):
        return skipped("it is told to exaggerate, or to use other tails")
    laid = subject.digits
    plane = np.asarray(laid.plane, dtype=np.float64)
    if plane.ndim != 2 or len(plane) != len(laid.X) or not np.isfinite(plane).all():
        return skipped("see M7")
    perplexity = float(subject.option(PERPLEXITY, 30.0))
    P = affinities(laid.X, perplexity)
    reference = subject.reference
    assert reference is not None
    assert reference.peer is not None
    peer = reference.peer(laid.X, perplexity=perplexity)
    own, least = divergence(P, plane), divergence(P, peer)
    factor, left = _balance(P, plane, "student")
    seen = f"KL {own:.3f}, scikit-learn's {least:.3f}; repulsion is {factor:.2f} times "
    seen += f"attraction, {left:.0%} unexplained"
    if own <= 1.25 * least + 0.1:
        return passed(seen)
    if factor > EXAGGERATED and left < 0.5:
        return failed(
            "objective",
            expected="attraction and repulsion that are equal",
            seen=seen,
            where="forces on 200 digits",
            cause=f"Affinities are still exaggerated at the end, about {factor:.1f} times.",
            hint="Divide P by the exaggeration after the first steps.",
            certainty=0.95,
        )
    _, gaussian = _balance(P, plane, "gauss")
    if gaussian < 0.15 and left > 0.5:
        return failed(
            "objective",
            expected="Student's tails: 1 / (1 + d²)",
            seen=f"forces of Gauss' kernel are in balance ({gaussian:.0%} left), Student's not ({left:.0%})",
            where="forces on 200 digits",
            cause="Distances in the plane go through exp(-d²): that is SNE, not t-SNE.",
            certainty=0.9,
        )
    return _other(laid.X, plane, own, least, perplexity, seen)


def _balance(P: np.ndarray, plane: np.ndarray, kind: str) -> tuple[float, float]:
    """Return by how much attraction has to be multiplied to balance repulsion, and what is left then."""
    pull, push = forces(P, plane, kind=kind)
    factor = float((pull * push).sum() / max(float((pull * pull).sum()), 1e-300))
    left = float(np.linalg.norm(factor * pull - push) / max(float(np.linalg.norm(push)), 1e-300))
    return factor, left


def _other(
    X: np.ndarray,
    plane: np.ndarray,
    own: float,
    least: float,
    perplexity: float,
    seen: str,
) -> Outcome:
    for other in (2.0, 5.0, 10.0, 60.0, 100.0):
        if other / perplexity > 0.5 and perplexity / other > 0.5:
            continue
        factor, left = _balance(affinities(X, other), plane, "student")
        if left < 0.12 and abs(factor - 1) < 0.2:
            return failed(
                "objective",
                expected=f"affinities of perplexity {perplexity:g}",
                seen=f"{seen}; at perplexity {other:g} the forces are in balance",
                where="affinities of 200 digits",
                cause="The search for each row's width ends elsewhere: perplexity is not what it says.",
                certainty=0.7,
            )
    if own < 2.2 * least + 0.3 or trust(X, plane) > 0.93:
        return warned(f"not at its least: {seen}")
    random = np.random.default_rng(0).standard_normal(plane.shape)
    worst = min(divergence(affinities(X, perplexity), scale * random) for scale in (1e-2, 1.0, 5.0, 20.0))
    if own < 0.75 * worst:
        return warned(f"far from its least: {seen}; a random plane has {worst:.3f}")
    return failed(
        "objective",
        expected=f"KL of about {least:.3f}",
        seen=f"{seen}; a random plane has {worst:.3f}",
        where="200 digits",
        cause="The divergence is not minimised: gradient, sign or affinities are wrong.",
        certainty=0.45,
    )
