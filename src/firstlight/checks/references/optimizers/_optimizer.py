"""What a reference of an optimizer holds, and the rule that steps with it.

A reference is one function, ``update(p, g, state, o) -> step``, for one tensor: it may keep what it likes in
``state`` (``state["t"]`` counts its steps from 1), reads its options from ``o`` and returns what is to be
subtracted from ``p``. All the rest is the same for every optimizer and lives in `OptimizerRule`: which
tensors have a gradient, weight decay, ``maximize``, and the mistakes that can be made with any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = [
    "SPELLINGS",
    "Decay",
    "Dialect",
    "OptimizerReference",
    "OptimizerRule",
    "Suspect",
    "Tensor64",
    "Update",
]

Tensor64: TypeAlias = Float64[np.ndarray, "..."]
Update: TypeAlias = Callable[[Tensor64, Tensor64, dict[str, Any], SimpleNamespace], Tensor64]
Decay: TypeAlias = Literal["coupled", "decoupled", "either", "none"]

# Under which names implementations take an option; `betas[0]` is the first of a pair. The first that the
# signature has counts. A reference overrides the ones that mean something else for it.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "lr": ("lr", "learning_rate", "step_size", "stepsize", "eta", "alpha", "rate"),
    "beta1": ("beta1", "b1", "beta_1", "betas[0]", "beta[0]"),
    "beta2": ("beta2", "b2", "beta_2", "betas[1]", "beta[1]"),
    "beta3": ("beta3", "b3", "beta_3", "betas[2]"),
    "eps": ("eps", "epsilon", "delta"),
    "weight_decay": ("weight_decay", "wd", "l2", "weight_decay_rate", "lambd", "lambda_", "reg"),
    "momentum": ("momentum", "mu", "beta", "beta1", "gamma"),
    "decoupled": ("decoupled_weight_decay", "weight_decouple", "decoupled", "decouple", "decoupled_decay"),
    "maximize": ("maximize",),
}

# Hidden options of every rule, at the values of a right one. The rule reads them, `update` does not.
COMMON: dict[str, Any] = {
    "decay_place": "before",  # of a decoupled decay: "before" the step, or "after": of the updated weight
    "decay_factor": 1.0,  # 2 decays twice, -1 makes weights grow, 0 ignores the option
    "decay_with_lr": True,  # a decoupled decay is lr * weight_decay
    "decays_always": True,  # False: not in steps that `update` marks by state["is_still"]
    "decay_of": "p",  # "g" and "sign" take the gradient or the weight's sign in its place
    "step_factor": 1.0,  # the step is so many times the right one; -1 ascends
    "count_from": 1,  # what the step counter says in the first step
    "count_over_tensors": False,  # one counter, which each tensor of a step raises
    "count_by_step": False,  # the counter counts steps of the optimizer, not of the tensor
    "count_kept": True,  # the counter goes on; False: each step is the first
    "state_kept": True,
    "state_by": "tensor",  # "shape" and "all" share one state between tensors
    "gradient": "g",  # "cut" at 1, "short" of norm 1 at most, or "unit": what a step makes of it first
    "decay_from_ndim": 0,  # tensors with fewer axes do not decay
    "is_maximize_kept": True,  # False ignores maximize
}


@dataclass(frozen=True)
class Dialect:
    """An accepted other way of writing the formula.

    Attributes
    ----------
    axis
        What it is about, such as ``"eps"``. Of each axis at most one dialect holds; those of different axes
        are tried together.
    words
        As the report names it, such as ``"eps inside the root"``.
    hidden
        Hidden options that give it.
    """

    axis: str
    words: str
    hidden: Mapping[str, Any]


@dataclass(frozen=True)
class Suspect:
    """A known mistake, as a formula: where a wrong trajectory equals it, the mistake has a name.

    Attributes
    ----------
    family
        A key of `FAMILIES`.
    words
        What is wrong, as one sentence.
    hidden
        Hidden options that give it.
    swaps
        Options that are given each other's values, such as ``{"beta1": "beta2", "beta2": "beta1"}``.
    """

    family: str
    words: str
    hidden: Mapping[str, Any] = field(default_factory=dict)
    swaps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OptimizerReference:
    """An optimizer in float64.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and algorithm or equation.
    update
        ``update(p, g, state, o)`` returns what is subtracted from ``p``, the learning rate included and a
        decoupled weight decay left out. It changes neither ``p`` nor ``g``.
    options
        Canonical names and the usual defaults, such as ``{"lr": 1e-3, "beta1": 0.9}``. Where a target's
        signature has defaults of its own, those count.
    hidden
        Further options of ``update`` that no caller gives: the ways of writing it, at their usual value.
    spellings
        Names under which targets take an option, where `SPELLINGS` does not serve.
    dialects
        Accepted other ways of writing it.
    suspects
        Known mistakes beside those that any optimizer can have.
    decay
        What ``weight_decay`` does: ``"coupled"`` adds it to the gradient, ``"decoupled"`` shrinks the weight
        by lr times it; ``"either"`` accepts both; ``"none"`` where ``update`` does what there is itself.
    scale
        The power of the gradient's size that the first step goes with (eps aside): 1 for SGD, 0 for Adam;
        ``None`` where there is no such law.
    is_elementwise
        Each entry goes its own way.
    is_sign_based
        The step has the same size in all entries.
    is_lr_linear
        Twice the rate makes twice the trajectory on a fixed tape, without weight decay.
    amplified
        Values of its options that make each of them move the steps, where the check's own do not suit.
    neutral
        Options whose change need not change anything in 25 steps, such as a number of warm-up steps.
    shapes
        ``"any"``, or ``"matrices"`` for one that is meant for matrices alone.
    roughness
        Differences, relative to the way gone, that are let pass where implementations use half precision.
    """

    name: str
    source: str
    update: Update
    options: Mapping[str, Any]
    hidden: Mapping[str, Any] = field(default_factory=dict)
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dialects: tuple[Dialect, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    decay: Decay = "coupled"
    scale: float | None = None
    is_elementwise: bool = True
    is_sign_based: bool = False
    is_lr_linear: bool = True
    amplified: Mapping[str, Any] = field(default_factory=dict)
    neutral: frozenset[str] = frozenset()
    shapes: Literal["any", "matrices"] = "any"
    roughness: float = 0.0

    def start(self, options: Mapping[str, Any] | None = None, **hidden: Any) -> OptimizerRule:
        """Return a rule at its first step.

        Parameters
        ----------
        options
            By canonical name; the rest has its default.
        hidden
            A dialect's or a suspect's hidden options.

        Examples
        --------
        >>> from firstlight.checks.references.optimizers import OPTIMIZERS
        >>> params, grads = [np.array([1.0])], [np.array([3.0])]
        >>> OPTIMIZERS["adam"].start({"lr": 0.5, "eps": 0.0}).step(params, grads)
        >>> params[0].tolist()
        [0.5]
        """
        values = {**self.options, **(options or {})}
        kind = "coupled" if self.decay == "either" else self.decay
        if kind != "none" and "decoupled" in values:  # the target has a flag for it
            kind = "decoupled" if values["decoupled"] else "coupled"
        return OptimizerRule(self.update, {**COMMON, "decay_kind": kind, **self.hidden, **values, **hidden})

    def accepted(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Return all accepted ways, the usual one first: words (empty for it) and hidden options."""
        axes: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for dialect in self.dialects:
            axes.setdefault(dialect.axis, [("", {})]).append((dialect.words, dialect.hidden))
        if self.decay == "either":
            axes["decay"] = [("", {}), ("decoupled weight decay", {"decay_kind": "decoupled"})]
        ways = []
        for chosen in product(*axes.values()):
            merged: dict[str, Any] = {}
            for _, hidden in chosen:
                merged.update(hidden)
            ways.append((", ".join(words for words, _ in chosen if words), merged))
        return tuple(sorted(ways, key=lambda way: len(way[1])))

    def names_of(self, option: str) -> tuple[str, ...]:
        """Return the names under which targets may take an option."""
        own = self.spellings.get(option)
        return own if own is not None else SPELLINGS.get(option, (option,))


class OptimizerRule:
    """Steps with one reference. The options can be changed between steps: ``rule.options.lr = 0.1``."""

    def __init__(self, update: Update, options: Mapping[str, Any]) -> None:
        self.options = SimpleNamespace(**options)
        self._update = update
        self._states: dict[Any, dict[str, Any]] = {}
        self._count = self.options.count_from - 1
        self._steps = 0

    def step(self, params: Sequence[Tensor64], grads: Sequence[Tensor64 | None]) -> None:
        """Change the parameters in place; one without a gradient stays, and its state too."""
        o = self.options
        self._steps += 1
        for index, (p, g) in enumerate(zip(params, grads, strict=True)):
            if g is None:
                continue
            state = self._state_of(index, p)
            is_turned = getattr(o, "maximize", False) and o.is_maximize_kept
            g = _taken(g, o.gradient)
            self._move(p, -g if is_turned else g, state)

    def _state_of(self, index: int, p: Tensor64) -> dict[str, Any]:
        o = self.options
        key = {"tensor": index, "shape": p.shape, "all": None}[o.state_by]
        if not o.state_kept:
            kept = self._states.get(key, {}).get("t") if o.count_kept else None
            self._states[key] = {} if kept is None else {"t": kept}
        state = self._states.setdefault(key, {})
        self._count += 1
        if o.count_over_tensors or o.count_by_step:
            state["t"] = self._steps if o.count_by_step else self._count
        else:
            state["t"] = state["t"] + 1 if "t" in state and o.count_kept else o.count_from
        return state

    def _move(self, p: Tensor64, g: Tensor64, state: dict[str, Any]) -> None:
        o = self.options
        decay = (getattr(o, "weight_decay", 0.0) or 0.0) * o.decay_factor
        if p.ndim < o.decay_from_ndim:
            decay = 0.0
        kind = o.decay_kind
        if kind == "none" or not decay:
            p -= o.step_factor * self._update(p, g, state, o)
            return
        undecayed = g
        if kind in ("coupled", "both"):
            g = g + decay * _decayed(p, undecayed, o.decay_of)
        if kind == "coupled":
            p -= o.step_factor * self._update(p, g, state, o)
            return
        rate = o.lr if o.decay_with_lr else 1.0
        if not o.decays_always:
            step = self._update(p, g, state, o)
            if not state.get("is_still"):
                p -= rate * decay * _decayed(p, undecayed, o.decay_of) + o.step_factor * step
            return
        if o.decay_place == "before":
            p -= rate * decay * _decayed(p, undecayed, o.decay_of)
            p -= o.step_factor * self._update(p, g, state, o)
        else:
            p -= o.step_factor * self._update(p, g, state, o)
            p -= rate * decay * _decayed(p, undecayed, o.decay_of)


def _taken(g: Tensor64, way: str) -> Tensor64:
    """Return the gradient, or what a mistake makes of it before anything else."""
    if way == "cut":
        return np.asarray(np.clip(g, -1.0, 1.0))
    if way == "g":
        return g
    norm = float(np.sqrt((g * g).sum()))
    return np.asarray(g / max(norm, 1.0 if way == "short" else 1e-300))


def _decayed(p: Tensor64, g: Tensor64, of: str) -> Tensor64:
    """Return what weight decay is a part of: the weight, or what a known mistake takes."""
    return {"p": p, "g": g}[of] if of != "sign" else np.sign(p)
