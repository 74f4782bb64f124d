"""A network that is checked: made anew as often as a check wants it, behind one way to call it."""

from __future__ import annotations

import copy
import functools
import inspect
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._mnist import MnistNotAtHand, training_digits
from firstlight.checks._runner import theirs

__all__ = ["DECLARES", "ModelSubject", "mode", "seeded"]

DECLARES = {
    "output": ("logits", "log-probabilities", "probabilities", "scores"),
    "shared": ("yes", "no"),
    "linear": ("yes", "no"),
    "random": ("yes", "no"),
    "gradient": ("exact", "surrogate"),
    "parameters": (),
}
JITTER = 0.02


@dataclass(frozen=True)
class ModelSubject:
    """Makes networks of the target and calls them.

    Attributes
    ----------
    given
        What was handed over.
    """

    given: Given

    @staticmethod
    def of(given: Given) -> ModelSubject:
        """Make one network; refuse what makes none."""
        for name, value in given.declares.items():
            allowed = DECLARES.get(name)
            if allowed is None:
                raise UsageError(f"A model declares {', '.join(DECLARES)}; got {name!r}.")
            if allowed and value not in allowed:
                raise UsageError(f"--declares {name} is {' or '.join(allowed)}; got {value!r}.")
        subject = ModelSubject(given)
        subject.fresh()
        return subject

    def declared(self, name: str) -> str | None:
        """Return what the target says of itself."""
        return self.given.declares.get(name)

    def fresh(self, seed: int = 0) -> nn.Module:
        """Return a new network in evaluation mode, with the first weights of that seed.

        Where the target is an instance, it is a copy of it, whatever the seed.
        """
        with seeded(seed):
            made = self._made()
        if not isinstance(made, nn.Module):
            raise TargetError(
                f"{self.given.name} makes no torch.nn.Module but {type(made).__name__}. "
                "A model is a Module, a class of them or a function that returns one."
            )
        made = _own_copy(made).eval()
        if any(isinstance(one, nn.parameter.UninitializedParameter) for one in made.parameters()):
            with torch.no_grad(), seeded(seed), theirs():
                made(torch.zeros(2, 1, 28, 28))
        return made

    def _made(self) -> Any:
        target, args = self.given.target, self.given.args
        if isinstance(target, nn.Module):
            return target
        try:
            return target(**args)
        except TypeError as error:
            if inspect.isclass(target) or callable(target):
                raise TargetError(
                    f"{self.given.name} cannot be made: {error}. Give its arguments: --args."
                ) from error
            raise

    @functools.cached_property
    def has_seeds(self) -> bool:
        """Whether another seed makes another network."""
        return not isinstance(self.given.target, nn.Module)

    def precise(self, seed: int = 0, *, jitter: bool = False) -> tuple[nn.Module, torch.dtype]:
        """Return a network in float64 where it works in it, else as it is.

        With ``jitter``, all its weights are moved a little: zeros, which make ties, are gone.
        """
        net, dtype = self.fresh(seed), torch.float32
        if self.takes_double:
            net, dtype = net.double(), torch.float64
        if jitter:
            draws = torch.Generator().manual_seed(11)
            with torch.no_grad():
                for weight in net.parameters():
                    if weight.is_floating_point():
                        noise = torch.randn(weight.shape, generator=draws, dtype=torch.float64)
                        weight.add_(JITTER * noise.to(weight.dtype))
        return net, dtype

    @functools.cached_property
    def takes_double(self) -> bool:
        """Whether the network works in float64."""
        try:
            net = self.fresh().double()
            with torch.no_grad():
                found = outputs(net(self.images(2).double()))
            return found.dtype == torch.float64
        except Exception:
            return False

    def images(self, count: int) -> Tensor:
        """Return normalised digits, float32 ``[n, 1, 28, 28]``; where MNIST is not at hand, soft noise."""
        try:
            return training_digits(count).pixels()
        except MnistNotAtHand:
            draws = torch.Generator().manual_seed(count)
            noise = torch.randn(count, 1, 14, 14, generator=draws)
            return nn.functional.interpolate(noise, size=28, mode="bilinear")

    def __call__(self, net: nn.Module, images: Tensor) -> Tensor:
        """Call a network; whatever it raises is its own failure."""
        with theirs():
            return outputs(net(images))

    def answers(self, net: nn.Module, images: Tensor, *, seed: int = 7) -> Tensor:
        """Call a network without gradients, the global generators beginning at a seed."""
        with torch.no_grad(), seeded(seed):
            return self(net, images)

    @functools.cached_property
    def is_steady(self) -> bool:
        """Whether the network gives the same answers twice in evaluation mode."""
        net, images = self.fresh(), self.images(6)
        return torch.equal(self.answers(net, images, seed=1), self.answers(net, images, seed=2))


def outputs(returned: Any) -> Tensor:
    """Return the logits in what a network returned: it may put other things beside them."""
    if hasattr(returned, "logits"):
        returned = returned.logits
    if isinstance(returned, dict):
        returned = returned.get("logits", next(iter(returned.values()), None))
    if isinstance(returned, list | tuple) and returned:
        returned = returned[0]
    if not isinstance(returned, Tensor):
        raise TypeError(f"the model returns {type(returned).__name__}, no tensor of logits [n, 10]")
    return returned


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Begin the global generators at a seed, and put them back afterwards."""
    states = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])


@contextmanager
def mode(net: nn.Module, *, training: bool) -> Iterator[nn.Module]:
    """Put a network into a mode for a while."""
    net.train(training)
    try:
        yield net
    finally:
        net.eval()


def _own_copy(net: nn.Module) -> nn.Module:
    """Copy it, for a function may hand out one network again and again."""
    try:
        return copy.deepcopy(net)
    except Exception:
        return net
