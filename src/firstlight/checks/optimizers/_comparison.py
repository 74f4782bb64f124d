"""The target beside its reference: which accepted ways of writing the formula give its trajectory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._agreement import SINGLE, TIGHT, Difference, Tolerance, first_difference
from firstlight.checks.optimizers._settings import AS_GIVEN, Setting, amplified_settings
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape, Trajectory
from firstlight.checks.references.optimizers import OptimizerReference

__all__ = ["REFUSALS", "Comparison", "Way", "comparison_of", "reference_run"]

Way: TypeAlias = tuple[str, dict[str, Any]]
REFUSALS = (ValueError, NotImplementedError, AssertionError)
PER_TENSOR = {"state_by", "count_over_tensors", "gradient", "decay_from_ndim"}
# What implementations write into their code, where they take no such option.
WRITTEN: dict[str, tuple[float, ...]] = {
    "lr": (1e-3, 1e-2, 1e-1, 1.0, 3e-4, 1e-4, 5e-3, 5e-2, 2e-3, 2e-2),
    "alpha": (0.9, 0.99, 0.95, 0.999),
    "rho": (0.9, 0.95, 0.99),
    "momentum": (0.9, 0.95, 0.99, 0.8, 0.5),
    "beta1": (0.9, 0.95, 0.8),
    "beta2": (0.999, 0.99, 0.95, 0.98),
    "eps": (1e-8, 1e-7, 1e-6, 1e-10, 1e-12, 1e-5, 1e-16, 0.0),
}
MOST_WAYS = 500


def reference_run(
    reference: OptimizerReference, tape: Tape, options: Mapping[str, Any], hidden: Mapping[str, Any]
) -> Trajectory:
    """Return the weights of a reference after each step along a tape."""
    if reference.is_elementwise and not PER_TENSOR & (set(hidden) | set(reference.hidden)):
        return _run_flat(reference, tape, options, hidden)
    rule = reference.start(options, **hidden)
    weights = tape.fresh_weights()
    found = [[weight.copy() for weight in weights]]
    for grads in tape.grads:
        with np.errstate(all="ignore"):
            rule.step(weights, grads)
        found.append([weight.copy() for weight in weights])
    return found


def _run_flat(
    reference: OptimizerReference, tape: Tape, options: Mapping[str, Any], hidden: Mapping[str, Any]
) -> Trajectory:
    """The same with all tensors as one long one, which is faster and no different entry by entry."""
    moving = [i for i, g in enumerate(tape.grads[0]) if g is not None]
    sizes = [tape.weights[i].size for i in moving]
    flat = np.concatenate([tape.weights[i].ravel() for i in moving])
    rule = reference.start(options, **hidden)
    found = [flat.copy()]
    for grads in tape.grads:
        joined = np.concatenate([np.ravel(np.asarray(grads[i])) for i in moving])
        with np.errstate(all="ignore"):
            rule.step([flat], [joined])
        found.append(flat.copy())
    cuts = np.cumsum(sizes)[:-1]
    split = []
    for values in found:
        row = [weight.copy() for weight in tape.weights]
        for i, part in zip(moving, np.split(values, cuts), strict=True):
            row[i] = part.reshape(tape.weights[i].shape)
        split.append(row)
    return split


@dataclass
class Comparison:
    """Target and reference under several settings of the options."""

    subject: OptimizerSubject
    reference: OptimizerReference

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Return all settings that the target accepts, its own defaults first."""
        known = {name: value for name, value in self.subject.options.items() if value is not None}
        own = OWN if self.reference.decay != "none" else ()
        known = {name: v for name, v in known.items() if name in self.reference.options or name in own}
        wanted = (AS_GIVEN, *amplified_settings(known, self.reference))
        return tuple(setting for setting in wanted if self.is_accepted(setting))

    def is_accepted(self, setting: Setting) -> bool:
        """Tell whether the target runs with it: one that is refused with a ValueError is not compared."""
        try:
            self.subject.run(self.subject.tape, setting.changes)
        except TargetBroke as error:
            if isinstance(error.__cause__, REFUSALS):
                return False
            raise
        return True

    def difference(
        self, setting: Setting, hidden: Mapping[str, Any], tolerance: Tolerance, **options: Any
    ) -> Difference | None:
        """Return where the target leaves the reference that is written in one way."""
        tape = self.subject.tape
        theirs = self.subject.run(tape, setting.changes)
        ours = self.expected(setting, hidden, **options)
        return first_difference(theirs, ours, tolerance, is_elementwise=self.reference.is_elementwise)

    def expected(self, setting: Setting, hidden: Mapping[str, Any], **options: Any) -> Trajectory:
        """Return the reference's trajectory."""
        values = {**self.subject.values(setting.changes), **options}
        return reference_run(self.reference, self.subject.tape, values, hidden)

    def agrees(self, setting: Setting, hidden: Mapping[str, Any], **options: Any) -> bool:
        """Tell whether the target's trajectory is that of the reference written in one way."""
        begun = self.subject.tape.first(3)
        theirs = self.subject.run(self.subject.tape, setting.changes)
        values = {**self.subject.values(setting.changes), **options}
        ours = reference_run(self.reference, begun, values, hidden)
        elementwise = self.reference.is_elementwise
        if first_difference(theirs[:4], ours, self.tolerance, is_elementwise=elementwise):
            return False
        return self.difference(setting, hidden, self.tolerance, **options) is None

    @property
    def looser(self) -> tuple[Tolerance, ...]:
        """Return what is tried where it does not agree exactly: single precision, half where usual."""
        rough = self.reference.roughness
        return (*([SINGLE] if self.subject.is_exact else []), *([Tolerance(rough, 4e-6)] if rough else []))

    @property
    def tolerance(self) -> Tolerance:
        """Return how exactly the two are compared: the target may keep its state in single precision."""
        return self.subject.knowledge.get("tolerance") or (TIGHT if self.subject.is_exact else SINGLE)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Return all accepted ways, with constants that the target has and does not take as options."""
        found: list[Way] = list(self.reference.accepted())
        for name, values in WRITTEN.items():
            usual = self.reference.options.get(name)
            if usual is None or name in self.subject.spelled or (name == "momentum" and not usual):
                continue
            found += [
                (_joined(words, f"{name} {value:g}"), {**hidden, name: value})
                for value in values
                if value != usual
                for words, hidden in list(found)
            ]
        return tuple(found[:MOST_WAYS])

    def agreeing(
        self, settings: Sequence[Setting], ways: Iterable[Way]
    ) -> tuple[tuple[Way, ...], Setting | None]:
        """Return the first way that holds in all settings, or those that hold longest and where they end."""
        reached: list[tuple[int, Way]] = []
        for way in ways:
            count = next(
                (i for i, setting in enumerate(settings) if not self._holds(setting, way)), len(settings)
            )
            if count == len(settings):
                return (way,), None
            reached.append((count, way))
        furthest = max(count for count, _ in reached)
        return tuple(way for count, way in reached if count == furthest), settings[furthest]

    def _holds(self, setting: Setting, way: Way) -> bool:
        options = {name: value for name, value in way[1].items() if name in self.reference.options}
        hidden = {name: value for name, value in way[1].items() if name not in options}
        return self.agrees(setting, hidden, **options)


OWN = ("decoupled",)


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word)


def comparison_of(subject: OptimizerSubject) -> Comparison:
    """Return the comparison with the reference; there must be one. It is kept."""
    assert subject.reference is not None, "only with --like"
    if "comparison" not in subject.knowledge:
        subject.knowledge["comparison"] = Comparison(subject, subject.reference)
    found: Comparison = subject.knowledge["comparison"]
    return found
