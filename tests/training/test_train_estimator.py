"""Training by scikit-learn. Oracle: scikit-learn itself on the same arrays; the rest is behaviour."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from firstlight import ImageDataset, load, train
from firstlight._errors import DataCorruptError, UsageError
from firstlight.models import LinearModel
from firstlight.recipes import EstimatorRecipe, find_recipe
from firstlight.training import (
    EpochDone,
    Event,
    Started,
    load_run,
    predict_logits,
    save_run,
)


def classic(name: str, **parameters: object) -> EstimatorRecipe:
    recipe = find_recipe(name)
    assert isinstance(recipe, EstimatorRecipe)
    return replace(recipe, parameters={**recipe.parameters, **parameters})


@pytest.fixture(scope="module")
def pair() -> tuple[ImageDataset, ImageDataset]:
    return load("mnist")[0][:1500], load("mnist")[1][:1000]


def test_it_is_what_scikit_learn_gives(pair: tuple[ImageDataset, ImageDataset]) -> None:
    images, test = pair
    (x, y), (x_test, y_test) = (part.X_y(dtype=np.float32, scaled=True) for part in pair)
    for name, estimator in [
        ("linear", LogisticRegression(C=0.1, max_iter=1000)),
        ("random-forest", RandomForestClassifier(100, random_state=4)),
    ]:
        run = train(name, dataset=(images, test), seed=4)
        predicted = estimator.fit(x, y).predict(x_test)
        assert run.test_logits is not None
        assert run.test_logits.argmax(dim=1).tolist() == predicted.tolist()
        assert run.test_accuracy == (predicted == y_test).mean()


def test_the_record_tells_everything(pair: tuple[ImageDataset, ImageDataset]) -> None:
    run = train(classic("linear"), dataset=pair, seed=2)
    record = run.record
    assert (record.recipe, record.status, record.seed, record.epochs) == ("linear", "finished", 2, 1.0)
    assert record.settings["estimator"] == "sklearn.linear_model.LogisticRegression"
    assert record.parameters == 7850
    assert (record.device, record.precision) == ("cpu", "float32")
    assert "scikit-learn" in record.device_reason
    assert "scikit-learn" in record.versions
    assert record.train_seconds > 0
    assert (record.train_count, record.test_count) == (1500, 1000)
    assert len(record.history) == 1
    assert record.history[0].train_accuracy > run.test_accuracy


def test_validation_images_are_judged_and_not_learnt_from() -> None:
    images, test = load("mnist")[0][:1000], load("mnist")[1][:200]
    run = train("decision-tree", dataset=(images, test), validate=True)
    assert (run.record.train_count, run.record.validation_count) == (900, 100)
    score = run.history[0].validation_accuracy
    assert score is not None
    assert run.record.validation_accuracy == score
    assert 0.4 < score < 0.95, "a tree knows what it learnt from by heart"
    learnt, held_out = images.canonical_split()
    tree = classic("decision-tree").make_estimator(0).fit(*learnt.X_y(dtype=np.float32, scaled=True))
    assert run.validation_logits is not None
    assert run.validation_logits.shape == (100, 10)
    assert score == tree.score(*held_out.X_y(dtype=np.float32, scaled=True))


def test_a_seed_decides_and_threads_do_not(pair: tuple[ImageDataset, ImageDataset]) -> None:
    recipe, threads = classic("extra-trees", n_estimators=8), torch.get_num_threads()
    one, again, other = (train(recipe, dataset=pair, seed=seed).test_logits for seed in (5, 5, 6))
    torch.set_num_threads(threads + 1)
    try:
        threaded = train(recipe, dataset=pair, seed=5).test_logits
    finally:
        torch.set_num_threads(threads)
    assert one is not None
    assert again is not None
    assert threaded is not None
    assert other is not None
    assert torch.equal(one, again)
    assert torch.equal(one, threaded)
    assert not torch.equal(one, other)


def test_events_tell_beginning_and_end(pair: tuple[ImageDataset, ImageDataset]) -> None:
    seen: list[Event] = []
    train(classic("knn"), dataset=pair, on_event=seen.append)
    assert [type(event) for event in seen] == [Started, EpochDone]


@pytest.mark.parametrize("name", ["linear", "knn", "decision-tree", "svm"])
def test_a_saved_run_is_read_without_scikit_learn(
    name: str, pair: tuple[ImageDataset, ImageDataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, test = pair[0][:300], pair[1][:200]
    run = save_run(train(name, dataset=(images, test)), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} >= {"run.json", "model.safetensors"}
    assert not list(tmp_path.glob("*.pkl"))
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)  # importing it would fail from here on
    again = load_run(tmp_path)
    assert again.record == run.record
    assert run.test_logits is not None
    torch.testing.assert_close(predict_logits(again.model, test), run.test_logits)


def test_a_damaged_model_is_refused(pair: tuple[ImageDataset, ImageDataset], tmp_path: Path) -> None:
    run = train("linear", dataset=(pair[0][:200], pair[1][:100]))
    assert isinstance(run.model, LinearModel)
    run.model.weight = run.model.weight[:, :500].contiguous()
    save_run(run, tmp_path)
    with pytest.raises(DataCorruptError, match="makes no sense: weights of"):
        load_run(tmp_path)


def test_stopping_early_is_told_and_is_no_warning(
    pair: tuple[ImageDataset, ImageDataset], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="firstlight"):
        run = train(classic("linear", max_iter=2), dataset=pair, seed=1)
    assert run.test_accuracy > 0.5
    assert "linear on mnist, seed 1: lbfgs failed to converge" in caplog.text


def test_one_class_teaches_nothing(pair: tuple[ImageDataset, ImageDataset]) -> None:
    images, test = pair
    with pytest.raises(
        UsageError, match=r"knn learns to tell classes apart.*the 3 of mnist .train. are all of one"
    ):
        train("knn", dataset=(images.of_class(7)[:3], test))


@pytest.mark.parametrize(
    ("argument", "message"), [({"epochs": 2}, "epochs"), ({"batch_size": 5}, "batch_size")]
)
def test_settings_of_networks_are_refused(argument: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError, match=f"'svm'.*{message}"):
        train("svm", **argument)  # type: ignore[arg-type]
