"""Checks of evaluating functions by behaviour: the right ones pass, each mistake is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firstlight._errors import TargetError, UsageError
from firstlight.checks import CheckReport, check
from firstlight.checks.evaluations._scripted import Scripted, numbered_images, read_numbers

EXAMPLES = Path(__file__).parents[3] / "docs/check/examples"


def checked(target: Any, **args: Any) -> CheckReport:
    return check(target, kind="evaluate", args=args, isolated=False)


def result(report: CheckReport, check_id: str) -> Any:
    return next(one for one in report.checks if one.id == check_id)


def right(predict: Any, images: Any, labels: Any) -> float:
    return float(np.mean(np.asarray(predict(images)) == labels))


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x,
        lambda x: x / 255,
        lambda x: (x.astype(np.float32) - 33) / 78,
        lambda x: 255 - x,
        lambda x: x.reshape(len(x), -1),
        lambda x: x[:, None],
    ],
)
def test_numbers_are_read_from_changed_images(change: Callable[[Any], Any]) -> None:
    assert read_numbers(change(numbered_images(1280))).tolist() == list(range(1280))


def test_other_images_have_no_number() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 28, 28))
    assert (read_numbers(noise) == -1).all()


def test_predictor_answers_as_scripted() -> None:
    answers = np.array([3, 1, 4])
    assert Scripted(answers, "labels")(numbered_images(3)).tolist() == [3, 1, 4]
    assert Scripted(answers, "logits")(numbered_images(3)).argmax(1).tolist() == [3, 1, 4]


def test_right_ones_pass() -> None:
    report = checked(right)
    assert (report.verdict, report.dialect) == ("PASS", None)


def test_dialects_are_named() -> None:
    def percent(predict: Any, images: Any, labels: Any) -> dict[str, float]:
        logits = np.asarray(predict(images))
        return {"n": len(labels), "accuracy": 100 * float((logits.argmax(1) == labels).mean())}

    report = checked(percent)
    assert report.verdict == "PASS"
    assert "percent, predict gives logits" in str(report.dialect)


def mean_of_means(predict: Any, images: Any, labels: Any) -> float:
    starts = range(0, len(images), 100)
    return float(np.mean([np.mean(predict(images[s : s + 100]) == labels[s : s + 100]) for s in starts]))


def dropped(predict: Any, images: Any, labels: Any) -> float:
    count = max(1, len(images) // 64) * 64
    return right(predict, images[:count], labels[:count])


def pairs(predict: Any, images: Any, labels: Any) -> float:
    return float((np.asarray(predict(images))[:, None] == labels).mean())


def recall(predict: Any, images: Any, labels: Any) -> float:
    answers = np.asarray(predict(images))
    return float(np.mean([(answers[labels == one] == one).mean() for one in np.unique(labels)]))


def shifted(predict: Any, images: Any, labels: Any) -> float:
    return right(predict, images, labels - 1)


def shuffled(predict: Any, images: Any, labels: Any) -> float:
    return right(predict, images[np.random.default_rng(0).permutation(len(images))], labels)


def errors(predict: Any, images: Any, labels: Any) -> float:
    return 1 - right(predict, images, labels)


def nothing(predict: Any, images: Any, labels: Any) -> None:
    right(predict, images, labels)


@pytest.mark.parametrize(
    ("wrong", "family", "words"),
    [
        (mean_of_means, "evaluation-metric", "mean of the batches"),
        (dropped, "evaluation-count", "not asked about"),
        (pairs, "evaluation-metric", "broadcast"),
        (recall, "evaluation-metric", "recall"),
        (shifted, "labels", "from one"),
        (shuffled, "order", "order"),
        (errors, "evaluation-metric", "wrong answers"),
        (nothing, "evaluation-metric", "does not return"),
    ],
)
def test_mistakes_are_named(wrong: Any, family: str, words: str) -> None:
    report = checked(wrong)
    assert report.verdict == "FAIL"
    assert report.diagnosis is not None
    assert report.diagnosis.family == family
    assert words in report.diagnosis.sentence


def test_each_image_has_to_count() -> None:
    def all_but_one(predict: Any, images: Any, labels: Any) -> float:
        hits = np.asarray(predict(images)) == labels
        return float(np.delete(hits, 128).mean()) if len(hits) > 128 else float(hits.mean())

    found = result(checked(all_but_one), "E3")
    assert (found.status, found.family) == ("fail", "evaluation-count")
    assert "image 128" in found.where


def test_counts_that_stay_are_seen() -> None:
    totals = [0, 0]

    def running(predict: Any, images: Any, labels: Any) -> float:
        totals[0] += int((np.asarray(predict(images)) == labels).sum())
        totals[1] += len(labels)
        return totals[0] / totals[1]

    assert result(checked(running), "E7").family == "state"


def test_changed_inputs_are_seen() -> None:
    def scales(predict: Any, images: Any, labels: Any) -> float:
        images //= 2
        return right(predict, images, labels)

    assert result(checked(scales), "E8").family == "aliasing"


def test_order_must_not_matter() -> None:
    assert result(checked(shuffled), "E4").status == "fail"
    assert result(checked(right), "E4").status == "pass"


def test_what_never_answers_is_undecided() -> None:
    def broken(predict: Any, images: Any, labels: Any) -> float:
        raise RuntimeError("no")

    assert checked(broken).verdict == "INCONCLUSIVE"


def test_usage() -> None:
    with pytest.raises(TargetError, match="cannot be called"):
        checked(3)
    with pytest.raises(UsageError, match="declares nothing"):
        check(right, kind="evaluate", declares={"unit": "percent"}, isolated=False)


def test_examples() -> None:
    assert checked(f"{EXAMPLES}/evaluate_right.py:evaluate").verdict == "PASS"
    wrong = checked(f"{EXAMPLES}/evaluate_wrong.py:evaluate")
    assert wrong.diagnosis is not None
    assert "mean of the batches" in wrong.diagnosis.sentence
