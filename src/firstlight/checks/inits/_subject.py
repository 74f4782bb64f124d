"""An initialisation that is checked: weights of any shape, drawn again and again."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from firstlight._errors import TargetError, UsageError
from firstlight._seeds import derived_seed
from firstlight.checks._given import Given
from firstlight.checks._runner import TargetBroke, theirs
from firstlight.checks.layers._layer import seeded
from firstlight.checks.references.inits import INITS, InitReference, fans
from firstlight.checks.references.inits._init_reference import Array

__all__ = ["InitSubject", "Sample"]

DECLARATIONS = (
    "scheme",
    "distribution",
    "layout",
    "mode",
    "gain",
    "nonlinearity",
    "a",
    "b",
    "std",
    "mean",
    "val",
    "unit",
)
ALIASES = {
    "std": ("std", "stddev", "sigma", "scale"),
    "mean": ("mean", "mu"),
    "a": ("a", "negative_slope", "low", "minval", "lower", "min"),
    "b": ("b", "high", "maxval", "upper", "max"),
    "gain": ("gain",),
    "mode": ("mode",),
    "nonlinearity": ("nonlinearity", "activation"),
    "val": ("val", "value", "constant"),
}
TENSOR_NAMES = (
    "tensor",
    "t",
    "w",
    "weight",
    "weights",
    "x",
    "param",
    "parameter",
    "p",
    "data",
    "matrix",
    "kernel",
)
MODULE_NAMES = ("m", "module", "layer", "net", "model", "mod", "network")
SHAPE_NAMES = ("shape", "size", "dims", "dim")
KEY_NAMES = ("key", "rng", "rng_key", "prng_key", "generator", "seed", "random_state")
SHAPES = ((64, 256), (256, 48), (96, 24, 3, 3))
PEERS = {
    "kaiming_normal_": "he-normal",
    "kaiming_uniform_": "he-uniform",
    "xavier_normal_": "xavier-normal",
    "xavier_uniform_": "xavier-uniform",
    "orthogonal_": "orthogonal",
    "normal_": "normal",
    "uniform_": "uniform",
    "trunc_normal_": "trunc-normal",
    "zeros_": "zeros",
    "ones_": "ones",
    "constant_": "constant",
    "eye_": "identity",
    "dirac_": "dirac",
    "he_normal": "he-normal",
    "he_uniform": "he-uniform",
    "glorot_normal": "xavier-normal",
    "glorot_uniform": "xavier-uniform",
    "lecun_normal": "lecun-normal",
    "lecun_uniform": "lecun-uniform",
    "lecun_normal_": "lecun-normal",
}


@dataclass(frozen=True)
class Sample:
    """Weights of one place: all draws of it, and which fans they can have.

    Attributes
    ----------
    name
        The shape, or the parameter's name within its module.
    draws
        One array for each draw.
    fans
        Every reading of the shape that is possible, likeliest first: (fan_in, fan_out).
    """

    name: str
    draws: tuple[Array, ...]
    fans: tuple[tuple[int, int], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of each draw."""
        return self.draws[0].shape

    @functools.cached_property
    def whole(self) -> Array:
        """All draws in one vector."""
        return np.concatenate([one.reshape(-1) for one in self.draws])


class InitSubject:
    """Draws weights with the target, however it wants to be called."""

    def __init__(self, given: Given, reference: InitReference | None, like: str) -> None:
        self.given, self.reference, self.like = given, reference, like
        unknown = sorted(set(given.declares) - set(DECLARATIONS))
        if unknown:
            known = ", ".join(DECLARATIONS)
            raise UsageError(f"An initialisation declares no {', '.join(unknown)}. Known are: {known}.")
        self.is_module = inspect.isclass(given.target) and issubclass(given.target, nn.Module)
        self.options = self._options()
        self._style = "module"
        self._draw_one: Callable[[tuple[int, ...], int], Array] | None = None
        if not self.is_module:
            self._style, self._draw_one = self._find_style()

    @staticmethod
    def of(given: Given) -> InitSubject:
        """Find out how the target wants to be called."""
        if given.peer is not None:
            name = PEERS.get(getattr(given.peer, "__name__", ""))
            if name is None:
                raise UsageError(
                    f"--like names {given.peer!r}, whose distribution is not known. Give a reference's name: "
                    f"{', '.join(sorted(INITS))}."
                )
            return InitSubject(given, INITS[name], name)
        like = given.like or str(given.declares.get("scheme", "")).lower().replace("_", "-")
        if like and like not in INITS:
            raise UsageError(f"There is no scheme {like!r}. Known are: {', '.join(sorted(INITS))}.")
        return InitSubject(given, INITS.get(like), like)

    def _options(self) -> dict[str, Any]:
        """Return the reference's options: declared, given, or the target's own defaults."""
        if self.reference is None:
            return {}
        options = dict(self.reference.options)
        try:
            signature = inspect.signature(self.given.target).parameters
        except (TypeError, ValueError):
            signature = {}  # type: ignore[assignment]
        defaults = {
            name: one.default
            for name, one in signature.items()
            if one.default is not inspect.Parameter.empty and one.default is not None
        }
        for name in {*options, "unit"}:
            aliases = ALIASES.get(name, (name,))
            for place in (self.given.declares, self.given.args, {} if self.is_module else defaults):
                found = next((one for one in aliases if one in place), None)
                if found is not None:
                    options[name] = _number(place[found])
                    break
        return options

    # ---- ways to call a function

    def _find_style(self) -> tuple[str, Callable[[tuple[int, ...], int], Array]]:
        errors = []
        for name, draw in self._styles():
            for shapes in (((6, 4), (4, 6)), ((6, 4, 3, 3), (4, 6, 3, 3))):
                try:
                    for shape in shapes:
                        drawn = draw(shape, 0)
                        if drawn.shape not in (shape, shape[::-1]):
                            raise TypeError(f"it gives {drawn.shape} for {shape}")
                except (TargetBroke, TypeError, AttributeError, ValueError) as error:
                    errors.append(f"{name}: {error}")
                    continue
                return name, draw
        raise TargetError(
            f"{self.given.name} could not be called as an initialisation. Tried: {'; '.join(errors)[:600]}. "
            "It has to fill a tensor, or return weights for a shape or for (fan_in, fan_out)."
        )

    def _styles(self) -> Iterator[tuple[str, Callable[[tuple[int, ...], int], Array]]]:
        required = self._required()
        every = {
            "tensor": self._with_tensor,
            "module": self._with_module,
            "shape": self._with_shape,
            "sizes": self._with_sizes,
            "key": self._with_key,
        }
        first = required[0].lower() if required else ""
        order = []
        if first in KEY_NAMES and len(required) >= 2:
            order.append("key")
        if len(required) >= 2 and first not in TENSOR_NAMES:
            order.append("sizes")
        if first in MODULE_NAMES:
            order.append("module")
        if first in SHAPE_NAMES:
            order.append("shape")
        order += [name for name in every if name not in order]
        for name in order:
            yield name, every[name]

    def _required(self) -> list[str]:
        try:
            parameters = inspect.signature(self.given.target).parameters.values()
        except (TypeError, ValueError):
            return []
        return [
            one.name
            for one in parameters
            if one.default is inspect.Parameter.empty
            and one.name not in self.given.args
            and one.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        ]

    def _with_tensor(self, shape: tuple[int, ...], _: int) -> Array:
        tensor = torch.full(shape, 123.25)
        with theirs(), torch.no_grad():
            answer = self.given.target(tensor, **self.given.args)
        if isinstance(answer, Tensor | np.ndarray) and tuple(answer.shape) == shape:
            return _array(answer)
        return _array(tensor)

    def _with_module(self, shape: tuple[int, ...], _: int) -> Array:
        if len(shape) == 2:
            made: nn.Module = nn.Linear(shape[1], shape[0])
        else:
            made = nn.Conv2d(shape[1], shape[0], shape[2:])  # type: ignore[arg-type]
        weight = made.get_parameter("weight")
        with torch.no_grad():
            weight.fill_(123.25)
        with theirs():
            self.given.target(made, **self.given.args)
        if bool((weight == 123.25).all()):
            raise TypeError("it leaves the weight of a layer as it is")
        return _array(made.get_parameter("weight"))

    def _with_shape(self, shape: tuple[int, ...], _: int) -> Array:
        with theirs():
            return _array(self.given.target(shape, **self.given.args))

    def _with_sizes(self, shape: tuple[int, ...], _: int) -> Array:
        if len(shape) != 2:
            raise TypeError("it takes two sizes")
        with theirs():
            return _array(self.given.target(shape[0], shape[1], **self.given.args))

    def _with_key(self, shape: tuple[int, ...], seed: int) -> Array:
        key: Any = np.random.default_rng(seed)
        required = self._required()
        if len(required) < 2:
            raise TypeError("it takes no key and shape")
        name = required[0].lower()
        if name == "seed":
            key = seed
        elif "key" in name or "jax" in str(getattr(self.given.target, "__module__", "")):
            import jax

            key = jax.random.key(seed)
        with theirs():
            return _array(self.given.target(key, shape, **self.given.args))

    # ---- samples

    @property
    def layout(self) -> str | None:
        """How the target lays weights out, where that is known: ``"out_in"`` or ``"in_out"``."""
        declared = self.given.declares.get("layout")
        if declared is not None:
            return str(declared)
        return "out_in" if self._style in ("tensor", "module") and not self.is_module else None

    def draws(self, shape: tuple[int, ...], count: int, *, seed: int = 0) -> tuple[Array, ...]:
        """Draw weights of one shape, one after the other, from generators seeded once."""
        assert self._draw_one is not None
        seeded(derived_seed(self.given.seed, "init", str(seed)) % 2**31)
        return tuple(self._draw_one(shape, seed * 1000 + one) for one in range(count))

    @property
    def _is_counted(self) -> bool:
        """Whether many weights are needed: a distribution is judged."""
        return self.reference is not None and self.reference.variance is not None

    @functools.cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Weights of several shapes, some hundred thousand numbers each."""
        if self.is_module:
            return self._of_module()
        found = []
        for shape in SHAPES:
            count = max(4, 160_000 // int(np.prod(shape))) if self._is_counted else 2
            try:
                draws = self.draws(shape, count)
            except (TargetBroke, TypeError, ValueError):
                continue  # no convolutions
            found.append(Sample(f"shape {shape}", draws, self._fans(shape, draws[0].shape)))
        return tuple(found)

    def _fans(self, asked: tuple[int, ...], shape: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        if self._style == "sizes":
            first, second = (name.lower() for name in self._required()[:2])
            if "out" in first and "in" in second:
                return ((asked[1], asked[0]),)
            return ((asked[0], asked[1]),)
        if self.layout is not None:
            return (fans(shape, layout=self.layout),)
        both = (fans(shape, layout="in_out"), fans(shape, layout="out_in"))
        return tuple(dict.fromkeys(both))

    def _of_module(self) -> tuple[Sample, ...]:
        """Return the weights of a module's layers: of many instances where they are small."""
        first = self.module(0)
        layers = {
            f"{path}.weight" if path else "weight"
            for path, part in first.named_modules()
            if isinstance(part, nn.Linear | nn.modules.conv._ConvNd)
        }
        inside = {name for name, one in first.named_parameters() if one.ndim >= 2}
        wanted = sorted(layers & inside) or sorted(inside)
        if not wanted:
            raise TargetError(f"{self.given.name} has no weights of two or more axes to judge.")
        smallest = min(dict(first.named_parameters())[name].numel() for name in wanted)
        count = int(min(40, max(6, 60_000 // smallest)))
        every = [dict(self.module(seed).named_parameters()) for seed in range(count)]
        found = []
        for name in wanted:
            draws = tuple(_array(one[name]) for one in every)
            shape = draws[0].shape
            if self.layout is not None or name in layers:
                read: tuple[tuple[int, int], ...] = (fans(shape, layout=self.layout or "out_in"),)
            else:
                read = tuple(dict.fromkeys((fans(shape), fans(shape, layout="in_out"))))
            found.append(Sample(name, draws, read))
        return tuple(found)

    def module(self, seed: int) -> nn.Module:
        """Make the module with generators seeded."""
        seeded(derived_seed(self.given.seed, "init", str(seed)) % 2**31)
        try:
            with theirs():
                made = self.given.target(**self.given.args)
        except TargetBroke as error:
            raise TargetError(
                f"{self.given.name} cannot be made: {error}. Give its constructor's arguments: --args."
            ) from error.__cause__
        assert isinstance(made, nn.Module)
        return made


def _array(value: Any) -> Array:
    if isinstance(value, Tensor):
        return value.detach().double().numpy().copy()
    out = np.array(value, dtype=np.float64)
    if out.ndim < 1:
        raise TypeError("it returns no weights")
    return out


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value.lower()
    return value
