"""An optimizer that is checked, behind one way to call it, and what its runs have shown so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float64

from firstlight._errors import UsageError
from firstlight.checks._given import Given
from firstlight.checks.optimizers._manner import Manner, found_manner
from firstlight.checks.optimizers._options import MISSING, Spelled, arguments, signature_of, spelled_options
from firstlight.checks.optimizers._peer import PeerReference, reference_named
from firstlight.checks.optimizers._sessions import Session
from firstlight.checks.optimizers._tape import Shapes, Tape, Trajectory, made_tape
from firstlight.checks.references.optimizers import OPTIMIZERS, OptimizerReference

__all__ = ["OptimizerSubject"]

DECLARED = {
    "decay": ("coupled", "decoupled", "fixed", "none"),
    "scale": ("linear", "invariant"),
    "momentum": ("sum", "average"),
    "nesterov": ("gradient", "look-ahead"),
    "excludes": ("nothing", "vectors"),
}
CORRECTION_FLAGS = ("bias_correction", "correct_bias", "debias", "use_bias_correction")
MATRICES: Shapes = ((5, 3), (6, 4))


@dataclass
class OptimizerSubject:
    """Starts runs of the target and keeps what they gave.

    Attributes
    ----------
    reference
        Ours, or a peer in its place; ``None`` without ``--like``.
    peer
        The object that ``--like`` named, behind the same way to call it.
    manner
        How the target wants to be called.
    signature, args
        What its constructor takes, and what it is given.
    spelled
        How it calls each canonical option.
    """

    given: Given
    reference: OptimizerReference | None
    peer: PeerReference | None
    manner: Manner
    signature: Mapping[str, Any]
    args: Mapping[str, Any]
    spelled: Mapping[str, Spelled]
    _runs: dict[Any, tuple[Tape, Trajectory]] = field(default_factory=dict)

    @staticmethod
    def of(given: Given) -> OptimizerSubject:
        """Find out how the target is called and which options it takes."""
        _check_declared(given.declares)
        reference = OPTIMIZERS.get(given.like or "")
        peer = PeerReference.of(given.peer, given.args) if given.peer is not None else None
        if peer is not None:
            reference = reference_named(getattr(given.peer, "__name__", ""))
        reference = _as_declared(reference, given.declares)
        target, args = given.target, dict(given.args)
        if isinstance(target, torch.optim.Optimizer):
            args = {**_defaults_of(target), **args}
            target = type(target)
        signature = signature_of(target)
        reference = _corrected(reference, {**signature, **args})
        if reference is not None and "eps_root" in signature:
            args.setdefault("eps_root", 0.0)  # Optax' second eps, which no reference has
        spelled = spelled_options(signature, args, reference)
        if "lr" in spelled and spelled["lr"].default is MISSING:
            args[spelled["lr"].name] = 0.1
            spelled = spelled_options(signature, args, reference)
        only = MATRICES if reference is not None and reference.shapes == "matrices" else None
        manner = found_manner(target, args, only=only)
        return OptimizerSubject(given, reference, peer, manner, signature, args, spelled)

    @property
    def is_torch(self) -> bool:
        """Tell whether it is a torch optimizer or is called like one."""
        return self.manner.form == "torch"

    @property
    def is_exact(self) -> bool:
        """Tell whether it computes in float64 throughout, as far as is known."""
        return self.manner.dtype == "float64" and "tolerance" not in self.knowledge

    @cached_property
    def options(self) -> dict[str, Any]:
        """Return the canonical options that it takes, with their values if nobody changes them."""
        return {option: self.value(option) for option in self.spelled}

    def value(self, option: str, changes: Mapping[str, Any] | None = None) -> Any:
        """Return what an option is: as changed, as given, by its default, or the reference's."""
        if changes and option in changes:
            return changes[option]
        usual = self.reference.options.get(option) if self.reference else None
        if option not in self.spelled:
            return usual
        default = self.spelled[option].default
        return usual if default is None or default is MISSING else default

    def values(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return all options for the reference."""
        names = set(self.reference.options if self.reference else ()) | set(self.spelled)
        found = {name: self.value(name, changes) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def start(
        self,
        weights: Sequence[Any],
        changes: Mapping[str, Any] | None = None,
        *,
        dtype: str | None = None,
        groups: Sequence[tuple[Sequence[int], Mapping[str, Any]]] | None = None,
    ) -> Session:
        """Return a new run of the target. Groups: indices of the tensors, and canonical options."""
        options = arguments(self.spelled, self.signature, self.args, changes or {})
        own = None
        if groups is not None:
            own = [(members, arguments(self.spelled, self.signature, {}, given)) for members, given in groups]
        return self.manner.start(weights, options, dtype=dtype, groups=own)

    def run(self, tape: Tape, changes: Mapping[str, Any] | None = None) -> Trajectory:
        """Return the weights after each step along a tape, those before the first one included."""
        key = (id(tape), tuple(sorted((changes or {}).items(), key=str)))
        if key not in self._runs:
            session = self.start(tape.weights, changes)
            found = [session.values()]
            for grads in tape.grads:
                session.step(grads)
                found.append(session.values())
            self._runs[key] = (tape, found)  # a tape that is kept keeps its id
        return self._runs[key][1]

    @cached_property
    def tape(self) -> Tape:
        """Return the tape of the lockstep."""
        return made_tape(
            self.manner.shapes,
            seed=self.given.seed,
            is_wide=self.is_exact,
            without_gradient=self.manner.accepts_none,
        )

    @cached_property
    def calm_tape(self) -> Tape:
        """Return a tape of gradients around 1, none of them near zero: for laws that eps would blur."""
        tape = made_tape(self.manner.shapes, seed=self.given.seed + 1, is_wide=False)
        return Tape(tape.weights, tuple(tuple(_away_from_zero(g) for g in step) for step in tape.grads))

    @cached_property
    def knowledge(self) -> dict[str, Any]:
        """Return a place where one check leaves what another one needs."""
        return {}


def _away_from_zero(g: Float64[np.ndarray, ...] | None) -> Float64[np.ndarray, ...]:
    assert g is not None, "a calm tape has a gradient for each tensor"
    return np.asarray(np.where(g >= 0, 1.0, -1.0) * (0.5 + np.minimum(np.abs(g), 2.0)))


def _defaults_of(target: torch.optim.Optimizer) -> dict[str, Any]:
    taken = signature_of(type(target))
    return {name: value for name, value in target.defaults.items() if name in taken}


def _check_declared(declares: Mapping[str, str]) -> None:
    for name, value in declares.items():
        if name not in DECLARED:
            raise UsageError(
                f"An optimizer declares {', '.join(DECLARED)}; got {name!r}. See docs/check/optimizer.md."
            )
        if value not in DECLARED[name]:
            raise UsageError(f"{name} is one of {', '.join(DECLARED[name])}; got {value!r}.")


def _corrected(reference: OptimizerReference | None, options: Mapping[str, Any]) -> OptimizerReference | None:
    """Let a flag of the target decide whether averages are corrected for starting at zero."""
    flag = next((options[name] for name in CORRECTION_FLAGS if isinstance(options.get(name), bool)), None)
    if reference is None or flag is None or "m_corrected" not in reference.hidden:
        return reference
    if flag:
        left = tuple(one for one in reference.dialects if one.axis != "correction")
        return replace(reference, dialects=left)
    without = {"right": "none", True: False}
    hidden = {
        name: reference.hidden[name] for name in ("m_corrected", "v_corrected") if name in reference.hidden
    }
    return replace(
        reference,
        hidden={**reference.hidden, **{name: without.get(value, value) for name, value in hidden.items()}},
    )


def _as_declared(
    reference: OptimizerReference | None, declares: Mapping[str, str]
) -> OptimizerReference | None:
    """Let what the target says of itself decide where the literature has several ways."""
    if reference is None:
        return None
    decay = declares.get("decay")
    hidden = dict(reference.hidden)
    if decay == "coupled":
        reference = replace(reference, decay="coupled")
    if decay == "decoupled":
        reference = replace(reference, decay="decoupled")
    if decay == "fixed":
        reference, hidden = replace(reference, decay="decoupled"), {**hidden, "decay_with_lr": False}
    if declares.get("momentum") == "average" and "running_average" in hidden:
        hidden["running_average"] = True
    if declares.get("nesterov") == "look-ahead" and "nesterov_flipped" in hidden:
        hidden["nesterov_flipped"] = True
    if declares.get("excludes") == "vectors":
        hidden["decay_from_ndim"] = 2
    return replace(reference, hidden=hidden)
