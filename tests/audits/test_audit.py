"""The audit from images to report. By behaviour: planted errors are found, bad input is refused."""

from __future__ import annotations

import json

import pytest
import torch

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError
from firstlight.audits import AuditInterrupted, AuditStarted, JudgeDone, JudgeStarted, JudgeStep, audit
from firstlight.audits._recipe import judging_recipe
from firstlight.datasets import ImageDataset


@pytest.fixture(scope="module")
def pair() -> tuple[ImageDataset, ImageDataset]:
    """A part of MNIST that networks learn in a second or two."""
    train, test = fl.load("mnist")
    return train[:1200], test[:400]


@pytest.fixture(scope="module")
def planted(pair) -> tuple[ImageDataset, ImageDataset]:
    """Every twentieth label of both parts is one too high."""
    return tuple(_with_wrong(part) for part in pair)


@pytest.fixture(scope="module", autouse=True)
def half():
    """Half of the steps are enough for digits that are not hard to tell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("firstlight.audits._recipe.LEAST_STEPS", 150)
        yield


@pytest.fixture
def quick(monkeypatch):
    """For what does not depend on how well networks learn: few steps."""
    monkeypatch.setattr("firstlight.audits._recipe.LEAST_STEPS", 30)


def _with_wrong(part: ImageDataset) -> ImageDataset:
    labels = part.labels.clone()
    labels[::20] = (labels[::20] + 1) % 10
    return part.replacing(labels=labels)


@pytest.fixture(scope="module")
def report(planted):
    return audit(planted, seconds=0.1)


def _indices(report, split="train"):
    return {suspect.index for suspect in report.suspects if suspect.split == split}


def test_planted_errors_are_found_at_its_own_threshold(report):
    planted, scores = set(range(0, 1200, 20)), report.scores
    found = set(scores.places[scores.wrong_probability > 0.5].tolist())
    assert len(found & planted) >= 0.8 * len(planted)
    assert len(found & planted) >= 0.8 * len(found)


def test_each_suspect_says_what_it_should_have_been(report, pair):
    truth = pair[0].labels.tolist()
    planted = [suspect for suspect in report.suspects if suspect.index % 20 == 0]
    assert all(suspect.given == (truth[suspect.index] + 1) % 10 for suspect in planted)
    assert sum(suspect.suggested == truth[suspect.index] for suspect in planted) >= 0.9 * len(planted)


def test_the_number_of_errors_lies_in_its_interval(report):
    low, high = report.interval
    assert low <= report.estimated_errors <= high
    assert low <= 66
    assert high >= 60  # MNIST's own errors and unreadable digits come on top
    assert f"About {report.estimated_errors} of the labels of 1,200 images" in str(report)


def test_suspects_are_ranked_and_as_many_as_are_believed_wrong(report):
    scores = [suspect.score for suspect in report.suspects]
    assert scores == sorted(scores, reverse=True)
    assert len(report.suspects) == max(report.flagged, report.estimated_errors)
    assert report.flagged == int((report.scores.wrong_probability > 0.5).sum())


def test_the_fields_are_json_with_the_names_of_the_issue(report):
    fields = json.loads(json.dumps(report.fields()))
    assert {"schema", "dataset", "split", "estimated_errors", "interval", "suspects"} <= set(fields)
    assert {"duplicates", "outliers"} <= set(fields)
    assert {"index", "given", "suggested", "probability", "score"} <= set(fields["suspects"][0])
    assert "scores" not in fields


def test_ambiguous_images_come_with_two_readings_nearly_alike(report):
    first = report.ambiguous[0]
    assert first.readings[0] != first.readings[1]
    assert first.probabilities[0] >= first.probabilities[1] > 0.25
    worst = [image.probabilities[1] for image in report.ambiguous]
    assert worst == sorted(worst, reverse=True)


def test_the_same_seed_gives_the_same_report_and_another_one_does_not(pair, quick):
    small = tuple(part[:300] for part in pair)
    first, again, other = (audit(small, seconds=0.1, seed=seed, top=20) for seed in (1, 1, 2))
    assert first.suspects == again.suspects
    assert first.suspects != other.suspects


def test_test_images_are_judged_by_networks_trained_on_train(pair, planted):
    report = audit((pair[0], planted[1]), split="test", seconds=0.1)
    assert (report.images, report.judged, report.judges) == (400, 400, 1)
    planted_places = set(range(0, 400, 20))
    assert len(_indices(report, "test") & planted_places) >= 0.85 * len(planted_places)


def test_both_splits_are_audited_together_with_indices_of_their_own(planted):
    report = audit(planted, split="all", seconds=0.1)
    assert report.images == 1600
    assert len(_indices(report, "test") & set(range(0, 400, 20))) >= 16
    assert len(_indices(report, "train") & set(range(0, 1200, 20))) >= 50


def test_top_lists_that_many_whatever_their_probability(pair, quick):
    report = audit(tuple(part[:300] for part in pair), top=25, seconds=0.1)
    assert len(report.suspects) == 25
    assert report.suspects[-1].probability < 0.5


def test_events_tell_of_every_network_and_step(pair, quick):
    events = []
    audit(tuple(part[:300] for part in pair), seconds=0.1, on_event=events.append)
    assert isinstance(events[0], AuditStarted)
    assert events[0].images == 300
    assert sum(isinstance(event, JudgeStarted) for event in events) == 5
    assert sum(event.images for event in events if isinstance(event, JudgeDone)) == 300
    assert [event.step for event in events if isinstance(event, JudgeStep)][:2] == [1, 2]


@pytest.mark.parametrize("done", [0, 2])
def test_ctrl_c_hands_back_what_is_there(pair, quick, done):
    def stop(event):
        if isinstance(event, JudgeStarted) and event.judge == done + 1:
            raise KeyboardInterrupt

    with pytest.raises(AuditInterrupted, match="interrupted") as caught:
        audit(tuple(part[:300] for part in pair), on_event=stop)
    report = caught.value.report
    if done:
        assert (report.judged, report.is_complete) == (120, False)
        assert "120 of 300 images" in str(report)
    else:
        assert report is None


def test_colour_is_audited_too(monkeypatch):
    monkeypatch.setattr("firstlight.audits._recipe.LEAST_STEPS", 60)
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(200) % 2
    images = torch.randint(0, 90, (200, 3, 16, 16), generator=generator, dtype=torch.uint8)
    images[labels == 1, 0] += 120
    wrong = labels.clone()
    wrong[:6] = 1 - wrong[:6]
    colours = ImageDataset("colours", "train", images, wrong, ("b", "r"), (0.5,) * 3, (0.25,) * 3)
    report = audit((colours, colours), seconds=0.1)
    assert {suspect.index for suspect in report.suspects[:6]} == set(range(6))
    assert report.flagged == 6


@pytest.mark.parametrize("side", [8, 13, 14, 18, 20])
def test_there_is_a_network_for_small_images(side):
    images = torch.zeros(20, 1, side, side, dtype=torch.uint8)
    data = ImageDataset("small", "train", images, torch.arange(20) % 2, ("a", "b"), (0.5,), (0.5,))
    model = judging_recipe(data, 20).model(data.image_shape, 2)
    assert model(images.float()).shape == (20, 2)


def test_what_cannot_be_audited_is_refused(pair):
    train, test = pair
    with pytest.raises(UsageError, match=r"carry the label '3'.*at least two classes"):
        audit((train.of_class(3), test))
    nines = (train.labels == 9).nonzero().flatten()[3:]
    rest = torch.ones(len(train), dtype=torch.bool).index_fill_(0, nines, False)
    few = train.subset(rest.nonzero().flatten())
    with pytest.raises(UsageError, match=r"Class '9' .* has 3 image.*needs at least 5 of each"):
        audit((few, test))
    with pytest.raises(UsageError, match=r"All 1200 images .* are equal"):
        audit((train.replacing(images=train.images[:1].repeat(1200, 1, 1, 1)), test))
    with pytest.raises(UsageError, match=r"test split .* has images of class '3', and the train split none"):
        audit((train.subset((train.labels != 3).nonzero().flatten()), test), split="test")
    with pytest.raises(UsageError, match="must have the same classes and sizes"):
        audit((train, test.replacing(images=test.images[..., :26])), split="all")
    with pytest.raises(UsageError, match="Labels must lie from 0 to 9"):
        train.replacing(labels=train.labels + 7)


def test_bad_arguments_are_refused(pair):
    with pytest.raises(UnknownNameError, match=r"no split to audit 'tset'.*Did you mean 'test'"):
        audit(pair, split="tset")
    with pytest.raises(UsageError, match="top is a whole number of suspects, at least 1"):
        audit(pair, top=0)
    with pytest.raises(UsageError, match="seconds is a number above 0"):
        audit(pair, seconds=-1)
    with pytest.raises(UsageError, match=r"the pair \(train, test\)"):
        audit((pair[0],))
    with pytest.raises(UsageError, match="A seed is an integer"):
        audit(pair, seed=-1)


def test_the_function_stays_a_function_once_its_package_is_imported():
    assert fl.audit is audit


def test_duplicates_outliers_and_neighbours_are_findings_of_their_own(quick):
    train, test = fl.load("mnist")
    train, test = train[:300], test[:100]
    noise = torch.randint(0, 256, (1, 1, 28, 28), generator=torch.Generator().manual_seed(0)).byte()
    images = torch.cat([train.images[:298], train.images[7:8], noise])
    labels = train.labels.clone()
    labels[298] = labels[7]
    leaking = test.replacing(images=torch.cat([train.images[3:4], test.images[1:]]))
    report = audit((train.replacing(images=images, labels=labels), leaking), split="all", top=5, seconds=0.1)
    pairs = [[(member.split, member.index) for member in one.members] for one in report.duplicates]
    assert [("train", 3), ("test", 0)] in pairs
    assert [("train", 7), ("train", 298)] in pairs
    assert report.duplicates[0].crosses_splits
    assert ("train", 299) in {(outlier.split, outlier.index) for outlier in report.outliers}
    assert all(len(suspect.neighbours) == 8 for suspect in report.suspects)
