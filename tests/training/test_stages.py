"""Behaviour: layers are shown normalised images of all classes, and found if they count epochs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from firstlight import load
from firstlight.models import ManyViews, Whitening
from firstlight.training._stages import epoch_aware, prepare_layers

CPU = torch.device("cpu")


class Looking(nn.Identity):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Tensor] = []

    def prepare(self, images: Tensor) -> None:
        self.seen.append(images)


def test_layers_see_normalised_images_drawn_by_the_seed() -> None:
    train, _ = load("mnist")
    some = train.subset(torch.argsort(train.labels, stable=True)[:7000])  # only zeros, then only ones
    model = nn.Sequential(nn.Flatten(), ManyViews(Looking()))
    for seed in (0, 0, 1):
        prepare_layers(model, some, seed=seed, device=CPU)
    first, again, other = model[1].network.seen
    assert first.shape == (5000, 1, 28, 28)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    pixels = (first * train.std[0] + train.mean[0]) * 255
    torch.testing.assert_close(pixels, pixels.round(), rtol=0, atol=1e-3)
    zeros = {bytes(image.flatten().tolist()) for image in some.images[some.labels == 0]}
    found = sum(bytes(image.flatten().tolist()) in zeros for image in pixels.round().to(torch.uint8))
    assert 0.8 < found / 5000 * 7000 / len(zeros) < 1.2


def test_a_small_data_set_is_shown_whole() -> None:
    model = Looking()
    prepare_layers(model, load("mnist")[0][:70], seed=0, device=CPU)
    assert [len(images) for images in model.seen] == [70]


def test_layers_that_count_epochs_are_found_however_deep() -> None:
    model = nn.Sequential(Whitening(1, bias_epochs=1), nn.Sequential(nn.ReLU(), Whitening(8, bias_epochs=2)))
    for layer in epoch_aware(model):
        layer.epoch_started(1)
    assert not model[0].bias.requires_grad
    assert model[1][1].bias.requires_grad


def test_models_without_such_layers_are_left_alone() -> None:
    model = nn.Linear(3, 2)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    prepare_layers(model, load("mnist")[0][:10], seed=0, device=CPU)
    assert epoch_aware(model) == []
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
