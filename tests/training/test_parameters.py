"""Behaviour: kinds of parameters in networks whose answer one can see."""

from __future__ import annotations

from torch import nn

from firstlight.training._parameters import hidden_weights, norm_biases


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3), nn.GroupNorm(2, 6), nn.Conv2d(6, 8, 3),
        nn.Flatten(), nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 10),
    )  # fmt: skip


def test_hidden_weights_are_those_between_the_first_and_the_last_layer() -> None:
    model = network()
    expected = [model[2].weight, model[4].weight, model[6].weight]
    assert list(map(id, hidden_weights(model))) == list(map(id, expected))


def test_behind_frozen_first_filters_all_trained_filters_are_hidden() -> None:
    model = network()
    model[0].weight.requires_grad_(False)
    model[4].weight.requires_grad_(False)
    assert list(map(id, hidden_weights(model))) == [id(model[2].weight), id(model[6].weight)]


def test_a_network_of_two_layers_has_no_hidden_weights() -> None:
    assert hidden_weights(nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))) == []
    assert hidden_weights(nn.ReLU()) == []


def test_norm_biases_are_those_of_every_kind_of_normalisation() -> None:
    model = network()
    assert list(map(id, norm_biases(model))) == [id(model[1].bias), id(model[3].bias), id(model[7].bias)]


def test_a_normalisation_without_bias_is_passed_over() -> None:
    assert norm_biases(nn.Sequential(nn.BatchNorm2d(4, affine=False), nn.LayerNorm(4, bias=False))) == []
