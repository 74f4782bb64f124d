"""Each check of optimizers on a right one and on a wrong one (behaviour): torch's, and the bug bank's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Request
from firstlight.checks._kinds import find_kind
from firstlight.checks._outcome import Outcome
from firstlight.checks._resolve import resolve
from firstlight.checks._runner import run_check
from firstlight.checks.optimizers._agreement import TIGHT, first_difference
from firstlight.checks.optimizers._ratio import named_ratio, step_ratio
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import made_tape

BANK = Path(__file__).parents[3] / "benchmarks/bugbank/optimizer"
CHECKS = {check.id: check for check in find_kind("optimizer").checks}


@cache
def subject(target: Any, like: Any = None, **args: Any) -> OptimizerSubject:
    name = f"{BANK / target}" if isinstance(target, str) else target
    _, given = resolve(Request(target=name, like=like, kind="optimizer", args=args))
    return OptimizerSubject.of(given)


def asked(check: str, target: Any, like: Any = None, **args: Any) -> Outcome:
    return run_check(CHECKS[check], subject(target, like, **args), seed=0)[1]


ADAM, SGD = torch.optim.Adam, torch.optim.SGD
RIGHT = [
    ("O1", ADAM, "adam", {}),
    ("O2", ADAM, "adam", {}),
    ("O3", ADAM, "adam", {}),
    ("O4", ADAM, "adam", {}),
    ("O5", ADAM, "adam", {}),
    ("O6", SGD, "sgd", {}),
    ("O7", ADAM, "adam", {}),
    ("O8", ADAM, "adam", {}),
    ("O9", ADAM, "adam", {}),
    ("O10", torch.optim.AdamW, "adamw", {}),
    ("O11", SGD, "sgd", {"momentum": 0.9}),
    ("O12", ADAM, "adam", {}),
    ("O13", ADAM, "adam", {}),
    ("O14", ADAM, "adam", {}),
    ("O15", ADAM, "adam", {}),
    ("O16", ADAM, "adam", {}),
    ("O17", ADAM, "adam", {}),
    ("O20", ADAM, "adam", {}),
    ("O21", ADAM, "adam", {}),
    ("O22", SGD, None, {}),
    ("O23", ADAM, "adam", {}),
    ("O24", ADAM, ADAM, {}),
]
WRONG = [
    ("O1", "adam_second_moment_miscorrected.py:Adam", "adam", {}, "bias-correction"),
    ("O1", "optax_adam_state_not_advanced.py:adam", "adam", {}, "state"),
    ("O2", "adam_eps_hard_coded.py:Adam", "adam", {}, "ignored-option"),
    ("O2", "adamw_decays_updated_weight.py:AdamW", "adamw", {}, "weight-decay"),
    ("O3", "adam_weight_decay_ignored.py:Adam", "adam", {}, "ignored-option"),
    ("O4", "numpy_adam_ascends.py:Adam", "adam", {}, "rate-scale"),
    ("O5", "adam_eps_added_to_reciprocal.py:AdamP", "adam", {}, "epsilon"),
    ("O5", "adam_decays_without_gradient.py:AdamL2", "adam", {}, "state"),
    ("O6", "adam_ascends_without_like.py:Adam", None, {}, "sign"),
    ("O7", "adam_shared_step_counter.py:Adam", None, {}, "state"),
    ("O8", "numpy_adam_root_forgotten.py:Adam", "adam", {}, "state"),
    ("O9", "sgd_rate_in_buffer_and_step.py:SGD", "sgd", {"momentum": 0.9}, "rate-scale"),
    ("O10", "sgd_decay_sign_without_like.py:SGDW", None, {}, "weight-decay"),
    ("O10", "adamw_with_l2.py:AdamW", "adamw", {}, "weight-decay"),
    ("O11", "sgd_buffer_is_gradient.py:SGD", "sgd", {"momentum": 0.9}, "aliasing"),
    ("O11", "numpy_momentum_changes_gradient.py:Momentum", "momentum", {}, "aliasing"),
    ("O12", "adam_options_of_first_group.py:LookAdam", "adam", {}, "parameter-groups"),
    ("O13", "adam_step_counter_not_saved.py:Adam", "adam", {}, "resume"),
    ("O14", "adam_flat_copy_of_transposed.py:FlatAdam", "adam", {}, "shape"),
    ("O16", "adam_maximize_ignored.py:Adam", "adam", {}, "ignored-option"),
    ("O17", "numpy_adam_class_state.py:Adam", "adam", {}, "determinism"),
    ("O19", "numpy_adam_clips_each_tensor.py:Adam", "adam", {}, "clipping"),
    ("O20", "numpy_adam_state_lost.py:Adam", "adam", {}, "state"),
    ("O21", "numpy_adam_ascends.py:Adam", "adam", {}, "sign"),
    ("O23", "adam_rate_read_once.py:Adam", "adam", {}, "schedule"),
    ("O24", "numpy_adam_ascends.py:Adam", ADAM, {}, "sign"),
]


@pytest.mark.parametrize(("check", "target", "like", "args"), RIGHT, ids=lambda value: str(value)[:20])
def test_a_right_one_passes(check: str, target: Any, like: Any, args: dict[str, Any]) -> None:
    found = asked(check, target, like, **args)
    assert found.status == "pass", found


@pytest.mark.parametrize(
    ("check", "target", "like", "args", "family"), WRONG, ids=lambda value: str(value)[:30]
)
def test_a_wrong_one_fails(check: str, target: str, like: Any, args: dict[str, Any], family: str) -> None:
    if "optax" in target:
        pytest.importorskip("optax")
    found = asked(check, target, like, **args)
    assert (found.status, found.family) == ("fail", family), found


class LateState(torch.optim.Optimizer):
    """Makes its buffers in the first step."""

    def __init__(self, params: Any, lr: float = 0.1) -> None:
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        with_gradient = [p for p in self.param_groups[0]["params"] if p.grad is not None]
        if not hasattr(self, "buffers"):
            self.buffers = {p: torch.zeros_like(p) for p in with_gradient}
        for p in with_gradient:
            p.sub_(self.buffers[p].add_(p.grad), alpha=self.param_groups[0]["lr"])


def test_a_gradient_that_comes_late_needs_a_state() -> None:
    found = asked("O15", LateState)
    assert (found.status, found.family) == ("fail", "state")


class DecaysInPlace(torch.optim.Optimizer):
    """Adds the decay where the gradient lies, as libraries do; keeps nothing of it."""

    def __init__(self, params: Any, lr: float = 0.1, weight_decay: float = 0.1) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(p.grad.add_(p, alpha=group["weight_decay"]), alpha=group["lr"])


def test_a_gradient_changed_where_it_lies_is_no_mistake() -> None:
    assert asked("O11", DecaysInPlace, "sgd").status == "warn"


def pair_of_functions(rate: float = 0.1) -> Any:
    def init(params: Any) -> Any:
        return [np.zeros_like(p) for p in params]

    def update(grads: Any, state: Any) -> Any:
        state = [0.9 * m + g for m, g in zip(state, grads, strict=True)]
        return [-rate * m for m in state], state

    return init, update


def test_a_pair_of_plain_functions_is_an_optimizer() -> None:
    assert fl.check(pair_of_functions, like="momentum", isolated=False).verdict == "PASS"


def named(name: str, count_from: int) -> Any:
    """Return Adam as a class of this name, whose step counter begins there."""

    class Adam(torch.optim.Optimizer):
        def __init__(self, params: Any, lr: float = 0.1, betas: Any = (0.9, 0.99), eps: float = 1e-8) -> None:
            super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

        @torch.no_grad()
        def step(self) -> None:  # type: ignore[override]
            for group in self.param_groups:
                (b1, b2), eps = group["betas"], group["eps"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    state.setdefault("t", count_from)
                    m = state.setdefault("m", torch.zeros_like(p))
                    v = state.setdefault("v", torch.zeros_like(p))
                    state["t"] += 1
                    m.mul_(b1).add_(p.grad, alpha=1 - b1)
                    v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                    right, down = 1 - b1 ** state["t"], 1 - b2 ** state["t"]
                    p.sub_(group["lr"] * (m / right) / ((v / down).sqrt() + eps))

    Adam.__name__ = name
    return Adam


@pytest.mark.parametrize(
    ("name", "count_from", "status"),
    [("Adam", 0, "pass"), ("MyAdam", 1, "fail"), ("AdamButLater", 1, "warn"), ("Adapted", 1, "pass")],
)
def test_a_known_mistake_under_a_known_name_needs_no_like(name: str, count_from: int, status: str) -> None:
    found = asked("O22", named(name, count_from))
    assert found.status == status, found
    assert found.family == ("bias-correction" if status == "fail" else None)


class Clipping:
    """Clips by the common norm."""

    def __init__(self, params: list[np.ndarray], lr: float = 0.1, max_norm: float = 1e9) -> None:
        self.params, self.lr, self.max_norm = params, lr, max_norm

    def step(self, grads: list[np.ndarray]) -> None:
        norm = np.sqrt(sum((g * g).sum() for g in grads))
        for p, g in zip(self.params, grads, strict=True):
            p -= self.lr * g * min(1.0, self.max_norm / norm)


def test_clipping_by_the_common_norm_is_right() -> None:
    assert asked("O19", Clipping, "sgd").status == "pass"


class Functional:
    """Keeps nothing of the parameters: each step takes and returns them."""

    def __init__(self, lr: float = 0.1) -> None:
        self.lr = lr

    def update(self, params: list[np.ndarray], grads: list[np.ndarray]) -> list[np.ndarray]:
        return [p - self.lr * g for p, g in zip(params, grads, strict=True)]


class OnDicts:
    """Takes dictionaries."""

    def __init__(self, lr: float = 0.1) -> None:
        self.lr = lr

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        for key in params.keys():  # noqa: SIM118
            params[key] -= self.lr * grads[key]


class OnTensors:
    """Reads the gradients of torch tensors."""

    def __init__(self, parameters: list[torch.Tensor], learning_rate: float = 0.1) -> None:
        self.parameters, self.learning_rate = parameters, learning_rate

    def step(self) -> None:
        with torch.no_grad():
            for p in self.parameters:
                if p.grad is not None:
                    p -= self.learning_rate * p.grad


class OnlySingle:
    """Computes in single precision."""

    def __init__(self, params: list[np.ndarray], lr: float = 0.1) -> None:
        self.params, self.lr = params, np.float32(lr)

    def step(self, grads: list[np.ndarray]) -> None:
        for p, g in zip(self.params, grads, strict=True):
            p[...] = p.astype(np.float32) - self.lr * g.astype(np.float32)


@pytest.mark.parametrize("target", [Functional, OnDicts, OnTensors, OnlySingle])
def test_every_form_of_plain_sgd_passes(target: type) -> None:
    report = fl.check(target, kind="optimizer", like="sgd", isolated=False)
    assert report.verdict == "PASS", str(report)


def test_a_factor_is_named() -> None:
    class Half(torch.optim.Optimizer):
        def __init__(self, params: Any, lr: float = 0.1) -> None:
            super().__init__(params, {"lr": lr})

        def step(self, closure: Any = None) -> None:  # type: ignore[override]
            del closure
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.data.sub_(p.grad, alpha=0.7 * group["lr"])

    report = fl.check(Half, like="sgd", isolated=False)
    assert report.verdict == "FAIL"
    assert report.diagnosis is not None
    assert report.diagnosis.family == "rate-scale"
    assert "lr x 0.7" in report.diagnosis.sentence


def test_a_dialect_is_named() -> None:
    report = fl.check(torch.optim.RAdam, like="radam", isolated=False)
    assert report.verdict == "PASS"
    assert report.dialect == "eps added to the root of the uncorrected average"


def test_an_average_as_momentum_passes_where_it_is_declared() -> None:
    class Averaging:
        def __init__(self, params: list[np.ndarray], lr: float = 0.1, momentum: float = 0.9) -> None:
            self.params, self.lr, self.momentum = params, lr, momentum
            self.b = [np.zeros_like(p) for p in params]

        def step(self, grads: list[np.ndarray]) -> None:
            for i, (p, g) in enumerate(zip(self.params, grads, strict=True)):
                self.b[i] = self.momentum * self.b[i] + (1 - self.momentum) * g
                p -= self.lr * self.b[i]

    given: dict[str, Any] = {"kind": "optimizer", "like": "momentum", "isolated": False}
    assert fl.check(Averaging, **given).verdict == "FAIL"
    assert fl.check(Averaging, declares={"momentum": "average"}, **given).verdict == "PASS"


def test_unknown_declarations_are_refused() -> None:
    with pytest.raises(UsageError, match="declares decay"):
        fl.check(ADAM, declares={"speed": "fast"}, isolated=False)
    with pytest.raises(UsageError, match="one of coupled"):
        fl.check(ADAM, declares={"decay": "some"}, isolated=False)


def test_a_class_that_needs_more_is_refused() -> None:
    class Needy:
        def __init__(self, params: list[np.ndarray], horizon: int) -> None:
            del params, horizon

        def step(self, grads: list[np.ndarray]) -> None:
            del grads

    with pytest.raises(TargetError, match="Give its arguments"):
        fl.check(Needy, kind="optimizer", like="sgd", isolated=False)


def test_the_first_difference_is_found() -> None:
    tape = made_tape([(3,)], seed=0, steps=4)
    ours = [[np.zeros(3) + step] for step in range(5)]
    theirs = [[values[0].copy()] for values in ours]
    assert first_difference(theirs, ours, TIGHT) is None
    theirs[2][0][1] += 0.5
    found = first_difference(theirs, ours, TIGHT)
    assert found is not None
    assert (found.step, found.tensor, found.place, found.seen, found.expected) == (2, 0, (1,), 1.5, 1.0)
    assert tape.shapes == ((3,),)


def test_a_missing_correction_is_read_from_the_ratios() -> None:
    ours = [[np.full(2, float(t))] for t in range(8)]
    theirs = [[np.zeros(2)]]
    for t in range(1, 8):
        theirs.append([theirs[-1][0] + (1 - 0.5**t)])
    named = named_ratio(step_ratio(theirs, ours), {"beta1": 0.5})
    assert named is not None
    assert named.family == "bias-correction"


@pytest.mark.parametrize(("name", "verdict"), [("optimizer_wrong", "FAIL"), ("optimizer_right", "PASS")])
def test_the_examples_of_the_docs_do_as_the_page_says(name: str, verdict: str) -> None:
    path = Path(__file__).parents[3] / f"docs/check/examples/{name}.py"
    report = fl.check(f"{path}:Adam", like="adam", isolated=False)
    assert report.verdict == verdict
    if verdict == "FAIL":
        assert report.diagnosis is not None
        assert report.diagnosis.family == "bias-correction"
