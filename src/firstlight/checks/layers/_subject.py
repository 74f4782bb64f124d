"""A layer that is checked: how to make it anew, what goes into it, and how it compares with its reference."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import TargetBroke, theirs
from firstlight.checks.layers._comparing import DOUBLE, SINGLE, Comparison, compared
from firstlight.checks.layers._layer import Layer, seeded
from firstlight.checks.layers._making import FunctionLayer, copied, is_factory, is_lazy_module, is_maker
from firstlight.checks.layers._options import NAMES, Known, find_options, their_name
from firstlight.checks.layers._peers import reference_of_peer
from firstlight.checks.layers._probing import Plan, probe
from firstlight.checks.references.layers import LAYERS, Input, LayerReference

__all__ = ["Comparison", "LayerSubject"]

OWN_DECLARATIONS = ("gradient", "stochastic", "shared", "momentum_convention", "batch_axis", "norm", "causal")


class LayerSubject:
    """Makes the target as often as needed and knows what it takes."""

    def __init__(self, given: Given, reference: LayerReference | None, like: str) -> None:
        self.given = given
        self.reference = reference
        self.like = like
        self.target = given.target
        self._pristine = copied(given.target) if not is_maker(given.target) else None
        self._check_declarations()
        first = self._owner({}, seed=1)
        self.instance = first
        self.known = self._known(first)
        self.dtype = self._find_dtype()

    @staticmethod
    def of(given: Given) -> LayerSubject:
        """Make the target once, so that a wrong argument is told at once."""
        if given.peer is not None:
            reference, like = reference_of_peer(given.peer, given.args)
            return LayerSubject(given, reference, like)
        subject = LayerSubject(given, LAYERS.get(given.like or ""), given.like or "")
        if subject.reference is None:
            _ = subject.plan  # nothing can be asked without an input
        return subject

    # ---- making

    def _check_declarations(self) -> None:
        options = set(self.reference.options) | set(self.reference.free) if self.reference else set()
        known = {*OWN_DECLARATIONS, *options, *(name for one in options for name in NAMES.get(one, ()))}
        unknown = sorted(set(self.given.declares) - known)
        if unknown:
            raise UsageError(
                f"A layer declares no {', '.join(unknown)}. Known are: {', '.join(sorted(known))}."
            )

    def declared(self, name: str) -> str | None:
        """Return what the target says of itself, in lower case."""
        value = self.given.declares.get(name)
        return None if value is None else str(value).lower()

    def _owner(self, changes: Mapping[str, Any], *, seed: int) -> Any:
        seeded(seed)
        if self._pristine is not None:
            return copied(self._pristine)
        args = {**self.given.args, **changes}
        if inspect.isclass(self.target):
            return self._made(self.target, args)
        if is_factory(self.target, args):
            return self._made(self.target, args)
        return FunctionLayer(self.target, args)

    def _made(self, make: Any, args: Mapping[str, Any]) -> Any:
        try:
            with theirs():
                return make(**args)
        except TargetBroke as error:
            raise TargetError(
                f"{self.given.name} cannot be made: {error}. Give its constructor's arguments: --args."
            ) from error.__cause__

    def make(
        self, changes: Mapping[str, Any] | None = None, *, seed: int = 1, randomised: bool = True
    ) -> Layer:
        """Make the layer anew, its parameters in general position unless told otherwise."""
        owner = self._owner(changes or {}, seed=seed)
        if isinstance(owner, nn.Module):
            owner = owner.to(self.dtype)
        hidden = self.known.values.get("hidden_size") if "hidden_size" in self.known else None
        layer = Layer(owner, dtype=self.dtype, hidden=hidden if self._is_recurrent else None)
        if randomised:
            if is_lazy_module(owner):
                layer.mode(False)(self.plan.draw(0))
            layer.randomise(17)
        return layer

    @property
    def _is_recurrent(self) -> bool:
        return self.reference is not None and self.reference.name in ("lstm", "gru", "rnn")

    @property
    def can_be_remade(self) -> bool:
        """Whether it is a class or factory, so that other options and seeds can be tried."""
        return self._pristine is None and not isinstance(self.instance, FunctionLayer)

    def _known(self, instance: Any) -> Known:
        if self.reference is None:
            return Known({}, {})
        declares = {
            name: value for name, value in self.given.declares.items() if name not in OWN_DECLARATIONS
        }
        return find_options(self.reference, self.target, instance, self.given.args, declares)

    def _find_dtype(self) -> torch.dtype:
        for dtype in (torch.float64, torch.float32):
            self.dtype = dtype
            plan = self._find_plan()
            if plan is not None:
                self._plan: Plan | None = plan
                return dtype
        self._plan = None
        return torch.float64

    # ---- inputs

    @property
    def plan(self) -> Plan:
        """What goes in. Raises `TargetError` where no input was found that it takes."""
        if self._plan is None:
            said = f" The last one gave: {self._last_error}." if self._last_error else ""
            raise TargetError(
                f"No input was found that {self.given.name} takes.{said} Say with --like what it is, or give "
                "its sizes as --args under their usual names (in_features, in_channels, d_model ...)."
            )
        return self._plan

    @property
    def has_plan(self) -> bool:
        """Whether an input is known."""
        return self._plan is not None

    _last_error: TargetBroke | None = None

    def _find_plan(self) -> Plan | None:
        """Find an input that the layer takes: of the reference, else by trying."""
        layer = self._bare()
        if self.reference is not None:
            for options in self.readings_of_sizes(layer):
                for one in self.inputs(options):
                    plan = Plan(one.shape, one.below, self._row_axis(one))
                    if self._takes(layer, plan):
                        return plan
        return probe(layer, self.given.args, self._takes, self._row_axis(None))

    def _bare(self) -> Layer:
        owner = self._owner({}, seed=1)
        if isinstance(owner, nn.Module):
            owner = owner.to(self.dtype)
        hidden = self.known.values.get("hidden_size") if self._is_recurrent else None
        return Layer(owner, dtype=self.dtype, hidden=hidden)

    def _takes(self, layer: Layer, plan: Plan) -> bool:
        if is_lazy_module(layer.owner):
            layer = self._bare()
        try:
            if is_lazy_module(layer.owner):
                layer(plan.draw(0))  # nothing to undo before it knows its shapes
            for training in (True, False):
                layer.mode(training).again(plan.draw(0))
        except TargetBroke as error:
            self._last_error = error
            return False
        return True

    def _row_axis(self, one: Input | None) -> int:
        if (axis := self.declared("batch_axis")) is not None:
            return int(axis)
        if one is not None and one.change.get("is_column"):
            return len(one.shape) - 1
        if one is not None and one.change.get("axis") == 0:
            return 1
        steps_first = [
            bool(getattr(part, "batch_first", True)) is False
            for part in (self.instance.modules() if isinstance(self.instance, nn.Module) else ())
            if hasattr(part, "batch_first")
        ]
        return 1 if steps_first and all(steps_first) and not self.known.values.get("is_batch_first") else 0

    def readings_of_sizes(self, layer: Layer) -> list[dict[str, Any]]:
        """Return the reference's options with sizes that were not given taken from the layer's tensors."""
        assert self.reference is not None
        options = {**self.reference.options, **self.known.values}
        sizes = [name for name, value in self.reference.options.items() if value is None]
        if all(options[name] is not None for name in sizes):
            return [options]
        shapes = [one.shape for one in layer.values().values()]
        found = [dict(one) for one in self.reference.infer(shapes, options)]
        unique = [one for index, one in enumerate(found) if one not in found[:index]]
        return unique[:8] or [options]

    def inputs(self, options: Mapping[str, Any]) -> Sequence[Input]:
        """Return what the reference says that a layer with these options takes."""
        assert self.reference is not None
        try:
            return self.reference.inputs(options)
        except (TypeError, ValueError):
            return ()

    # ---- the reference

    def compare(
        self,
        changes: Mapping[str, Any] | None = None,
        *,
        training: bool = False,
        layer: Layer | None = None,
        explains: bool = True,
    ) -> Comparison:
        """Hold the layer, made with changed options of the reference's, against the reference.

        Looks for a known mistake with ``explains``, which takes longer.
        """
        return compared(self, changes or {}, training=training, layer=layer, explains=explains)

    @functools.cached_property
    def tolerance(self) -> float:
        """Relative: that of float64 where the whole layer computes in it, else of float32."""
        return DOUBLE if self.is_double else SINGLE

    @functools.cached_property
    def is_double(self) -> bool:
        """Whether no part of the layer computes in single precision: a change of 1e-7 has a smooth effect."""
        if self.dtype != torch.float64 or not self.has_plan:
            return False
        layer = self.make().mode(False)
        x = self.plan.draw(2)
        if np.issubdtype(x.dtype, np.integer):
            y = layer.again(x)
            return bool(np.any(y != y.astype(np.float32)))
        along = np.random.default_rng(4).standard_normal(x.shape)
        try:
            values = [layer.again(x + step * 1e-7 * along) for step in (0, 1, 2)]
        except TargetBroke:
            return False
        with np.errstate(all="ignore"):
            bend = np.abs(values[2] - 2 * values[1] + values[0])
        scale = max(float(np.abs(values[0]).max()), 1e-12)
        return bool(
            np.isfinite(bend).all()
            and np.median(bend) <= 1e-11 * scale
            and np.quantile(bend, 0.9) <= 1e-10 * scale
        )

    @functools.cached_property
    def in_evaluation(self) -> Comparison:
        """The comparison in evaluation mode, which several checks ask for; it names no mistake."""
        return self.compare(training=False, explains=False)

    @functools.cached_property
    def row_axis(self) -> int:
        """On which axis the rows of a batch lie, as the input was planned or the comparison found out."""
        if self.reference is not None and not self.reference.is_random and self.plan.row_axis == 0:
            found = self.in_evaluation
            if found.agrees and found.best.options.get("is_batch_first") is False:
                return 1
        return self.plan.row_axis

    def their_value(self, option: str, value: Any) -> Any:
        """Return an option's value as the target wants it: some take the share that is kept, not dropped."""
        return 1.0 - value if option == "p" and self.known.is_keeping else value

    def takes_option(self, name: str) -> bool:
        """Whether the constructor takes an option of the reference's."""
        return (
            self.can_be_remade
            and name in self.known.names
            and their_name(name, self.target, self.given.args) is not None
        )
