"""From opinions to a report."""

from __future__ import annotations

from firstlight.audits._count import count_errors
from firstlight.audits._probabilities import Opinions
from firstlight.audits._report import AmbiguousImage, AuditReport, Suspect
from firstlight.audits._scores import LabelScores, score_labels
from firstlight.audits._subject import Subject

__all__ = ["found_report"]

AMBIGUOUS = 50


def found_report(
    subject: Subject,
    opinions: Opinions,
    *,
    top: int | None,
    seed: int,
    recipe: str,
    judges: int,
    seconds: float,
    is_complete: bool,
) -> AuditReport:
    """Score all labels that were judged, and put the report together."""
    scores = score_labels(opinions.log_probabilities, subject.pool.labels, opinions.seen.mean)
    count = count_errors(scores)
    flagged = int((scores.wrong_probability > 0.5).sum())
    return AuditReport(
        dataset=subject.name,
        split=subject.split,
        classes=subject.pool.classes,
        images=len(subject),
        judged=len(scores.places),
        estimated_errors=count.errors,
        interval=count.interval,
        flagged=flagged,
        suspects=_suspects(subject, scores, max(flagged, count.errors) if top is None else top),
        ambiguous=_ambiguous(subject, scores),
        duplicates=(),
        outliers=(),
        transition=tuple(tuple(row) for row in scores.noise.transition.tolist()),
        recipe=recipe,
        judges=judges,
        repetitions=len(scores.opinions),
        seed=seed,
        seconds=seconds,
        is_complete=is_complete,
        scores=scores,
    )


def _suspects(subject: Subject, scores: LabelScores, count: int) -> tuple[Suspect, ...]:
    ranked = scores.ranking.argsort(descending=True, stable=True)[:count]
    columns = (scores.places, scores.labels, scores.suggested, scores.wrong_probability, scores.ranking)
    rows = zip(*(column[ranked].tolist() for column in columns), strict=True)
    return tuple(
        Suspect(index, given, suggested, probability, score, split)
        for place, given, suggested, probability, score in rows
        for split, index in [subject.spoken(place)]
    )


def _ambiguous(subject: Subject, scores: LabelScores) -> tuple[AmbiguousImage, ...]:
    """Return the images whose two likeliest readings are closest, the surest of the two first."""
    best = scores.log_probabilities.topk(2, dim=1)
    # The less likely of the two readings is at most a half: the nearer to it, the more ambiguous.
    ranked = best.values[:, 1].argsort(descending=True, stable=True)[:AMBIGUOUS]
    rows = zip(
        scores.places[ranked].tolist(),
        scores.labels[ranked].tolist(),
        best.indices[ranked].tolist(),
        best.values[ranked].exp().tolist(),
        strict=True,
    )
    return tuple(
        AmbiguousImage(index, given, (first, second), (likely, next_likely), split)
        for place, given, (first, second), (likely, next_likely) in rows
        for split, index in [subject.spoken(place)]
    )
