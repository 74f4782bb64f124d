"""Watch a training that uses torch: steps, gradients, modes, learning rates, what the network is fed."""

from __future__ import annotations

import functools
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn.modules import module as hooks
from torch.optim import optimizer as optimizers

from firstlight.checks.trainings._draws import Draws, watched_draws

__all__ = ["Backward", "Fed", "Loss", "Watch", "watched"]

KEPT = 6  # batches whose images are kept
MODAL = ("dropout", "batchnorm", "droppath", "instancenorm")


@dataclass(frozen=True)
class Fed:
    """A batch as the outermost network got it, and in which mode the network was.

    Attributes
    ----------
    images
        ``[b, ...]``.
    step
        How many updates had been made.
    """

    images: Tensor
    step: int
    is_training: bool


@dataclass(frozen=True)
class Loss:
    """One call of a cross-entropy: what it was given and what it gave; ``is_mean`` of its rows."""

    name: str
    value: float
    accuracy: float
    targets: Tensor
    is_positive_sum_one: bool
    is_log_sum_zero: bool
    batch: int
    is_mean: bool = True


@dataclass(frozen=True)
class Backward:
    """One backward pass.

    Attributes
    ----------
    step
        How many updates had been made.
    value
        Of the tensor that it began at; ``None`` where that is no single number.
    losses
        How many losses had been computed.
    is_fresh
        Whether no weight had a gradient when it began; ``None`` where the weights are not known yet.
    """

    step: int
    value: float | None
    losses: int
    is_fresh: bool | None


@dataclass
class Watch:
    """All that was seen.

    Attributes
    ----------
    events
        ``"backward"``, ``"step"`` and ``"clip"``, in their order; the first few thousand.
    steps, backwards
        How many.
    not_reset
        The first step after which gradients were still there when the next backward began; ``None`` if none.
    empty_steps
        Steps at which no parameter had a gradient other than zero.
    stale_steps
        Steps of an optimizer none of whose parameters belongs to the network that ran.
    rates
        Learning rate of each step.
    fed, losses
        The first batches, and all losses.
    eval_backwards
        Backward passes whose network, which has dropout or batch normalisation, was in evaluation mode.
    seeds
        How often each seed was set.
    roots
        The outermost networks that ran.
    optimized
        Identities of all parameters that optimizers had.
    complaints
        Warnings of torch about learning-rate schedules.
    passes
        The first backward passes.
    undefined
        What NumPy said of overflows and invalid numbers.
    draws
        Orders and weights that were drawn.
    rules
        Names of the optimizers' classes.
    """

    events: list[str] = field(default_factory=list)
    steps: int = 0
    backwards: int = 0
    not_reset: int | None = None
    empty_steps: int = 0
    stale_steps: int = 0
    rates: list[float] = field(default_factory=list)
    fed: list[Fed] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    eval_backwards: int = 0
    first_eval_backward: int | None = None
    modes: list[bool] = field(default_factory=list)
    seeds: Counter[int] = field(default_factory=Counter)
    roots: list[nn.Module] = field(default_factory=list)
    optimized: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    passes: list[Backward] = field(default_factory=list)
    undefined: list[str] = field(default_factory=list)
    draws: Draws = field(default_factory=Draws)
    rules: set[str] = field(default_factory=set)
    depth: int = 0
    parameters: list[Tensor] = field(default_factory=list)
    has_stepped: bool = False

    @property
    def network(self) -> nn.Module | None:
        """The network that ran last."""
        return self.roots[-1] if self.roots else None

    def event(self, name: str) -> None:
        """Keep what happened."""
        if len(self.events) < 5000:
            self.events.append(name)

    def entered(self, module: nn.Module, given: tuple[Any, ...]) -> None:
        """A module begins; a network is one that is called from outside of any."""
        if self.depth == 0 and not isinstance(module, nn.modules.loss._Loss):
            if not self.roots or self.roots[-1] is not module:
                self.roots = [*[one for one in self.roots if one is not module][-4:], module]
            if given and isinstance(given[0], Tensor) and len(self.fed) < KEPT and given[0].dim() >= 2:
                self.fed.append(Fed(given[0].detach().clone(), self.steps, module.training))
        self.depth += 1

    def left(self) -> None:
        """A module ends."""
        self.depth = max(0, self.depth - 1)

    def begins_backward(self, value: float | None) -> None:
        """Look whether gradients of the last step are still there, and at the mode."""
        self.event("backward")
        self.backwards += 1
        self.depth = 0
        has_any = any(map(_has_gradient, self.parameters))
        if len(self.passes) < 2_000:
            is_fresh = not has_any if self.parameters else None
            self.passes.append(Backward(self.steps, value, len(self.losses), is_fresh))
        if self.has_stepped and self.not_reset is None and has_any:
            self.not_reset = self.steps
        self.has_stepped = False
        network = self.network
        if network is None or not has_modes(network):
            return
        self.modes.append(network.training)
        if not network.training:
            self.eval_backwards += 1
            if self.first_eval_backward is None:
                self.first_eval_backward = self.steps + 1

    def begins_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Look at what an optimizer is about to change."""
        self.event("step")
        self.steps += 1
        self.has_stepped = True
        self.parameters = [one for group in optimizer.param_groups for one in group["params"]]
        self.optimized.update(map(id, self.parameters))
        self.rules.add(type(optimizer).__name__)
        self.rates.append(float(optimizer.param_groups[0].get("lr", 0.0)))
        if not any(map(_has_gradient, self.parameters)):
            self.empty_steps += 1
        if self.roots:
            own = {id(one) for root in self.roots for one in root.parameters()}
            self.stale_steps += bool(own) and not own & set(map(id, self.parameters))


def has_modes(network: nn.Module) -> bool:
    """Whether training and evaluation mode of a network differ."""
    return any(any(word in type(one).__name__.lower() for word in MODAL) for one in network.modules())


def _has_gradient(parameter: Tensor) -> bool:
    return parameter.grad is not None and bool(parameter.grad.any())


@contextmanager
def watched(target: Any) -> Iterator[Watch]:
    """Watch what happens in a block; everything is put back at its end."""
    watch = Watch()
    with ExitStack() as stack:
        for place, name, wrap in (
            (torch.Tensor, "backward", _backward),
            # What both the functions and the modules call, however they were imported.
            (torch._C._nn, "cross_entropy_loss", _loss),
            (torch._C._nn, "nll_loss_nd", _loss),
            (torch.nn.utils, "clip_grad_norm_", _clip),
            (torch.nn.utils, "clip_grad_value_", _clip),
            (torch, "manual_seed", _seed),
        ):
            original = getattr(place, name)
            replaced = wrap(watch, original)
            stack.enter_context(patch.object(place, name, replaced))
            for module in _modules_of(target):
                for alias, value in list(vars(module).items()):
                    if value is original:
                        stack.enter_context(patch.object(module, alias, replaced))
        handles = [
            hooks.register_module_forward_pre_hook(watch.entered),
            hooks.register_module_forward_hook(lambda _one, _given, _out: watch.left()),
            optimizers.register_optimizer_step_pre_hook(lambda one, _args, _kw: watch.begins_step(one)),
        ]
        watch.draws = stack.enter_context(watched_draws(_modules_of(target)))
        said = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        try:
            yield watch
        finally:
            for handle in handles:
                handle.remove()
            words = [str(one.message) for one in said]
            watch.complaints = [one for one in words if "lr_scheduler.step()" in one]
            watch.undefined = [
                one for one in words if one.startswith(("overflow", "invalid value", "divide by"))
            ]


def _modules_of(target: Any) -> list[ModuleType]:
    name = getattr(target, "__module__", None) or type(target).__module__
    found = sys.modules.get(name)
    return [found] if isinstance(found, ModuleType) and not name.startswith(("torch", "firstlight")) else []


def _backward(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def backward(self: Tensor, *args: Any, **named: Any) -> Any:
        watch.begins_backward(float(self.detach()) if self.numel() == 1 else None)
        return original(self, *args, **named)

    return backward


def _clip(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def clip(*args: Any, **named: Any) -> Any:
        watch.event("clip")
        return original(*args, **named)

    return clip


def _seed(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def manual_seed(seed: int) -> Any:
        watch.seeds[int(seed)] += 1
        return original(seed)

    return manual_seed


def _loss(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    def loss(input: Tensor, target: Tensor, *args: Any, **named: Any) -> Any:  # noqa: A002
        found = original(input, target, *args, **named)
        is_labels = isinstance(target, Tensor) and target.dim() == 1 and not target.is_floating_point()
        if is_labels and input.dim() == 2 and len(watch.losses) < 20_000:
            logits = input.detach()
            lows = bool((logits >= 0).all())
            watch.losses.append(
                Loss(
                    "nll_loss" if "nll" in original.__name__ else "cross_entropy",
                    float(found.detach().mean()),
                    float((logits.argmax(dim=1) == target).float().mean()),
                    target.detach().clone(),
                    lows and bool(((logits.sum(dim=1) - 1).abs() < 1e-3).all()),
                    bool((logits.logsumexp(dim=1).abs() < 1e-2).all()),
                    len(logits),
                    len(args) < 2 or args[1] == 1,
                )
            )
        return found

    return loss
