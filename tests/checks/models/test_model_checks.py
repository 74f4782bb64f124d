"""Checks of networks by behaviour: the right ones pass, each mistake is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from firstlight._errors import TargetError, UsageError
from firstlight.checks import CheckReport, check

EXAMPLES = Path(__file__).parents[3] / "docs/check/examples"


def checked(
    target: Any, *, like: Any = None, declares: dict[str, str] | None = None, **args: Any
) -> CheckReport:
    return check(
        target, kind="model", like=like, args=args, declares=declares, quick=like is None, isolated=False
    )


def result(report: CheckReport, check_id: str) -> Any:
    return next(one for one in report.checks if one.id == check_id)


def body(*tail: nn.Module, hidden: int = 24) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), *tail, nn.Linear(hidden, 10))


class Net(nn.Module):
    """A small network; subclasses change one thing."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(784, 24), nn.Linear(24, 10)

    def forward(self, x: Tensor) -> Any:
        return self.two(torch.relu(self.one(x.flatten(1))))


class Norm(nn.Module):
    """Batch normalisation; subclasses break it."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(24))
        self.register_buffer("var", torch.ones(24))

    def keep(self, mean: Tensor, var: Tensor) -> None:
        self.mean.lerp_(mean, 0.1)
        self.var.lerp_(var, 0.1)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return (x - self.mean) / (self.var + 1e-5).sqrt()
        mean, var = x.mean(0), x.var(0)
        with torch.no_grad():
            self.keep(mean, var)
        return (x - mean) / (var + 1e-5).sqrt()


@pytest.mark.parametrize(
    "target",
    [
        Net,
        body,
        body(nn.Dropout(0.5)),
        lambda: body(nn.BatchNorm1d(24)),
        lambda: body(Norm()),
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
        lambda: nn.Sequential(body(), nn.LogSoftmax(dim=1)),
    ],
    ids=["class", "function", "instance", "batchnorm", "own norm", "linear", "log-softmax"],
)
def test_right_ones_pass(target: Any) -> None:
    report = checked(target)
    assert report.verdict == "PASS", str(report)


def test_log_probabilities_are_a_dialect() -> None:
    assert "log-probabilities" in str(checked(lambda: nn.Sequential(body(), nn.LogSoftmax(1))).dialect)


class Squeezed(Net):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).squeeze()


class Mixing(Net):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(1, 2, 3, 0).reshape(-1, 1, 28, 28))


class Dropping(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.two(F.dropout(torch.relu(self.one(x.flatten(1)))))


class Detached(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.two(torch.relu(self.one(x.flatten(1))).detach())


class Linear(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.one(x.flatten(1)))


class Listed(Net):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = [nn.Linear(784, 24)]
        del self.one

    def forward(self, x: Tensor) -> Tensor:
        return self.two(torch.relu(self.hidden[0](x.flatten(1))))


class Unsaved(Net):
    def __init__(self) -> None:
        super().__init__()
        self.features = torch.randn(784, 24) / 28

    def forward(self, x: Tensor) -> Tensor:
        return self.two(torch.relu(x.flatten(1) @ self.features.to(x.dtype)))


class Large(Net):
    def __init__(self) -> None:
        super().__init__()
        nn.init.normal_(self.one.weight)
        nn.init.normal_(self.two.weight)


class Constant(Net):
    def __init__(self) -> None:
        super().__init__()
        nn.init.constant_(self.one.weight, 0.01)
        nn.init.constant_(self.one.bias, 0.0)
        nn.init.constant_(self.two.weight, 0.01)


class NeverKept(Norm):
    def keep(self, mean: Tensor, var: Tensor) -> None:
        pass


class KeptRoot(Norm):
    def keep(self, mean: Tensor, var: Tensor) -> None:
        super().keep(mean, var.sqrt() + 1)


class AlwaysKept(Norm):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            self.keep(x.mean(0), x.var(0))
        return super().forward(x)


@pytest.mark.parametrize(
    ("target", "number", "family"),
    [
        (Squeezed, "N1", "shape"),
        (lambda: nn.Sequential(body(), nn.Softmax(dim=1)), "N2", "softmax"),
        (lambda: nn.Sequential(body(), nn.Softmax(dim=0)), "N2", "softmax"),
        (lambda: nn.Sequential(body(), nn.ReLU()), "N2", "forward"),
        (Mixing, "N3", "batch-mixing"),
        (Mixing, "N4", "batch-mixing"),
        (lambda: body(nn.BatchNorm1d(24, track_running_stats=False)), "N3", "train-eval-mode"),
        (Dropping, "N5", "train-eval-mode"),
        (lambda: body(AlwaysKept()), "N5", "train-eval-mode"),
        (lambda: body(NeverKept()), "N6", "running-statistics"),
        (lambda: body(KeptRoot()), "N6", "running-statistics"),
        (Listed, "N7", "registration"),
        (Unsaved, "N8", "registration"),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 24), nn.ReLU(), *[nn.Linear(24, 24)] * 2, nn.Linear(24, 10)), "N9", "registration"),
        (Detached, "N10", "backward"),
        (Linear, "N11", "capacity"),
        (Large, "N12", "initialisation"),
        (Constant, "N13", "initialisation"),
        (lambda: nn.Sequential(body(), nn.Softmax(1), nn.LogSoftmax(1)), "N14", "softmax"),
    ],
)  # fmt: skip
def test_mistakes_are_named(target: Any, number: str, family: str) -> None:
    report = checked(target)
    found = result(report, number)
    assert (found.status, found.family) == ("fail", family), str(report)
    assert report.diagnosis is not None
    assert report.diagnosis.family == family


def test_where_names_the_component() -> None:
    assert result(checked(Listed), "N7").where == "hidden[0]"
    assert result(checked(Detached), "N10").where.startswith("one.weight")


@pytest.mark.parametrize(
    ("target", "declares"),
    [
        (lambda: nn.Sequential(body(), nn.Softmax(dim=1)), {"output": "probabilities"}),
        (Linear, {"linear": "yes"}),
        (Net, {"parameters": "19090"}),
    ],
)
def test_declared_ones_pass(target: Any, declares: dict[str, str]) -> None:
    assert checked(target, declares=declares).verdict == "PASS"


def test_declared_number_of_parameters_counts() -> None:
    assert result(checked(Net, declares={"parameters": "19091"}), "N9").status == "fail"


@pytest.mark.slow
def test_learns_as_much_as_its_reference() -> None:
    report = checked(lambda: body(hidden=96), like="mlp")
    assert result(report, "N15").status == "pass"
    assert result(report, "N16").status == "pass"
    assert "95% power" in str(report.power)


def test_less_capacity_than_the_reference_is_seen() -> None:
    found = result(checked(lambda: body(hidden=2), like="mlp"), "N16")
    assert (found.status, found.family) == ("fail", "capacity")


def test_a_peer_gets_the_same_weights() -> None:
    class Tanh(Net):
        def forward(self, x: Tensor) -> Tensor:
            return self.two(torch.tanh(self.one(x.flatten(1))))

    found = result(checked(Tanh, like=Net), "N16")
    assert (found.status, found.family) == ("fail", "forward")


def test_usage() -> None:
    with pytest.raises(UsageError, match="A model declares"):
        checked(Net, declares={"depth": "2"})
    with pytest.raises(UsageError, match="output is logits or"):
        checked(Net, declares={"output": "yes"})
    with pytest.raises(TargetError, match="makes no torch"):
        checked(lambda: 3)
    with pytest.raises(TargetError, match="cannot be made"):
        checked(Net, width=3)


def test_examples() -> None:
    assert checked(f"{EXAMPLES}/model_right.py:MLP").verdict == "PASS"
    found = checked(f"{EXAMPLES}/model_wrong.py:MLP").diagnosis
    assert found is not None
    assert found.family == "registration"
