"""The noise model on made-up networks of which everything is known: an oracle of planted transitions."""

from __future__ import annotations

import pytest
import torch

from firstlight.audits._estimate import consensus, estimate_noise

CLASSES = 5


def _readings(count: int, *, sharpness: float = 6.0, seed: int = 0):
    """True classes, and log-probabilities of networks that are right nearly always."""
    draw = torch.Generator().manual_seed(seed)
    truth = torch.randint(CLASSES, (count,), generator=draw)
    noise = torch.randn(count, CLASSES, generator=draw, dtype=torch.float64)
    logits = sharpness * torch.nn.functional.one_hot(truth, CLASSES) + noise
    return truth, logits.log_softmax(dim=1), draw


def _with_noise(truth, rate, draw, *, to_next):
    step = torch.ones_like(truth) if to_next else torch.randint(1, CLASSES, truth.shape, generator=draw)
    is_wrong = torch.rand(truth.shape, generator=draw) < rate
    return torch.where(is_wrong, (truth + step) % CLASSES, truth), is_wrong


@pytest.mark.parametrize("to_next", [False, True])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_the_noise_that_was_planted_is_estimated(rate, to_next):
    truth, said, draw = _readings(20_000)
    labels, is_wrong = _with_noise(truth, rate, draw, to_next=to_next)
    noise = estimate_noise(said, labels)
    flagged = noise.wrong_probability > 0.5
    assert (flagged & is_wrong).sum() >= 0.97 * is_wrong.sum()
    assert (flagged & is_wrong).sum() >= 0.97 * flagged.sum()
    assert abs(float(noise.transition.diagonal().mean()) - (1 - rate)) < 0.015


def test_transitions_tell_to_where_labels_went():
    truth, said, draw = _readings(20_000)
    labels, _ = _with_noise(truth, 0.2, draw, to_next=True)
    transition = estimate_noise(said, labels).transition
    assert transition.sum(dim=1).allclose(torch.ones(CLASSES, dtype=torch.float64))
    assert all(transition[label, (label + 1) % CLASSES] > 0.17 for label in range(CLASSES))
    assert all(transition[label, (label + 2) % CLASSES] < 0.01 for label in range(CLASSES))


def test_networks_that_learnt_the_noise_too_are_heard_rightly():
    truth, said, draw = _readings(20_000)
    labels, is_wrong = _with_noise(truth, 0.2, draw, to_next=True)
    learnt = torch.eye(CLASSES, dtype=torch.float64) * 0.8 + torch.eye(CLASSES).roll(1, 1).double() * 0.2
    noise = estimate_noise((said.exp() @ learnt).log(), labels)
    flagged = noise.wrong_probability > 0.5
    assert (flagged & is_wrong).sum() >= 0.97 * is_wrong.sum()
    assert (flagged & is_wrong).sum() >= 0.97 * flagged.sum()


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_confidence_is_put_right(factor):
    truth, said, draw = _readings(20_000)
    labels, _ = _with_noise(truth, 0.05, draw, to_next=False)
    plain, other = (estimate_noise(words, labels) for words in (said, (factor * said).log_softmax(dim=1)))
    assert other.temperature / plain.temperature == pytest.approx(factor, rel=0.05)
    assert other.wrong_probability.allclose(plain.wrong_probability, atol=0.01)


def test_good_labels_are_left_alone():
    truth, said, _ = _readings(20_000)
    assert int((estimate_noise(said, truth).wrong_probability > 0.5).sum()) <= 10


def test_renaming_the_classes_changes_nothing_else():
    truth, said, draw = _readings(2_000)
    labels, _ = _with_noise(truth, 0.1, draw, to_next=True)
    order = torch.tensor([3, 1, 4, 0, 2])
    renamed = estimate_noise(said[:, order], order.argsort()[labels])
    assert renamed.log_odds.allclose(estimate_noise(said, labels).log_odds, atol=1e-6)


def test_a_class_without_images_does_no_harm():
    truth, said, draw = _readings(2_000)
    truth = truth % 4
    labels, _ = _with_noise(truth, 0.0, draw, to_next=True)
    assert bool(estimate_noise(said, labels).log_odds.isfinite().all())


def test_consensus_leaves_out_who_said_nothing():
    said = torch.tensor([[0.7, 0.2, 0.1]]).log()
    nothing = torch.full((1, 3), torch.nan)
    assert consensus(torch.stack([said, nothing])).allclose(said.double(), atol=1e-6)
