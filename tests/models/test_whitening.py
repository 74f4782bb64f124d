"""Oracle: what comes out is white, and numpy's eigenvectors; behaviour of freezing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from firstlight import load
from firstlight.models import EpochAware, Preparable, Whitening
from firstlight.models._whitening import whitening_filters


@pytest.fixture(scope="module")
def images() -> Tensor:
    """Normalised digits: neighbouring pixels are alike, and most patches are black."""
    train, _ = load("mnist")
    return (train.images[:600].float() / 255 - train.mean[0]) / train.std[0]


def coloured(count: int = 300) -> Tensor:
    """Smooth noise in three channels that resemble each other."""
    random = torch.Generator().manual_seed(0)
    noise = torch.randn(count, 3, 12, 10, generator=random)
    return torch.nn.functional.avg_pool2d(noise + noise.mean(1, keepdim=True), 3, stride=1)


def outputs(layer: Whitening, images: Tensor) -> Tensor:
    maps = layer(images).detach().double()
    return maps.transpose(0, 1).flatten(1)


@pytest.mark.parametrize("kernel", [1, 2, 3])
def test_what_comes_out_is_white(kernel: int) -> None:
    layer = Whitening(3, kernel=kernel, eps=0.0)
    layer.prepare(coloured())
    values = outputs(layer, coloured())
    half = 3 * kernel**2
    moments = values @ values.T / values.shape[1]
    torch.testing.assert_close(moments[:half, :half], torch.eye(half).double(), rtol=0, atol=1e-3)
    torch.testing.assert_close(values[half:], -values[:half], rtol=0, atol=1e-5)


def test_digits_come_out_with_a_covariance_of_nearly_one(images: Tensor) -> None:
    layer = Whitening(1, kernel=2, eps=0.0)
    assert (torch.corrcoef(images.unfold(3, 2, 1).reshape(-1, 2).T)[0, 1]) > 0.7, "they go in correlated"
    layer.prepare(images)
    covariance = torch.cov(outputs(layer, images)[:4])
    torch.testing.assert_close(covariance, torch.eye(4).double(), rtol=0, atol=0.02)


def test_filters_are_numpys_eigenvectors_over_roots(images: Tensor) -> None:
    patches = np.lib.stride_tricks.sliding_window_view(images[:, 0].double().numpy(), (2, 2), axis=(1, 2))
    rows = patches.reshape(-1, 4)
    values, vectors = np.linalg.eigh(rows.T @ rows / len(rows))
    filters = whitening_filters(images, 2, eps=0.01).double().numpy()
    for filter_, value, vector in zip(filters, values[::-1], vectors.T[::-1], strict=True):
        expected = vector / np.sqrt(value + 0.01)
        assert min(np.abs(filter_ - expected).max(), np.abs(filter_ + expected).max()) < 1e-3


def test_eps_tames_directions_in_which_nothing_happens() -> None:
    grey = torch.randn(50, 1, 6, 6, generator=torch.Generator().manual_seed(0)).expand(-1, 3, -1, -1)
    filters = whitening_filters(grey, 1, eps=0.25)
    norms = filters.norm(dim=1)
    torch.testing.assert_close(norms[1:], torch.full((2,), 2.0), rtol=1e-3, atol=0)
    assert norms[0] < 1


def test_until_prepared_patches_pass_with_both_signs() -> None:
    images = coloured(4)
    maps = Whitening(3, kernel=1)(images)
    torch.testing.assert_close(maps, torch.cat([images, -images], dim=1))


def test_filters_are_frozen_and_the_bias_for_all_but_the_first_epochs() -> None:
    layer = Whitening(3, bias_epochs=2)
    assert isinstance(layer, Preparable)
    assert isinstance(layer, EpochAware)
    learnt = []
    for epoch in range(4):
        layer.epoch_started(epoch)
        learnt.append([name for name, each in layer.named_parameters() if each.requires_grad])
    assert learnt == [["bias"], ["bias"], [], []]


def test_making_one_draws_nothing() -> None:
    before = torch.get_rng_state()
    Whitening(3)
    assert torch.equal(torch.get_rng_state(), before)


def test_its_filters_are_part_of_its_state() -> None:
    layer, other = Whitening(3), Whitening(3)
    layer.prepare(coloured())
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(coloured()), layer(coloured()))
