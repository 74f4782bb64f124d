"""Put one implementation into an otherwise right training on MNIST: what other tools need to see it at work.

An optimizer trains, a loss is minimised by, an activation or a layer stands within, an initialisation fills a
plain network; a model, a pipeline or an augmentation takes the place of the usual one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import firstlight as fl
from benchmarks._bank import Entry
from firstlight.checks._target import load_object

__all__ = ["PLUGGED_KINDS", "Plugged", "digits", "optimizer_of", "plugged"]

PLUGGED_KINDS = ("optimizer", "schedule", "loss", "activation", "layer", "init", "model", "augment", "data")
TRAIN, HELD_OUT = 4_000, 5_000
BATCH, EPOCHS = 64, 4
RATES = {"sgd": 0.1, "momentum": 0.05, "nesterov": 0.05, "muon": 0.02, "adadelta": 1.0, "adagrad": 0.02}
RATES |= {"lion": 3e-4, "asgd": 0.1, "rprop": 1e-3, "sign-sgd": 1e-3, "lars": 1.0, "adafactor": 1e-2}


@dataclass
class Plugged:
    """A network, what it minimises and how it is trained.

    Attributes
    ----------
    model, loss
        The network, and the function of its logits and the labels.
    optimizer
        Has ``step()`` and ``zero_grad()``; a `torch.optim.Optimizer` where the implementation is one.
    batches
        Gives one epoch of images float32 [b, 1, 28, 28] and labels.
    rate
        Factor of the learning rate after a share of the training.
    """

    model: nn.Module
    loss: Callable[[Tensor, Tensor], Tensor]
    optimizer: Any
    batches: Callable[[int], Iterator[tuple[Tensor, Tensor]]]
    rate: Callable[[float], float] | None = None

    def trained(self) -> float:
        """Train and return the accuracy on images held out from the training split."""
        images, labels = digits()[1]
        steps = 0
        for epoch in range(EPOCHS):
            for batch, target in self.batches(epoch):
                if self.rate is not None:
                    for group in self.optimizer.param_groups:
                        group["lr"] = 1e-3 * self.rate(steps * BATCH / (TRAIN * EPOCHS))
                self.model.train()
                self.optimizer.zero_grad()
                loss = self.loss(self.model(batch), target)
                loss.sum().backward()
                self.optimizer.step()
                steps += 1
        self.model.eval()
        with torch.no_grad():
            return float((self.model(images).argmax(1) == labels).float().mean())


def digits() -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Return 4,000 training images and 5,000 held out, both of the training split, normalised."""
    train, held_out = fl.load("mnist")[0].canonical_split()
    parts = []
    for part, count in ((train, TRAIN), (held_out, HELD_OUT)):
        chosen = part[:count]
        parts.append(((chosen.images.float() / 255 - 0.1307) / 0.3081, chosen.labels.long()))
    return parts[0], parts[1]


def plugged(entry: Entry, seed: int) -> Plugged:
    """Put an entry into place.

    Raises
    ------
    Exception
        Whatever the implementation raises, and `TypeError` where it does not fit (a function of arrays).
    """
    torch.manual_seed(seed)
    target = load_object(entry.target)
    model, loss = network(nn.ReLU()), nn.CrossEntropyLoss()
    images, labels = digits()[0]
    batches = _shuffled(images, labels, seed)
    rate = None
    if entry.kind == "model":
        model = target(**entry.args) if not isinstance(target, nn.Module) else target
    elif entry.kind == "activation":
        model = network(_module(target, entry))
    elif entry.kind == "layer":
        model = around(_module(target, entry))
    elif entry.kind == "init":
        model = _filled(target, entry)
    elif entry.kind == "loss":
        made = target(**entry.args) if inspect.isclass(target) else target
        kwargs = {} if inspect.isclass(target) else dict(entry.args)
        loss = lambda logits, y: made(logits, y, **kwargs)  # noqa: E731
    elif entry.kind == "augment":
        batches = _shuffled(images, labels, seed, augment=lambda x: target(x, **entry.args))
    elif entry.kind == "data":
        batches = lambda _: _delivered(target(True, **entry.args))  # noqa: E731
    optimizer: Any = torch.optim.Adam(model.parameters(), lr=1e-3)
    if entry.kind == "optimizer":
        optimizer = optimizer_of(entry, list(model.parameters()))
    if entry.kind == "schedule":
        rate = _rate(target, entry)
    return Plugged(model, loss, optimizer, batches, rate)


def network(activation: nn.Module) -> nn.Sequential:
    """Return a plain three-layer network."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 64), activation, nn.Linear(64, 10))


def around(layer: nn.Module) -> nn.Sequential:
    """Return a network with a layer in its middle, for the first input shape that the layer takes."""
    for shape in (
        (8, 6, 6),
        (4, 8, 8),
        (3, 8, 8),
        (1, 8, 8),
        (16, 4, 4),
        (6, 16),
        (5, 8),
        (5, 12),
        (16,),
        (8,),
        (32,),
    ):
        try:
            out = _tensor(layer(torch.randn(4, *shape)))
        except Exception:
            continue
        if len(out) == 4 and out.is_floating_point():
            size = out[0].numel()
            before = (nn.Flatten(), nn.Linear(784, int(np.prod(shape))), nn.ReLU(), nn.Unflatten(1, shape))
            return nn.Sequential(*before, layer, Only(), nn.Flatten(), nn.ReLU(), nn.Linear(size, 10))
    raise TypeError("no input shape that this layer takes was found")


class Only(nn.Module):
    """The first of what a layer returns, where it returns several things."""

    def forward(self, x: Any) -> Tensor:
        """Return the first tensor."""
        return _tensor(x)


def _tensor(x: Any) -> Tensor:
    while isinstance(x, tuple | list):
        x = x[0]
    if not isinstance(x, Tensor):
        raise TypeError("no tensor")
    return x


class _Function(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Tensor], args: dict[str, Any]) -> None:
        super().__init__()
        self.function, self.args = function, args

    def forward(self, x: Tensor) -> Tensor:
        return _tensor(self.function(x, **self.args))


def _module(target: Any, entry: Entry) -> nn.Module:
    if inspect.isclass(target) and issubclass(target, torch.autograd.Function):
        return _Function(target.apply, dict(entry.args))
    if inspect.isclass(target):
        made = target(**entry.args)
        return made if isinstance(made, nn.Module) else _Function(made.forward, {})
    return target if isinstance(target, nn.Module) else _Function(target, dict(entry.args))


def _filled(target: Any, entry: Entry) -> nn.Module:
    if inspect.isclass(target):
        return around(_module(target, entry))
    model = network(nn.ReLU())
    for weight in model.parameters():
        if weight.dim() == 2:
            with torch.no_grad():
                made = target(weight.data, **entry.args)
                if isinstance(made, Tensor):
                    weight.data.copy_(made)
    return model


def _shuffled(
    images: Tensor, labels: Tensor, seed: int, augment: Callable[[Any], Any] | None = None
) -> Callable[[int], Iterator[tuple[Tensor, Tensor]]]:
    def epoch(number: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(1000 * seed + number))
        for part in order.split(BATCH):
            batch = images[part]
            if augment is not None:
                raw = (batch * 0.3081 + 0.1307).clamp(0, 1).squeeze(1)
                changed = torch.as_tensor(np.asarray(augment((255 * raw).round().to(torch.uint8))))
                changed = changed.float() / (255 if changed.max() > 2 else 1)
                batch = ((changed - 0.1307) / 0.3081).reshape(len(part), 1, 28, 28)
            yield batch, labels[part]

    return epoch


def _delivered(batches: Any) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield what a pipeline delivers, brought to one form, up to as many images as the others get."""
    count = 0
    for images, labels in batches:
        x = torch.as_tensor(np.asarray(images)).float().reshape(-1, 1, 28, 28)
        y = torch.as_tensor(np.asarray(labels))
        yield x, (y.argmax(1) if y.dim() == 2 else y).long()
        count += len(x)
        if count >= TRAIN:
            return


def optimizer_of(entry: Entry, weights: list[nn.Parameter]) -> Any:
    """Return an entry's optimizer over weights; one of arrays or of optax is given torch's methods."""
    target = load_object(entry.target)
    args = dict(entry.args)
    if not args:
        args = {"lr": RATES.get(entry.like or "", 1e-3)}
    if not inspect.isclass(target):
        return _Optax(target, entry, weights)
    if issubclass(target, torch.optim.Optimizer):
        return target(weights, **args)
    return _Plain(target, args, weights)


class _Plain:
    """A class of NumPy arrays as an optimizer: it changes the weights' own memory."""

    def __init__(self, target: Any, args: dict[str, Any], weights: list[nn.Parameter]) -> None:
        self.weights = weights
        self.param_groups = [{"params": weights, "lr": args.get("lr", 0.0)}]
        self.own = target([weight.detach().numpy() for weight in weights], **args)

    def zero_grad(self) -> None:
        for weight in self.weights:
            weight.grad = None

    def step(self) -> None:
        self.own.step([weight.grad.numpy() for weight in self.weights if weight.grad is not None])


class _Optax:
    """A factory of optax as an optimizer."""

    def __init__(self, target: Any, entry: Entry, weights: list[nn.Parameter]) -> None:
        args = dict(entry.args)
        if not {"learning_rate", "lr"} & set(args):
            args["learning_rate"] = RATES.get(entry.like or "", 1e-3)
        self.weights, self.rule = weights, target(**args)
        self.param_groups: list[dict[str, Any]] = []
        self.state = self.rule.init([weight.detach().numpy() for weight in weights])

    def zero_grad(self) -> None:
        for weight in self.weights:
            weight.grad = None

    def step(self) -> None:
        values = [weight.detach().numpy() for weight in self.weights]
        grads = [weight.grad.numpy() for weight in self.weights if weight.grad is not None]
        updates, self.state = self.rule.update(grads, self.state, values)
        with torch.no_grad():
            for weight, update in zip(self.weights, updates, strict=True):
                weight += torch.from_numpy(np.array(update))


def _rate(target: Any, entry: Entry) -> Callable[[float], float]:
    """Return a schedule's factor by the share of training, its largest over 100 steps being one."""
    if inspect.isclass(target) and issubclass(target, torch.optim.lr_scheduler.LRScheduler):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule = target(optimizer, **entry.args)
        rates = []
        for _ in range(100):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
    else:
        rates = [float(target(step, **entry.args)) for step in range(100)]
    largest = max(map(abs, rates)) or 1.0
    return lambda share: rates[min(99, int(100 * share))] / largest
