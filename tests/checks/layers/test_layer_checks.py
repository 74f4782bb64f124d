"""Checks of layers by behaviour: each fails for a wrong layer with the right family, and passes for its twin."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from firstlight._errors import TargetError, UsageError
from firstlight.checks import check
from firstlight.checks._given import Given
from firstlight.checks._outcome import Outcome
from firstlight.checks._target import load_object
from firstlight.checks.layers import KIND
from firstlight.checks.layers._subject import LayerSubject

ROOT = Path(__file__).parents[3]
BANK = ROOT / "benchmarks" / "bugbank" / "layer"
EXAMPLES = ROOT / "docs" / "check" / "examples"
CHECKS = {one.id: one for one in KIND.checks}

# Which check sees which wrong layer, and by which family.
SEEN = (
    ("linear_bias_unused", "L2", "forward"),
    ("conv2d_flipped_kernel", "L2", "forward"),
    ("conv2d_dilation_ignored", "L20", "ignored-option"),
    ("numpy_conv_stride_off", "L2", "shape"),
    ("layernorm_epsilon_ignored", "L20", "epsilon"),
    ("layernorm_over_batch", "L3", "batch-mixing"),
    ("softmax_over_batch", "L3", "batch-mixing"),
    ("positions_along_batch", "L4", "batch-mixing"),
    ("squeeze_loses_batch", "L5", "shape"),
    ("attention_heads_not_swapped", "L2", "shape"),
    ("attention_mask_off_by_one", "L13", "forward"),
    ("attention_softmax_over_queries", "L2", "softmax"),
    ("attention_mask_after_softmax", "L13", "softmax"),
    ("batchnorm_detached_statistics", "L1", "backward"),
    ("custom_function_wrong_backward", "L1", "backward"),
    ("numpy_dropout_mask_not_in_backward", "L21", "backward"),
    ("numpy_batchnorm_backward_short", "L21", "backward"),
    ("layers_in_plain_list", "L6", "registration"),
    ("one_layer_repeated", "L6", "registration"),
    ("linear_detached_weight", "L6", "backward"),
    ("dropout_active_in_eval", "L8", "train-eval-mode"),
    ("batchnorm_updates_in_eval", "L8", "running-statistics"),
    ("rnn_state_kept_between_calls", "L8", "state"),
    ("dropout_not_scaled", "L9", "dropout-scaling"),
    ("dropout_scaled_by_rate", "L9", "dropout-scaling"),
    ("dropout_seeded_each_call", "L9", "determinism"),
    ("dropout_never_active", "L9", "dropout-scaling"),
    ("batchnorm_running_never_updated", "L10", "running-statistics"),
    ("batchnorm_momentum_inverted", "L10", "running-statistics"),
    ("numpy_batchnorm_variance_pace", "L10", "running-statistics"),
    ("rmsnorm_sum_for_mean", "L2", "forward"),
    ("maxpool_padded_with_zeros", "L14", "forward"),
    ("residual_lost", "L14", "forward"),
    ("residual_doubled", "L14", "forward"),
    ("positions_wrong_exponent", "L2", "forward"),
)


def entry(path: Path) -> dict[str, Any]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ENTRY":
            found: dict[str, Any] = ast.literal_eval(node.value)
            return found
    raise AssertionError(path)


def ask(check_id: str, target: Any, like: str | None = None, **options: Any) -> Outcome:
    given = Given(
        target, "layer", like=like, args=options.get("args", {}), declares=options.get("declares", {})
    )
    return CHECKS[check_id].run(LayerSubject.of(given))


@pytest.mark.parametrize(("name", "check_id", "family"), SEEN)
def test_sees_the_wrong_one_and_passes_its_twin(name: str, check_id: str, family: str) -> None:
    wrong = entry(BANK / f"{name}.py")
    target = load_object(f"{BANK / name}.py:{wrong['target']}")
    outcome = ask(check_id, target, wrong["like"], args=wrong["args"], declares=wrong["declares"])
    assert (outcome.status, outcome.family) == ("fail", family)
    file, _, twin = wrong["twin"].partition(":")
    right = entry(BANK / file)
    made = ask(check_id, load_object(f"{BANK / file}:{twin}"), right["like"], args=right["args"])
    assert made.status in ("pass", "skip")


class Gelu2(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.nn.functional.gelu(x)


class LostBuffer(nn.Module):
    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.mean = torch.zeros(num_features)

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * x.mean(0).detach()
        return x - self.mean


class Overflowing(nn.Module):
    def __init__(self, embed_dim: int) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(embed_dim, embed_dim) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        scores = self.q(x) @ self.k(x).mT / x.shape[-1] ** 0.5
        weights = scores.exp()
        return weights / weights.sum(-1, keepdim=True) @ self.v(x)


class Clipping(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).clamp(-1, 1)


class Uncentred(nn.Module):
    def __init__(self, normalized_shape: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(normalized_shape))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * x / (x.std(-1, keepdim=True, unbiased=False) + 1e-5)


def test_saving_sees_what_is_lost() -> None:
    outcome = ask("L18", LostBuffer, args={"num_features": 5})
    assert (outcome.status, outcome.family) == ("fail", "registration")
    assert ask("L18", nn.BatchNorm1d, args={"num_features": 5}).status == "pass"


def test_extreme_inputs_see_an_overflow() -> None:
    outcome = ask("L17", Overflowing, "attention", args={"embed_dim": 6})
    assert (outcome.status, outcome.family) == ("fail", "numerical-stability")
    assert (
        ask("L17", nn.MultiheadAttention, "attention", args={"embed_dim": 6, "num_heads": 2}).status == "pass"
    )


def test_linearity_sees_a_clip() -> None:
    args = {"in_features": 5, "out_features": 4}
    assert ask("L12", Clipping, "linear", args=args).status == "fail"
    assert ask("L12", nn.Linear, "linear", args=args).status == "pass"


def test_invariance_sees_a_mean_that_is_left() -> None:
    assert ask("L11", Uncentred, "layernorm", args={"normalized_shape": 6}).status == "fail"
    assert ask("L11", nn.LayerNorm, "layernorm", args={"normalized_shape": 6}).status == "pass"


@pytest.mark.parametrize(
    ("target", "like", "args"),
    [
        (nn.Linear, "linear", {"in_features": 5, "out_features": 3}),
        (nn.BatchNorm2d, "batchnorm", {"num_features": 4, "momentum": 0.9}),
        (nn.MultiheadAttention, "attention", {"embed_dim": 8, "num_heads": 2}),
        (nn.Dropout, "dropout", {"p": 0.3, "inplace": True}),
        (nn.LSTM, None, {"input_size": 5, "hidden_size": 4}),
        (Gelu2, None, {}),
        (nn.Conv2d, nn.Conv2d, {"in_channels": 3, "out_channels": 4, "kernel_size": 3}),
    ],
)
def test_right_layers_pass(target: Any, like: Any, args: dict[str, Any]) -> None:
    assert check(target, kind="layer", like=like, args=args, isolated=False).verdict == "PASS"


def test_momentum_of_keras_is_a_dialect() -> None:
    class KeepingBatchNorm:
        def __init__(self, dim: int, momentum: float = 0.9) -> None:
            self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
            self.momentum = momentum

        def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
            if not training:
                return (x - self.running_mean) / np.sqrt(self.running_var + 1e-5)
            keep = self.momentum
            self.running_mean = keep * self.running_mean + (1 - keep) * x.mean(0)
            self.running_var = keep * self.running_var + (1 - keep) * x.var(0)
            return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)

    report = check(KeepingBatchNorm, kind="layer", like="batchnorm", args={"dim": 5}, isolated=False)
    assert report.verdict == "PASS"
    assert report.dialect is not None
    assert "Keras" in report.dialect
    strict = check(
        KeepingBatchNorm,
        kind="layer",
        like="batchnorm",
        args={"dim": 5},
        declares={"momentum_convention": "torch"},
        isolated=False,
    )
    assert strict.verdict == "FAIL"


def test_unknown_declaration_is_told() -> None:
    with pytest.raises(UsageError, match="declares no colour"):
        check(
            nn.Linear,
            kind="layer",
            args={"in_features": 2, "out_features": 2},
            declares={"colour": "red"},
            isolated=False,
        )


def test_missing_arguments_are_told() -> None:
    with pytest.raises(TargetError, match="--args"):
        check(nn.Linear, kind="layer", like="linear", isolated=False)


def test_a_layer_that_takes_nothing_is_told() -> None:
    class Never(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise RuntimeError("no")

    with pytest.raises(TargetError, match="No input was found"):
        check(Never, kind="layer", isolated=False)


def test_examples_of_the_docs() -> None:
    options: dict[str, Any] = {
        "kind": "layer",
        "like": "attention",
        "args": {"d_model": 8},
        "isolated": False,
    }
    wrong = check(f"{EXAMPLES / 'layer_wrong.py'}:CausalAttention", **options)
    assert wrong.verdict == "FAIL"
    assert wrong.diagnosis is not None
    assert wrong.diagnosis.family == "softmax"
    assert check(f"{EXAMPLES / 'layer_right.py'}:CausalAttention", **options).verdict == "PASS"


def test_the_same_seed_gives_the_same_verdict() -> None:
    first, second = (
        check(nn.Dropout, kind="layer", like="dropout", args={"p": 0.3}, isolated=False, seed=4)
        for _ in range(2)
    )
    assert [one.seen for one in first.checks] == [one.seen for one in second.checks]
