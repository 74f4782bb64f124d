"""Checks of training functions by behaviour: the right ones pass, each mistake is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import firstlight as fl
from firstlight._errors import TargetError, UsageError
from firstlight.checks import CheckReport, check
from firstlight.checks.trainings import _learning, _subject
from firstlight.checks.trainings._watch import watched

EXAMPLES = Path(__file__).parents[3] / "docs/check/examples"


def checked(target: Any, *, like: str | None = None, quick: bool = True, **declares: str) -> CheckReport:
    return check(target, kind="train", like=like, declares=declares, quick=quick, isolated=False)


def result(report: CheckReport, check_id: str) -> Any:
    return next(one for one in report.checks if one.id == check_id)


@pytest.fixture(autouse=True)
def _small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train on 500 images at most, and on 32 again and again for about a second."""
    monkeypatch.setattr(_learning, "SECONDS", 1.0)
    if "band" not in request.node.name:
        monkeypatch.setattr(_subject, "SECONDS", 0.0)


def pixels(images: Any) -> Tensor:
    return torch.as_tensor(images).flatten(1) / 255


def loop(
    *,
    zero: str = "before",
    net: Callable[[], nn.Module] = lambda: nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10)),
    parameters: Callable[[nn.Module], Any] = lambda net: net.parameters(),
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
    predicted: Callable[[Any], Tensor] = pixels,
    pair: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = lambda x, y: (x, y),
    begin: Callable[[int], Any] = torch.manual_seed,
    each: Callable[[nn.Module, int], Any] = lambda net, seed: None,
    clip: str = "",
    decay: float = 1.0,
    answer: Callable[[Tensor], Any] = lambda logits: logits.argmax(1).numpy(),
) -> Callable[[Any, Any, int], Any]:
    """Return a training function with one thing changed."""

    def train(images: Any, labels: Any, seed: int) -> Any:
        begin(seed)
        x, y = pixels(images), torch.as_tensor(labels)
        model = net()
        optimizer = torch.optim.Adam(parameters(model), lr=0.01)
        schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)
        for _ in range(2):
            x, y = pair(x, y)
            for part in torch.randperm(len(x)).split(40) if zero != "apart" else []:
                each(model, seed)
                if zero == "before":
                    optimizer.zero_grad()
                loss(model(x[part]), y[part]).backward()
                if zero == "between":
                    optimizer.zero_grad()
                if clip == "before":
                    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                if clip == "after":
                    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            if zero == "apart":
                order = torch.randperm(len(x))
                for xb, yb in zip(x[order].split(40), y.split(40), strict=True):
                    optimizer.zero_grad()
                    loss(model(xb), yb).backward()
                    optimizer.step()
        model.eval()

        def predict(images: Any) -> Any:
            with torch.no_grad():
                return answer(model(predicted(images)))

        return predict

    return train


def dropping() -> nn.Module:
    return nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 10))


def centroids(images: Any, labels: Any, seed: int) -> Any:
    means = np.stack([images[labels == one].reshape(-1, 784).mean(0) for one in range(10)])
    return lambda images: ((images.reshape(-1, 1, 784) - means) ** 2).sum(-1).argmin(1)


def from_disk(images: Any, labels: Any, seed: int) -> Any:
    _, test = fl.load("mnist")
    return centroids(test.images[:, 0].numpy(), test.labels.numpy(), seed)


def in_place(images: Any, labels: Any, seed: int) -> Any:
    order = np.random.default_rng(seed).permutation(len(images))
    images[:], labels[:] = images[order], labels[order]
    return centroids(images, labels, seed)


def half(images: Any, labels: Any, seed: int) -> Any:
    images, labels = images[: len(images) // 2], labels[: len(images) // 2]
    present = np.unique(labels)
    means = np.stack([images[labels == one].reshape(-1, 784).mean(0) for one in present])
    return lambda images: present[((images.reshape(-1, 1, 784) - means) ** 2).sum(-1).argmin(1)]


def after(images: Any, labels: Any, seed: int) -> Any:
    predict = centroids(images, labels, seed)
    return lambda images: predict(images) + 1


def near_by(images: Any, labels: Any, seed: int) -> Any:
    """Often a class number too high or too low, as a regression of class numbers is."""
    predict = centroids(images, labels, seed)
    return lambda images: (predict(images) + images.reshape(len(images), -1).sum(1) % 3 - 1).clip(0, 9)


def unsure(images: Any, labels: Any, seed: int) -> Any:
    predict = centroids(images, labels, seed)
    return lambda images: predict(images)[np.random.permutation(len(images))]


def mixed(images: Any, labels: Any, seed: int) -> Any:
    predict = centroids(images, labels, seed)
    return lambda images: predict(np.abs(images - images.mean(axis=0)))


def numpy_loop(
    *,
    pair: Callable[[Any, Any], tuple[Any, Any]] = lambda x, y: (x, y),
    begin: Callable[[int], Any] = np.random.default_rng,
    again: Callable[[Any, int], Any] = lambda random, seed: random,
    epochs: Callable[[int], int] = lambda epochs: epochs,
) -> Callable[..., Any]:
    """Return a training function without torch, with one thing changed."""

    def train(images: Any, labels: Any, seed: int, n_epochs: int = 6) -> Any:
        random = begin(seed)
        x, y = pair(images.reshape(len(images), -1) / 255, labels)
        w = 0.01 * random.normal(size=(784, 10))
        for _ in range(epochs(n_epochs)):
            random = again(random, seed)
            order = random.permutation(len(x))
            for rows in np.array_split(order, len(x) // 20):
                z = x[rows] @ w
                p = np.exp(z - z.max(1, keepdims=True))
                p /= p.sum(1, keepdims=True)
                w -= 0.3 * x[rows].T @ (p - np.eye(10)[y[rows]]) / len(rows)
        return lambda images: (images.reshape(-1, 784) / 255 @ w).argmax(1)

    return train


def rolled(x: Any, y: Any) -> tuple[Any, Any]:
    return x, np.roll(y, 1)


def odd_rows(x: Any, y: Any) -> tuple[Any, Any]:
    return x[::2], y[::2]


def accumulating(
    *, divisor: float = 4, is_wiped: bool = False, every: int = 4, rule: Any = torch.optim.SGD
) -> Callable[..., Any]:
    """Return a training function that gathers the gradients of some batches for each step."""

    def train(images: Any, labels: Any, seed: int, accumulate: int = 4) -> Any:
        torch.manual_seed(seed)
        x, y = pixels(images), torch.as_tensor(labels)
        model = nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))
        optimizer = rule(model.parameters(), lr=0.1)
        for _ in range(3):
            for number, part in enumerate(torch.randperm(len(x)).split(10)):
                if is_wiped:
                    optimizer.zero_grad()
                (F.cross_entropy(model(x[part]), y[part]) / divisor).backward()
                if number % every == every - 1:
                    optimizer.step()
                    if not is_wiped:
                        optimizer.zero_grad()
        return lambda images: model(pixels(images)).argmax(1).numpy()

    return train


def twice_each(images: Any, labels: Any, seed: int) -> Any:
    """Sharpness-aware: two backward passes over one batch, and gradients wiped between them."""
    torch.manual_seed(seed)
    x, y = pixels(images), torch.as_tensor(labels)
    model = nn.Linear(784, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        for part in torch.randperm(len(x)).split(20):
            for is_second in (False, True):
                optimizer.zero_grad()
                F.cross_entropy(model(x[part]), y[part]).backward()
                if is_second:
                    optimizer.step()
    return lambda images: model(pixels(images)).argmax(1).numpy()


def peeking(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    x = x.clone()
    x[torch.arange(len(x)), y] = 4.0
    return x, y


@pytest.mark.parametrize(
    "target",
    [loop(), loop(net=dropping, clip="before"), loop(answer=lambda logits: logits), centroids, numpy_loop()],
    ids=["torch", "dropout and clipping", "logits", "numpy", "loop of numpy"],
)
def test_right_ones_pass(target: Any) -> None:
    report = checked(target)
    assert report.verdict == "PASS", str(report)


WRONG: list[tuple[Any, str, str]] = [
    (loop(zero="never"), "T4", "gradient-reset"),
    (loop(zero="between"), "T4", "gradient-reset"),
    (loop(parameters=lambda _: nn.Linear(784, 10).parameters()), "T6", "state"),
    (loop(parameters=lambda net: net[2].parameters()), "T6", "registration"),  # type: ignore[index]
    (loop(each=lambda net, _: net.eval(), net=dropping), "T10", "train-eval-mode"),
    (loop(loss=lambda z, y: -F.cross_entropy(z, y)), "T11", "sign"),
    (loop(loss=lambda z, y: F.cross_entropy(z.softmax(1), y)), "T16", "softmax"),
    (loop(loss=F.nll_loss), "T16", "softmax"),
    (loop(clip="after"), "T17", "clipping"),
    (loop(decay=0.4), "T18", "schedule"),
    (loop(zero="apart"), "T19", "order"),
    (loop(predicted=lambda images: 3 * pixels(images)), "T20", "preprocessing"),
    (loop(predicted=lambda images: pixels(images.transpose(0, 2, 1).copy())), "T20", "preprocessing"),
    (loop(begin=lambda _: torch.manual_seed(0)), "T7", "determinism"),
    (loop(begin=lambda _: None), "T7", "determinism"),
    (loop(each=lambda _, seed: torch.manual_seed(seed)), "T15", "determinism"),
    (loop(answer=lambda logits: logits.argmax(0).numpy()), "T12", "shape"),
    (after, "T12", "labels"),
    (unsure, "T13", "order"),
    (mixed, "T13", "batch-mixing"),
    (in_place, "T14", "aliasing"),
    (from_disk, "T2", "leakage"),
    (lambda images, labels, seed: centroids(images, (labels + 1) % 10, seed), "T8", "labels"),
    (numpy_loop(pair=rolled), "T8", "labels"),
    (near_by, "T8", "objective"),
    (numpy_loop(epochs=lambda _: 6), "T24", "ignored-option"),
    (numpy_loop(begin=lambda _: np.random.default_rng(0)), "T7", "determinism"),
    (numpy_loop(again=lambda _, seed: np.random.default_rng(seed)), "T23", "determinism"),
    (loop(pair=peeking), "T3", "leakage"),
    (accumulating(divisor=1), "T5", "accumulation"),
    (accumulating(is_wiped=True), "T5", "accumulation"),
    (accumulating(every=1), "T5", "accumulation"),
]


@pytest.mark.parametrize(("target", "number", "family"), WRONG)
def test_mistakes_are_named(target: Any, number: str, family: str) -> None:
    report = checked(target)
    found = result(report, number)
    assert (found.status, found.family) == ("fail", family), str(report)
    assert report.diagnosis is not None
    assert report.diagnosis.family == family


def test_unused_images_are_seen() -> None:
    found = result(checked(half, quick=False), "T21")
    assert (found.status, found.family) == ("fail", "evaluation-count")


def test_unused_rows_are_seen() -> None:
    found = result(checked(numpy_loop(pair=odd_rows), quick=False), "T25")
    assert (found.status, found.family) == ("fail", "evaluation-count")


def test_steps_of_gathered_gradients() -> None:
    assert result(checked(accumulating()), "T5").status == "pass"
    assert result(checked(accumulating(divisor=1, rule=torch.optim.Adam)), "T5").status == "warn"
    assert result(checked(twice_each), "T5").status == "skip"


def test_draws_are_told() -> None:
    with watched(centroids) as watch:
        random = np.random.default_rng(3)
        first = random.permutation(300)
        np.random.default_rng(3).permutation(300)
        random.normal(size=(20, 30))
        order = torch.randperm(300)
    assert [one.count for one in watch.draws.orders_of(250, 500)] == [300] * 3
    assert len(set(watch.draws.orders)) == 2
    assert [one.count for one in watch.draws.weights] == [600]
    assert sorted(first) == sorted(order.tolist())
    assert type(np.random.default_rng(3)) is np.random.Generator


def test_held_against_its_band() -> None:
    assert result(checked(centroids, like="knn"), "T22").family == "capacity"


def test_declared_accuracy_counts() -> None:
    assert result(checked(centroids, accuracy="0.95"), "T8").family == "capacity"
    assert result(checked(centroids, accuracy="0.7"), "T8").status == "pass"


def test_watching_leaves_nothing_behind() -> None:
    before = torch.Tensor.backward, F.cross_entropy, torch.manual_seed, nn.utils.clip_grad_norm_
    with watched(centroids) as watch:
        net = nn.Linear(2, 2)
        F.cross_entropy(net(torch.ones(3, 2)), torch.tensor([0, 1, 1])).backward()
    assert (watch.backwards, len(watch.fed), len(watch.losses)) == (1, 1, 1)
    assert before == (torch.Tensor.backward, F.cross_entropy, torch.manual_seed, nn.utils.clip_grad_norm_)
    net(torch.ones(3, 2))
    assert len(watch.fed) == 1


def test_usage() -> None:
    with pytest.raises(TargetError, match="cannot be called"):
        checked(3)
    with pytest.raises(UsageError, match="declares accuracy"):
        checked(centroids, epochs="3")
    with pytest.raises(UsageError, match="random is yes or no"):
        checked(centroids, random="perhaps")


def test_what_returns_no_predictor_fails() -> None:
    assert checked(lambda images, labels, seed: None).verdict == "FAIL"


def test_examples() -> None:
    assert checked(f"{EXAMPLES}/train_right.py:train").verdict == "PASS"
    found = checked(f"{EXAMPLES}/train_wrong.py:train").diagnosis
    assert found is not None
    assert found.family == "gradient-reset"
