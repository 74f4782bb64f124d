"""One made layer, behind one way to call it: nn.Module, or a plain class on tensors or arrays."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np
import torch
from jaxtyping import Float64
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from firstlight.checks._runner import theirs
from firstlight.checks.layers._tensors import Held, every_object, held_tensors

__all__ = ["Array", "Layer", "first_tensor", "seeded"]

Array: TypeAlias = Float64[np.ndarray, "..."]

# Short names of weights and biases, whole or as beginnings.
SHORT = ("b", "g", "w", "b_", "bq", "bk", "bv", "bo", "bf", "bi", "bc")
MODES = ("training", "train", "is_training", "is_train", "train_mode", "train_flag")
TESTS = ("deterministic", "test", "test_mode", "eval_mode", "inference", "is_test")
STATES = (
    "h", "hx", "h0", "hidden", "state", "h_prev", "prev_h", "hidden_state", "prev_state", "prev_hidden",
    "h_0", "h_t", "prev", "states", "hprev", "h_tm1", "h_last",
)  # fmt: skip
CELLS = ("c", "c0", "cell", "c_prev", "prev_c", "cell_state", "c_t", "cx", "c_0", "cprev", "c_tm1", "c_last")


def seeded(seed: int) -> None:
    """Seed the global generators, from which an implementation may draw."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def first_tensor(answer: Any) -> Any:
    """Return the first tensor or array of what a layer gives back."""
    if isinstance(answer, Tensor | np.ndarray):
        return answer
    if isinstance(answer, Mapping):
        answer = tuple(answer.values())
    if isinstance(answer, tuple | list):
        for one in answer:
            found = first_tensor(one)
            if found is not None:
                return found
    if isinstance(answer, float | int | np.floating):
        return np.asarray(answer, dtype=np.float64)
    return None


class Layer:
    """A made layer. What it raises when it is called is raised as its own."""

    def __init__(self, owner: Any, *, dtype: torch.dtype = torch.float64, hidden: int | None = None) -> None:
        self.owner = owner
        self.is_module = isinstance(owner, nn.Module)
        self.dtype = dtype
        self.on_arrays = not self.is_module and not any(isinstance(one.tensor, Tensor) for one in self.held())
        self.training = True
        self.hidden = hidden
        self._plan_arguments()

    def _plan_arguments(self) -> None:
        call = getattr(self.owner, "forward", None)
        if not callable(call) or getattr(call, "__name__", "") == "_forward_unimplemented":
            call = self.owner
        self._call = self.owner if self.is_module else call
        try:
            parameters = list(inspect.signature(call).parameters.values())
        except (TypeError, ValueError):
            parameters = []
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        empty = inspect.Parameter.empty
        self.required = [one.name for one in parameters if one.kind in kinds and one.default is empty]
        self.keywords = {one.name for one in parameters if one.kind != inspect.Parameter.POSITIONAL_ONLY}
        later = [name.lower() for name in self.required[1:]]
        is_named_cell = type(self.owner).__name__.lower().endswith("cell")
        self.is_cell = self.hidden is not None and (is_named_cell or any(name in STATES for name in later))

    # ---- what it holds

    def held(self) -> tuple[Held, ...]:
        """Return its tensors."""
        return held_tensors(self.owner)

    def values(self) -> dict[str, Array]:
        """Return copies of its tensors."""
        return {one.name: _array(one.tensor) for one in self.held()}

    def parameters(self) -> list[tuple[str, Tensor]]:
        """Return what learns: registered parameters, and loose tensors that want a gradient."""
        return [
            (one.name, one.tensor)
            for one in self.held()
            if isinstance(one.tensor, Tensor) and one.tensor.requires_grad and one.tensor.is_leaf
        ]

    def randomise(self, seed: int, *, spread: float = 0.4) -> None:
        """Put every parameter where no two hypotheses about it agree; leave buffers and constants."""
        rng = np.random.default_rng(seed)
        for one in self.held():
            tensor = one.tensor
            is_learnt = isinstance(tensor, Tensor) and (one.role == "parameter" or tensor.requires_grad)
            if not is_learnt and (one.role == "buffer" or not self._is_constant_weight(one)):
                continue
            old = _array(tensor)
            base = 1.0 if old.ndim >= 1 and np.all(old == 1.0) else 0.0
            _write(tensor, base + spread * rng.standard_normal(old.shape))

    def _is_constant_weight(self, one: Held) -> bool:
        """Tell a scale of ones or a bias of zeros, which are parameters, from running statistics."""
        old = _array(one.tensor)
        if old.size < 2 or not np.all(old == old.flat[0]):
            return False
        last = one.name.rpartition(".")[2].lower()
        if any(
            word in last for word in ("mean", "var", "running", "moving", "avg", "grad", "mask", "std", "mu")
        ):
            return False
        others = {other.name.rpartition(".")[2].lower() for other in self.held()}
        if last[:1] == "d" and last[1:] in others:
            return False
        words = ("bias", "beta", "gamma", "weight", "scale", "shift")
        return any(word in last for word in words) or last in SHORT or last[:2] in SHORT

    def write(self, values: Mapping[str, Array]) -> None:
        """Set tensors of its own by name."""
        for one in self.held():
            if one.name in values:
                _write(one.tensor, values[one.name])

    # ---- modes

    def mode(self, training: bool) -> Layer:
        """Put it into training or evaluation mode, in whichever way it knows."""
        self.training = training
        if self.is_module:
            with theirs():
                self.owner.train(training)
            return self
        for one in every_object(self.owner):
            known = vars(one)
            for name in MODES:
                if isinstance(known.get(name), bool):
                    setattr(one, name, training)
            for name in TESTS:
                if isinstance(known.get(name), bool):
                    setattr(one, name, not training)
            if known.get("mode") in ("train", "test", "eval"):
                one.mode = "train" if training else ("test" if known["mode"] == "test" else "eval")
        method = getattr(self.owner, "train" if training else "eval", None)
        if inspect.ismethod(method):
            with theirs():
                method()
        return self

    @property
    def has_modes(self) -> bool:
        """Whether a plain class tells training from evaluation in any way that we know."""
        if self.is_module:
            return True
        held = any(
            isinstance(vars(one).get(name), bool)
            for one in every_object(self.owner)
            for name in (*MODES, *TESTS)
        )
        named = any(name in self.keywords for name in (*MODES, *TESTS, "mode"))
        return held or named or inspect.ismethod(getattr(self.owner, "eval", None))

    # ---- calls

    def __call__(self, x: Array) -> Array:
        """Call it without gradients: array in, array out."""
        with torch.no_grad():
            return _array(self.raw(self.own_input(x)))

    def own_input(self, x: Any) -> Any:
        """Return an input as the layer takes it: a tensor or array of its dtype; indices stay integers."""
        x = np.asarray(x)
        if np.issubdtype(x.dtype, np.integer):
            return x.copy() if self.on_arrays else torch.from_numpy(x.copy())
        if self.on_arrays:
            return x.astype(np.float64 if self.dtype == torch.float64 else np.float32)
        return torch.tensor(x, dtype=self.dtype)  # a copy: it may be written into

    def raw(self, x: Any) -> Any:
        """Call it as it is and return the first tensor of its answer."""
        with theirs():
            if self.is_cell:
                return self._unrolled(x)
            answer = first_tensor(self._call(*self._arguments(x), **self._options()))
            if answer is None:
                raise TypeError("forward returned no tensor")
            return answer

    def _arguments(self, x: Any) -> list[Any]:
        given = [x]
        for name in self.required[1:]:
            word = name.lower()
            if "mask" in word:
                given.append(None)
            elif word in MODES:
                given.append(self.training)
            elif word in TESTS:
                given.append(not self.training)
            elif word == "mode":
                given.append("train" if self.training else "test")
            else:
                given.append(x)
        return given

    def _options(self) -> dict[str, Any]:
        if self.is_module and not any(name in self.keywords for name in MODES):
            return {}
        options: dict[str, Any] = {}
        for name in self.keywords - set(self.required):
            if name in MODES:
                options[name] = self.training
            elif name in TESTS:
                options[name] = not self.training
        return options

    def _unrolled(self, x: Any) -> Any:
        """Run a cell step by step over [n, t, d] from a state of zeros."""
        rows = x.shape[0]
        zeros = np.zeros((rows, self.hidden or 1)) if self.on_arrays else x.new_zeros(rows, self.hidden or 1)
        h, c, states = zeros, zeros, []
        for step in range(x.shape[1]):
            h, c, out = self._step(x[:, step], h, c)
            states.append(out)
        return np.stack(states, 1) if self.on_arrays else torch.stack(states, 1)

    def _step(self, x: Any, h: Any, c: Any) -> tuple[Any, Any, Any]:
        later = [name.lower() for name in self.required[1:]]
        is_pair = "lstm" in type(self.owner).__name__.lower() or any(name in CELLS for name in later)
        if any(name in CELLS for name in later):
            answer = self._call(x, h, c)
        else:
            answer = self._call(x, (h, c)) if is_pair else self._call(x, h)
        if not isinstance(answer, tuple):
            return answer, c, answer
        if isinstance(answer[1], tuple):
            return answer[1][0], answer[1][1], answer[0]
        return (answer[0], answer[1], answer[0]) if is_pair else (answer[1], c, answer[0])

    # ---- the same call again

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Undo whatever a block does to its buffers, attributes and generators."""
        kept = [(one, _kept(one)) for one in every_object(self.owner)]
        try:
            yield
        finally:
            for one, content in kept:
                _restore(one, content)

    def again(self, x: Array, seed: int = 5) -> Array:
        """Call it with generators seeded and state as it was: the same function of x each time."""
        with self.unchanged():
            seeded(seed)
            return self(x)


def _kept(one: Any) -> dict[str, Any]:
    spaces = {"": vars(one)}
    if isinstance(one, nn.Module):
        spaces["_buffers"] = one._buffers
    return {
        space: {key: (value, _copied(value)) for key, value in held.items()} for space, held in spaces.items()
    }


def _copied(value: Any) -> Any:
    if isinstance(value, nn.Parameter):
        return None
    if isinstance(value, Tensor):
        return None if is_lazy(value) else value.detach().clone()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, torch.Generator):
        return value.get_state()
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value.bit_generator.state)
    if isinstance(value, np.random.RandomState):
        return value.get_state()
    if isinstance(value, random.Random):
        return value.getstate()
    if isinstance(value, list | dict):
        return copy.copy(value)
    return None


def _restore(one: Any, content: dict[str, Any]) -> None:
    for space, held in content.items():
        current = one._buffers if space else vars(one)
        for key in [key for key in current if key not in held]:
            del current[key]
        for key, (value, copied) in held.items():
            current[key] = value
            if copied is None:
                continue
            if isinstance(value, Tensor):
                value.data.copy_(copied)
            elif isinstance(value, np.ndarray):
                value[...] = copied
            elif isinstance(value, torch.Generator):
                value.set_state(copied)
            elif isinstance(value, np.random.Generator):
                value.bit_generator.state = copied
            elif isinstance(value, np.random.RandomState):
                value.set_state(copied)
            elif isinstance(value, random.Random):
                value.setstate(copied)
            elif isinstance(value, list):
                value[:] = copied
            elif isinstance(value, dict) and key not in ("_parameters", "_buffers", "_modules"):
                value.clear()
                value.update(copied)


def _array(tensor: Any) -> Array:
    if isinstance(tensor, Tensor):
        return tensor.detach().cpu().double().numpy().copy()
    return np.array(tensor, dtype=np.float64)


def _write(tensor: Any, value: Array) -> None:
    if isinstance(tensor, Tensor):
        with torch.no_grad():
            tensor.data.copy_(torch.from_numpy(np.ascontiguousarray(value)).reshape(tensor.shape))
    else:
        tensor[...] = value
