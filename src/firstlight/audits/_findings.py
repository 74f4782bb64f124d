"""From opinions to a report."""

from __future__ import annotations

import time
from collections.abc import Callable

from jaxtyping import Int64
from torch import Tensor

from firstlight.audits._count import count_errors
from firstlight.audits._duplicates import Duplicate, find_duplicates
from firstlight.audits._events import Looking
from firstlight.audits._neighbourhood import lonely_distances, look_alikes
from firstlight.audits._outliers import Outlier, outlier_places
from firstlight.audits._probabilities import Opinions
from firstlight.audits._report import AmbiguousImage, AuditReport, Neighbour, Suspect
from firstlight.audits._scores import LabelScores, score_labels
from firstlight.audits._subject import Subject

__all__ = ["found_report"]

AMBIGUOUS = 50
WITH_NEIGHBOURS = 300  # suspects; to look for those of thousands takes longer than anybody looks at them


def found_report(
    subject: Subject,
    opinions: Opinions,
    *,
    top: int | None,
    seed: int,
    recipe: str,
    judges: int,
    started: float,
    is_complete: bool,
    tell: Callable[[Looking], None],
) -> AuditReport:
    """Score all labels that were judged, and put the report together."""
    tell(Looking("scores"))
    scores = score_labels(opinions.log_probabilities, subject.pool.labels, opinions.seen.mean)
    count = count_errors(scores)
    flagged = int((scores.wrong_probability > 0.5).sum())
    tell(Looking("neighbours"))
    suspects = _suspects(subject, scores, max(flagged, count.errors) if top is None else top)
    tell(Looking("duplicates"))
    duplicates = _duplicates(subject)
    tell(Looking("outliers"))
    outliers = _outliers(subject, scores, seed)
    return AuditReport(
        dataset=subject.name,
        split=subject.split,
        classes=subject.pool.classes,
        images=len(subject),
        judged=len(scores.places),
        estimated_errors=count.errors,
        interval=count.interval,
        flagged=flagged,
        suspects=suspects,
        ambiguous=_ambiguous(subject, scores),
        duplicates=duplicates,
        outliers=outliers,
        transition=tuple(tuple(row) for row in scores.noise.transition.tolist()),
        recipe=recipe,
        judges=judges,
        repetitions=len(scores.opinions),
        seed=seed,
        seconds=time.perf_counter() - started,
        is_complete=is_complete,
        scores=scores,
    )


def _suspects(subject: Subject, scores: LabelScores, count: int) -> tuple[Suspect, ...]:
    ranked = scores.ranking.argsort(descending=True, stable=True)[:count]
    columns = (scores.places, scores.labels, scores.suggested, scores.wrong_probability, scores.ranking)
    rows = zip(*(column[ranked].tolist() for column in columns), strict=True)
    near = _neighbours(subject, scores.places[ranked[:WITH_NEIGHBOURS]])
    return tuple(
        Suspect(index, given, suggested, probability, score, split, near.get(place, ()))
        for place, given, suggested, probability, score in rows
        for split, index in [subject.spoken(place)]
    )


def _neighbours(subject: Subject, wanted: Int64[Tensor, " q"]) -> dict[int, tuple[Neighbour, ...]]:
    """Return the images that look most like each of the wanted ones, by its place."""
    if not len(wanted):
        return {}
    places, distances = (table.tolist() for table in look_alikes(subject.pool.images, wanted))
    given = subject.pool.labels.tolist()
    return {
        place: tuple(
            Neighbour(index, given[near], distance, split)
            for near, distance in zip(nearest, far, strict=True)
            for split, index in [subject.spoken(near)]
        )
        for place, nearest, far in zip(wanted.tolist(), places, distances, strict=True)
    }


def _duplicates(subject: Subject) -> tuple[Duplicate, ...]:
    """Return the duplicates that have to do with the split that is audited."""
    found = find_duplicates(subject.pool.images, subject.pool.labels, spoken=subject.spoken)
    if subject.split != "test":
        return found
    return tuple(one for one in found if any(member.split == "test" for member in one.members))


def _outliers(subject: Subject, scores: LabelScores, seed: int) -> tuple[Outlier, ...]:
    """Return the judged images that look like none of the classes."""
    distances = lonely_distances(subject.pool.images, seed=seed)[scores.places]
    probabilities = scores.log_probabilities.exp().float()
    chosen, strange = outlier_places(distances, probabilities)
    rows = zip(
        scores.places[chosen].tolist(),
        scores.labels[chosen].tolist(),
        strange[chosen].tolist(),
        probabilities[chosen].amax(dim=1).tolist(),
        strict=True,
    )
    return tuple(
        Outlier(index, given, strangeness, probability, split)
        for place, given, strangeness, probability in rows
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
