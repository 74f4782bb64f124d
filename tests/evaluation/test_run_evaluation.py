"""Behaviour on short real runs: with images held out, without, interrupted, and with other data than the run's."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from firstlight import ImageDataset, Run, load, train
from firstlight._errors import UsageError
from firstlight.evaluation import evaluate, evaluate_run, fit_temperature
from firstlight.training import predict_logits

Pair = tuple[ImageDataset, ImageDataset]


@pytest.fixture(scope="module")
def pair() -> Pair:
    images, test = load("mnist")
    return images[:6000], test


@pytest.fixture(scope="module")
def held_out(pair: Pair) -> Run:
    return train("mlp-fast", dataset=pair, epochs=3, validate=True, device="cpu")


def test_a_run_that_held_images_out_is_calibrated_on_them(held_out: Run, pair: Pair) -> None:
    evaluation = evaluate_run(held_out, *pair)
    plain = evaluate(held_out.test_logits, pair[1].labels)
    assert evaluation.accuracy == plain.accuracy
    assert evaluation.calibration == plain.calibration
    assert evaluation.disputed is not None
    rescaling = evaluation.rescaling
    assert rescaling is not None
    assert rescaling.temperature is not None
    assert rescaling.after is not None
    assert rescaling.temperature.count == 600
    validation = pair[0].canonical_split()[1]
    wanted = fit_temperature(predict_logits(held_out.model, validation), validation.labels)
    assert rescaling.temperature.value == pytest.approx(wanted.value, rel=0.02)
    assert rescaling.after.nll < evaluation.calibration.nll


def test_logits_that_an_older_run_did_not_keep_are_computed(held_out: Run, pair: Pair) -> None:
    kept, computed = (
        evaluate_run(run, *pair).rescaling for run in (held_out, replace(held_out, validation_logits=None))
    )
    assert held_out.validation_logits is not None
    assert kept is not None
    assert computed is not None
    assert kept.temperature == computed.temperature


def test_a_run_that_learnt_from_everything_is_not(held_out: Run, pair: Pair) -> None:
    record = replace(held_out.record, validation_count=0, train_count=6000)
    rescaling = evaluate_run(replace(held_out, record=record), *pair).rescaling
    assert rescaling is not None
    assert rescaling.temperature is None
    assert "learnt from every training image" in rescaling.reason
    assert "--validate" in rescaling.reason


def test_other_training_images_give_no_temperature(held_out: Run, pair: Pair) -> None:
    rescaling = evaluate_run(held_out, pair[0][:5000], pair[1]).rescaling
    assert rescaling is not None
    assert rescaling.temperature is None
    assert (
        "held out 600 images which are not the canonical validation part of these 5,000" in rescaling.reason
    )


def test_nobody_looked_at_these_labels(held_out: Run, pair: Pair) -> None:
    assert evaluate_run(held_out, pair[0], pair[1].replacing(name="mine")).disputed is None


def test_without_test_predictions_there_is_nothing_to_judge(held_out: Run, pair: Pair) -> None:
    stopped = replace(held_out, test_logits=None, record=replace(held_out.record, status="interrupted"))
    with pytest.raises(UsageError, match="was interrupted before it looked at the test set"):
        evaluate_run(stopped, *pair)
    with pytest.raises(UsageError, match="belong together"):
        evaluate_run(replace(held_out, test_logits=torch.zeros(5, 10)), *pair)
