"""References of layers against oracles: torch.nn with its own weights, and JAX or SciPy beside it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from firstlight.checks._given import Given
from firstlight.checks.layers._subject import LayerSubject
from firstlight.checks.references.layers import LAYERS
from firstlight.checks.references.layers._convolve import convolve

TORCH: tuple[tuple[type[nn.Module], str, dict[str, Any]], ...] = (
    (nn.Linear, "linear", {"in_features": 5, "out_features": 3}),
    (nn.Conv1d, "conv1d", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "stride": 2, "groups": 2}),
    (nn.Conv2d, "conv2d", {"in_channels": 3, "out_channels": 4, "kernel_size": (3, 2), "padding": (1, 0)}),
    (
        nn.Conv2d,
        "conv2d",
        {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": "same"},
    ),
    (nn.Conv2d, "depthwise-conv2d", {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 4}),
    (
        nn.ConvTranspose2d,
        "conv-transpose2d",
        {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "stride": 2, "padding": 1, "groups": 2},
    ),
    (nn.BatchNorm1d, "batchnorm", {"num_features": 5, "eps": 0.1}),
    (nn.BatchNorm2d, "batchnorm2d", {"num_features": 3}),
    (nn.LayerNorm, "layernorm", {"normalized_shape": (3, 5), "eps": 0.1}),
    (nn.GroupNorm, "groupnorm", {"num_groups": 2, "num_channels": 6}),
    (nn.InstanceNorm2d, "instancenorm", {"num_features": 4, "affine": True}),
    (nn.RMSNorm, "rmsnorm", {"normalized_shape": 6, "eps": 0.1}),
    (nn.MaxPool2d, "maxpool", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    (nn.AvgPool2d, "avgpool", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    (nn.AvgPool2d, "avgpool", {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    (nn.MultiheadAttention, "attention", {"embed_dim": 12, "num_heads": 3, "batch_first": True}),
    (nn.Embedding, "embedding", {"num_embeddings": 7, "embedding_dim": 4}),
    (nn.LSTM, "lstm", {"input_size": 5, "hidden_size": 4, "batch_first": True}),
    (nn.GRU, "gru", {"input_size": 5, "hidden_size": 4}),
    (nn.RNN, "rnn", {"input_size": 5, "hidden_size": 4, "nonlinearity": "relu"}),
    (nn.Flatten, "flatten", {"start_dim": 1}),
    (nn.Upsample, "upsample", {"scale_factor": 3, "mode": "bilinear", "align_corners": True}),
    (nn.Upsample, "upsample", {"scale_factor": 2, "mode": "bilinear"}),
)


@pytest.mark.parametrize(("module", "name", "options"), TORCH)
def test_equals_torch(module: type[nn.Module], name: str, options: dict[str, Any]) -> None:
    subject = LayerSubject.of(Given(module, "torch", like=name, args=options))
    found = subject.compare(training=name.startswith("batchnorm"))
    assert found.agrees
    assert found.best.error < 1e-9


@pytest.mark.parametrize(("module", "name", "options"), TORCH[:1] + TORCH[9:10])
def test_other_weights_do_not_agree(module: type[nn.Module], name: str, options: dict[str, Any]) -> None:
    subject = LayerSubject.of(Given(module, "torch", like=name, args=options))
    layer = subject.make()
    kept = layer.values()
    seen = layer.again(subject.plan.draw(3))
    layer.write({key: value * 1.1 for key, value in kept.items()})
    assert np.abs(layer.again(subject.plan.draw(3)) - seen).max() > 1e-3


def test_convolution_equals_scipy() -> None:
    from scipy.signal import correlate2d

    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((1, 2, 8, 7)), rng.standard_normal((1, 2, 3, 3))
    expected = sum(correlate2d(x[0, c], weight[0, c], mode="valid") for c in range(2))
    np.testing.assert_allclose(convolve(x, weight)[0, 0], expected, atol=1e-12)


def _jax() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("jax")


def test_convolution_equals_jax() -> None:
    jax = _jax()
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 4, 9, 8)).astype(np.float32)
    weight = rng.standard_normal((6, 2, 3, 3)).astype(np.float32)
    expected = jax.lax.conv_general_dilated(
        x, weight, (2, 1), ((1, 1), (2, 2)), rhs_dilation=(1, 2), feature_group_count=2
    )
    seen = convolve(x, weight, stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)
    np.testing.assert_allclose(seen, np.asarray(expected), atol=1e-4)


def test_normalisation_equals_jax() -> None:
    jax = _jax()
    x = np.random.default_rng(0).standard_normal((4, 6)).astype(np.float32)
    expected = jax.nn.standardize(x, axis=-1, epsilon=0.1)
    seen = LAYERS["layernorm"].forward({}, x.astype(np.float64), normalized_shape=6, eps=0.1)
    np.testing.assert_allclose(seen, np.asarray(expected), atol=1e-5)


def test_attention_equals_torch_function() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 5, 6))
    eye = {f"{role}_weight": np.eye(6) for role in "qkv"} | {f"{role}_bias": np.zeros(6) for role in "qkv"}
    seen = LAYERS["attention"].forward(eye, x, embed_dim=6, num_heads=2, causal=True)
    heads = torch.from_numpy(x).view(2, 5, 2, 3).transpose(1, 2)
    expected = nn.functional.scaled_dot_product_attention(heads, heads, heads, is_causal=True)
    np.testing.assert_allclose(seen, expected.transpose(1, 2).reshape(2, 5, 6).numpy(), atol=1e-12)


def test_attention_equals_jax() -> None:
    jax = _jax()
    x = np.random.default_rng(0).standard_normal((2, 5, 6)).astype(np.float32)
    eye = {f"{role}_weight": np.eye(6) for role in "qkv"} | {f"{role}_bias": np.zeros(6) for role in "qkv"}
    seen = LAYERS["attention"].forward(eye, x.astype(np.float64), embed_dim=6, num_heads=2, causal=False)
    heads = x.reshape(2, 5, 2, 3)
    expected = np.asarray(jax.nn.dot_product_attention(heads, heads, heads)).reshape(2, 5, 6)
    np.testing.assert_allclose(seen, expected, atol=1e-5)


def test_positions_are_those_of_the_paper() -> None:
    seen = LAYERS["positional-encoding"].forward({}, np.zeros((1, 3, 4)), d_model=4)
    expected = [np.sin(2.0), np.cos(2.0), np.sin(2.0 / 100.0), np.cos(2.0 / 100.0)]
    np.testing.assert_allclose(seen[0, 2], expected, atol=1e-12)


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_mistakes_change_something(name: str) -> None:
    reference = LAYERS[name]
    assert reference.source
    assert len({mistake.cause for mistake in reference.mistakes}) == len(reference.mistakes)
