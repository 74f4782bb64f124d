"""Scores of labels. By oracle (cleanlab, by hand) and by behaviour."""

from __future__ import annotations

import sys

import pytest
import torch

from firstlight._errors import MissingExtraError
from firstlight.audits import confident_learning, normalised_margin, self_confidence
from firstlight.audits._count import count_errors
from firstlight.audits._scores import score_labels


def _opinions(count: int = 2000, classes: int = 4, *, seed: int = 0):
    draw = torch.Generator().manual_seed(seed)
    truth = torch.randint(classes, (count,), generator=draw)
    clear = 6.0 * torch.nn.functional.one_hot(truth, classes)
    said = (clear + torch.randn(3, count, classes, generator=draw)).log_softmax(dim=2)
    labels = truth.clone()
    labels[:100] = (labels[:100] + 1) % classes
    return said, labels, truth


def test_self_confidence_is_cleanlabs_score_turned_round():
    from cleanlab.rank import get_self_confidence_for_each_label

    said, labels, _ = _opinions()
    ours = (-self_confidence(said[0].double(), labels)).exp()
    theirs = get_self_confidence_for_each_label(labels.numpy(), said[0].double().exp().numpy())
    assert ours.allclose(torch.from_numpy(theirs))


def test_confident_learning_finds_what_was_planted():
    said, labels, _ = _opinions()
    found = confident_learning(said.double().mean(dim=0).log_softmax(dim=1), labels)
    assert found.nonzero().flatten().tolist() == list(range(100))


def test_confident_learning_without_cleanlab_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    said, labels, _ = _opinions()
    with pytest.raises(MissingExtraError, match=r"needs cleanlab.*firstlight\[audit\]"):
        confident_learning(said[0].double(), labels)


def test_the_margin_does_not_care_how_loud_a_network_is():
    said, labels, _ = _opinions()
    loud = torch.stack([said[0], 10 * said[1]])
    assert normalised_margin(loud, labels).allclose(normalised_margin(said[:2], labels), atol=1e-5)
    assert normalised_margin(said, labels).argsort(descending=True)[:100].sort().values.tolist() == list(
        range(100)
    )


def test_scores_cover_the_judged_images_only():
    said, labels, truth = _opinions()
    said[:, 500:] = torch.nan
    scores = score_labels(said, labels, torch.zeros(len(labels)))
    assert scores.places.tolist() == list(range(500))
    assert scores.suggested[:100].tolist() == truth[:100].tolist()
    assert scores.ranking.argsort(descending=True)[:100].sort().values.tolist() == list(range(100))


def test_a_label_that_networks_learn_reluctantly_ranks_higher():
    said, labels, _ = _opinions()
    seen = torch.randn(len(labels), generator=torch.Generator().manual_seed(1))
    plain, with_seen = (score_labels(said, labels, margin) for margin in (torch.zeros(len(labels)), seen))
    assert plain.ranking.equal(plain.noise.log_odds)
    rises = with_seen.ranking - plain.ranking
    assert torch.corrcoef(torch.stack([rises, -seen.double()]))[0, 1] > 0.999


def test_the_count_lies_in_its_interval_and_doubt_widens_it():
    said, labels, _ = _opinions()
    clear = count_errors(score_labels(said, labels, torch.zeros(len(labels))))
    assert clear.interval[0] <= 100 <= clear.interval[1]
    blurred = count_errors(score_labels(said / 2, labels, torch.zeros(len(labels))))
    assert blurred.interval[0] <= 100 <= blurred.interval[1]
    draw = torch.Generator().manual_seed(2)
    doubtful = said + 2.5 * torch.randn(said.shape, generator=draw)
    doubted = count_errors(score_labels(doubtful.log_softmax(dim=2), labels, torch.zeros(len(labels))))
    width = clear.interval[1] - clear.interval[0]
    assert doubted.interval[1] - doubted.interval[0] > width
