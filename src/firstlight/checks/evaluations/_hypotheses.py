"""What a wrong evaluating function may have done instead: each known mistake predicts its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from firstlight.checks.evaluations._subject import Asked, Reading

__all__ = ["Hypothesis", "best_hypothesis"]

CLASSES = 10
TOLERANCE = 6e-4
SIZES = (8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 200, 250, 256, 500, 512, 1000, 1024)
Number = Callable[[Asked], float | None]
Hits = NDArray[np.bool_]


@dataclass(frozen=True)
class Hypothesis:
    """A known mistake: its family, what happened, and the number that it gives."""

    family: str
    cause: str
    number: Number


def best_hypothesis(cases: Sequence[Asked], reading: Reading) -> Hypothesis | None:
    """Return the mistake that gives all claimed numbers, if there is one; at least one claim is wrong."""
    best, best_share = None, 0.0
    for scale in (reading.scale, 101 - reading.scale):  # 1 or 100: wrong numbers may hide which one it is
        read = [(case, case.claim(replace(reading, scale=scale))) for case in cases if case.error is None]
        claims = [(case, claim) for case, claim in read if claim is not None]
        for hypothesis in _hypotheses(cases):
            share = _share_explained(hypothesis, claims) if claims else 0.0
            if share > best_share + 1e-9:
                best, best_share = hypothesis, share
    return best if best_share >= 0.9 else None


def _share_explained(hypothesis: Hypothesis, claims: Sequence[tuple[Asked, float]]) -> float:
    """Return of how many claims the mistake gives the number; of the wrong ones it has to give most."""
    wrong = [pair for pair in claims if abs(pair[1] - pair[0].truth) > TOLERANCE]
    missed = 0
    for case, claim in wrong:
        missed += not _fits(hypothesis, case, claim)
        if missed > 0.2 * len(wrong):
            return 0.0
    right = [pair for pair in claims if abs(pair[1] - pair[0].truth) <= TOLERANCE]
    missed += sum(not _fits(hypothesis, case, claim) for case, claim in right)
    return 1 - missed / len(claims)


def _fits(hypothesis: Hypothesis, case: Asked, claim: float) -> bool:
    number = hypothesis.number(case)
    return number is not None and abs(number - claim) <= TOLERANCE


def _hypotheses(cases: Sequence[Asked]) -> Iterator[Hypothesis]:
    """Yield the mistakes, those that say more about where they happen first."""
    yield from _of_labels()
    yield Hypothesis("evaluation-metric", "It returns the share of wrong answers.", lambda c: 1 - c.truth)
    yield Hypothesis(
        "evaluation-metric",
        "It returns how many are right, not their share.",
        lambda c: c.truth * len(c.labels),
    )
    for fixed in (1000, 1280, 2000, 5000, 10_000, 60_000):
        yield Hypothesis(
            "evaluation-count",
            f"It divides by {fixed} whatever is given.",
            lambda c, fixed=fixed: c.truth * len(c.labels) / fixed,  # type: ignore[misc]
        )
    yield from _of_classes()
    yield Hypothesis(
        "order",
        "Answers are held against the labels of other images: their order is not kept.",
        _in_call_order,
    )
    yield Hypothesis(
        "evaluation-metric",
        "argmax runs along the wrong axis: over the images of a batch, not over the classes.",
        _best_image_of_class,
    )
    yield from _of_batches(None)
    for size in SIZES:
        yield from _of_batches(size)
    yield Hypothesis(
        "state", "Counts of earlier calls are still there: they are not set to zero.", _running(cases)
    )


def _of_labels() -> Iterator[Hypothesis]:
    for shift in (1, -1):
        yield Hypothesis(
            "labels",
            f"Answers are compared with the labels {shift:+d}: one of them counts classes from one.",
            lambda c, shift=shift: float((c.answers == c.labels + shift).mean()),  # type: ignore[misc]
        )
    yield Hypothesis(
        "evaluation-metric",
        "An answer next to the right one counts as right.",
        lambda c: float((abs(c.answers - c.labels) <= 1).mean()),
    )
    for most in range(2, 7):
        yield Hypothesis(
            "evaluation-metric",
            f"An answer counts as right if it is among the best {most}.",
            lambda c, most=most: float(((c.labels - c.answers) % CLASSES < most).mean()),  # type: ignore[misc]
        )


def _of_classes() -> Iterator[Hypothesis]:
    said = "It is the mean over classes of the {}, not the share of images."
    yield Hypothesis("evaluation-metric", said.format("recall"), lambda c: _macro(c, "recall", False))
    yield Hypothesis(
        "evaluation-metric", said.format("recall, all ten classes,"), lambda c: _macro(c, "recall", True)
    )
    yield Hypothesis("evaluation-metric", said.format("precision"), lambda c: _macro(c, "precision", False))
    yield Hypothesis("evaluation-metric", said.format("F1 score"), lambda c: _macro(c, "f1", False))


def _macro(case: Asked, what: str, over_all: bool) -> float:
    values = []
    for one in range(CLASSES):
        is_it, says_it = case.labels == one, case.answers == one
        if not is_it.any() and not over_all and not (says_it.any() and what != "recall"):
            continue
        both = (is_it & says_it).sum()
        bottom = {"recall": is_it.sum(), "precision": says_it.sum(), "f1": is_it.sum() + says_it.sum()}[what]
        values.append((2 if what == "f1" else 1) * both / bottom if bottom else 0.0)
    return float(np.mean(values)) if values else 0.0


def _of_batches(size: int | None) -> Iterator[Hypothesis]:
    """Yield mistakes of adding up batches; ``None`` takes the batches that the predictor was asked for."""

    def over(rule: Callable[[list[Hits], int], float | None]) -> Number:
        return lambda c: rule(_batches(c, size), len(c.labels))

    mean = "It is the mean of the batches' accuracies: images of a smaller last batch count more."
    yield Hypothesis(
        "evaluation-metric", mean, over(lambda b, _: float(np.mean([hits.mean() for hits in b])))
    )
    yield Hypothesis(
        "evaluation-count", "Only the last batch is counted.", over(lambda b, _: float(b[-1].mean()))
    )
    yield Hypothesis(
        "evaluation-count", "Only the first batch is counted.", over(lambda b, _: float(b[0].mean()))
    )
    yield Hypothesis("evaluation-count", "The last batch is left out.", over(lambda b, _: _joined(b[:-1])))
    yield Hypothesis(
        "evaluation-count",
        "A last batch that is not full is left out.",
        over(
            lambda b, n: _joined(
                [hits for hits in b if len(hits) == len(b[0]) and len(hits) in (size, n, len(b[0]))]
                if size is None
                else [hits for hits in b if len(hits) == size]
            )
        ),
    )
    yield Hypothesis(
        "evaluation-count",
        "What is right in the full batches is divided by the number of all images.",
        over(lambda b, n: sum(int(hits.sum()) for hits in b if len(hits) == (size or len(b[0]))) / n),
    )
    yield Hypothesis(
        "evaluation-count",
        "What is right is divided by batches times batch size: a smaller last batch counts as full.",
        over(lambda b, _: sum(int(hits.sum()) for hits in b) / (len(b) * (size or len(b[0])))),
    )
    yield Hypothesis(
        "evaluation-count",
        "What is right is divided by the size of the last batch.",
        over(lambda b, _: sum(int(hits.sum()) for hits in b) / len(b[-1])),
    )
    pairs = "Each answer is compared with each label of its batch: shapes (n, 1) and (n,) broadcast."
    yield Hypothesis("evaluation-metric", pairs, lambda c: _all_pairs(c, size, by_mean=True))
    yield Hypothesis("evaluation-metric", pairs, lambda c: _all_pairs(c, size, by_mean=False))


def _places(case: Asked, size: int | None) -> list[NDArray[np.int64]]:
    count = len(case.labels)
    if size is not None:
        return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]
    calls = [call[(call >= 0) & (call < count)] for call in case.calls]
    return [call for call in calls if len(call)] or [np.arange(count)]


def _batches(case: Asked, size: int | None) -> list[Hits]:
    return [case.answers[some] == case.labels[some] for some in _places(case, size)]


def _joined(batches: Sequence[Hits]) -> float | None:
    return float(np.concatenate(batches).mean()) if batches else 0.0


def _all_pairs(case: Asked, size: int | None, *, by_mean: bool) -> float:
    equal = pairs = 0
    for some in _places(case, size):
        hits = case.answers[some][:, None] == case.labels[some]
        equal += int(hits.sum())
        pairs += hits.size if by_mean else len(some)
    return equal / pairs


def _best_image_of_class(case: Asked) -> float | None:
    """Return the share where each class's best image of ten is compared with ten labels."""
    hits = 0
    for some in _places(case, None):
        if len(some) == CLASSES:
            scores = -((np.arange(CLASSES) - case.answers[some][:, None]) % CLASSES)
            hits += int((scores.argmax(axis=0) == case.labels[some]).sum())
    return hits / len(case.labels)


def _in_call_order(case: Asked) -> float | None:
    """Return the accuracy that answers in the order of the calls have against labels in the given order."""
    order = np.concatenate(case.calls) if case.calls else np.arange(0)
    if len(order) != len(case.labels) or (order < 0).any() or (order >= len(order)).any():
        return None
    return float((case.answers[order] == case.labels).mean())


def _running(cases: Sequence[Asked]) -> Number:
    """Return the accuracy over all calls so far, for each of these cases."""
    right = images = 0
    table = {}
    for case in cases:
        right += int((case.answers == case.labels).sum())
        images += len(case.labels)
        table[id(case)] = right / images
    return lambda c: table.get(id(c))
