"""Margins while networks learn. By hand, and by behaviour of a real training."""

from __future__ import annotations

import torch

import firstlight as fl
from firstlight.audits._dynamics import SeenMargins, margins
from firstlight.loader import batches
from firstlight.recipes import adjusted, find_recipe
from firstlight.training import fit


def test_the_margin_is_the_given_label_less_the_best_other():
    logits = torch.tensor([[1.0, 4.0, 2.0], [1.0, 4.0, 2.0], [0.0, 0.0, 0.0]])
    assert margins(logits, torch.tensor([1, 2, 0])).tolist() == [2.0, -2.0, 0.0]


def test_each_margin_lands_at_its_own_image():
    train = fl.load("mnist")[0][:200]
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    recipe = adjusted(find_recipe("mlp"), epochs=1, batch_size=50, learning_rate=1e-12)
    seen, places = SeenMargins(500), torch.arange(200) + 300
    with seen.recording(model, places, train.labels, seed=3):
        list(fit(model, train, recipe, seed=3))
    images = next(iter(batches(train, 200)))[0]
    model.eval()
    with torch.inference_mode():
        wanted = margins(model(images), train.labels)
    is_met = ~seen.mean.isnan()
    assert not is_met[:300].any()
    assert int(is_met.sum()) == 140  # the last seven tenths of the steps
    # One scale for all; products may be rounded to bfloat16 on the way.
    assert torch.corrcoef(torch.stack([seen.mean[is_met], wanted[is_met[300:]]]))[0, 1] > 0.999


def test_nothing_is_noted_of_a_network_that_did_not_train():
    seen, model = SeenMargins(5), torch.nn.Linear(3, 2)
    with seen.recording(model, torch.arange(5), torch.zeros(5, dtype=torch.int64), seed=0):
        model.eval()(torch.zeros(5, 3))
    assert bool(seen.mean.isnan().all())
    assert not model._forward_hooks
