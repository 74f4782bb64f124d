"""A schedule that is checked: its form, its options by our names, and the rates that several checks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Int64

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import TargetBroke
from firstlight.checks.references.schedules import SCHEDULES, ScheduleReference
from firstlight.checks.schedules._forms import Form, Seen, form_of
from firstlight.checks.schedules._names import NAMES, Names

__all__ = ["ScheduleSubject", "Trial"]

BASE = 0.5  # the rate of our optimizer: a power of two, so that products are exact
MOST = 240  # steps that a function is asked for
MOST_STEPS = 3000  # steps that a scheduler takes

# What a target gets for arguments that it needs and was not given.
FALLBACKS: dict[str, Any] = {
    "base_lr": BASE,
    "min_lr": 0.0,
    "start_lr": 0.0,
    "total": 100,
    "warmup": 10,
    "gamma": 0.5,
    "step_size": 30,
    "milestones": [30, 80],
    "power": 2.0,
}
OWN_KEYS = {
    "final": "the rate at the last step",
    "first_step": "the step that the first update has: 0 or 1",
    "jumps": "yes or no: whether neighbouring rates may differ by more than a factor of two",
    "monotone": "down, up or no: after the warm-up",
    "peak": "the highest rate",
    "restarts": "steps at which it restarts, separated by spaces",
    "scale": "factor: what it returns multiplies a base rate; rate: it is the rate",
    "through_warmup": "yes: the decay goes on during the warm-up, as timm's does without warmup_prefix",
}


@dataclass
class Trial:
    """One setting of the target: its arguments by its names, its options by ours."""

    args: dict[str, Any]
    options: dict[str, Any]
    base: float | None


@dataclass
class ScheduleSubject:
    """Asks the target for rates, whatever its form."""

    given: Given
    form: Form
    reference: ScheduleReference | None
    names: Names
    args: dict[str, Any]
    declares: Mapping[str, Any]
    cached: dict[Any, Any] = field(default_factory=dict)

    @staticmethod
    def of(given: Given) -> ScheduleSubject:
        """Find the form of the target and what its arguments mean.

        Raises
        ------
        TargetError
            It has none of the forms, or needs an argument that nobody can guess.
        UsageError
            It declares something that the kind does not know.
        """
        reference = SCHEDULES.get(given.like or "")
        form = form_of(given.target, given.args, given.name)
        names = Names.between(form.signature, given.args, reference, holds_rate=form.holds_rate)
        declares = _declared(given.declares, reference)
        args = dict(given.args)
        _fill(args, form, names, reference, given.name)
        form.first = int(declares.get("first_step", form.first))
        subject = ScheduleSubject(given, form, reference, names, args, declares)
        subject._find_first()
        return subject

    def _find_first(self) -> None:
        """A function that refuses 0, or has no number for it, counts from 1."""
        if self.form.style not in ("function", "method") or "first_step" in self.declares:
            return
        try:
            refuses = not np.isfinite(self.form.ask(self.args, [0]).values).all()
        except TargetBroke as error:
            if isinstance(error.__cause__, TypeError) and "argument" in str(error):
                raise TargetError(f"{self.given.name}: {error}. Give its arguments: --args.") from error
            refuses = True
        if refuses:
            self.form.first = 1

    @property
    def values(self) -> dict[str, Any]:
        """All arguments, defaults included, by the target's names."""
        return {**self.form.signature.defaults, **self.args}

    @cached_property
    def trial(self) -> Trial:
        """The setting that was asked for."""
        return self.trial_of(self.args)

    def trial_of(self, args: Mapping[str, Any], base: float = BASE) -> Trial:
        """Return a setting with its options by our names."""
        values = {**self.form.signature.defaults, **args}
        known: dict[str, Any] = {key: value for key, value in self.declares.items() if key not in OWN_KEYS}
        if self.form.holds_rate:
            known["base_lr"] = base
        options = self.names.read(values, known)
        return Trial(dict(args), options, options.get("base_lr"))

    def horizon(self, options: Mapping[str, Any]) -> int:
        """Return how many steps there are to look at."""
        if self.reference is not None:
            try:
                return max(self.reference.length(self.reference.with_options(options)), 2)
            except (TypeError, KeyError):
                pass
        if options.get("total"):
            return max(int(options["total"]), 2)
        lengths = [int(options[key]) * 4 for key in ("warmup", "step_size") if options.get(key)]
        milestones = options.get("milestones")
        if milestones:
            lengths.append(int(max(milestones)) + 10)
        return max([*lengths, 100])

    def steps(self, options: Mapping[str, Any], count: int) -> Int64[np.ndarray, " step"]:
        """Return which steps to look at: all of few, a selection of many."""
        if self.form.style in ("scheduler", "setter", "stepper"):
            return np.arange(min(count, MOST_STEPS))
        if count <= MOST:
            return np.arange(count)
        reference = self.reference
        marks = reference.marks(reference.with_options(options)) if reference else {}
        marks = {**marks, int(options.get("warmup") or 0): ""}
        near = [mark + offset for mark in marks for offset in range(-3, 4)]
        chosen = {
            *range(150),
            *np.linspace(0, count - 1, 120).astype(int).tolist(),
            *near,
            *range(count - 20, count),
        }
        return np.array(sorted(step for step in chosen if 0 <= step < count))

    def rates(self, args: Mapping[str, Any], steps: Sequence[int], base: float = BASE) -> Seen:
        """Return the rates of some updates, the first being 0; a scheduler is stepped from the beginning."""
        key = (repr(sorted(args.items(), key=lambda pair: pair[0])), tuple(steps), base)
        if key not in self.cached:
            self.cached[key] = self._rates(args, steps, base)
        found: Seen = self.cached[key]
        return found

    def _rates(self, args: Mapping[str, Any], steps: Sequence[int], base: float) -> Seen:
        if self.form.style in ("function", "method"):
            return self.form.ask(args, steps)
        count = int(max(steps)) + 1 + max(self.form.offsets)
        return (
            self.form.walk(args, count)
            if self.form.style == "stepper"
            else self.form.run(args, count, base)[0]
        )

    def seen(self, trial: Trial | None = None, extra: int = 0) -> tuple[Int64[np.ndarray, " step"], Seen]:
        """Return the steps of a setting and the rates there."""
        trial = trial or self.trial
        steps = self.steps(trial.options, self.horizon(trial.options) + extra)
        found = self.rates(trial.args, steps.tolist())
        if self.form.style not in ("function", "method"):
            steps = np.arange(min(len(steps), len(found.values)))
            found = Seen(found.values[: len(steps)], found.is_single, found.ended)
        return steps, found

    def mark(self, step: int, options: Mapping[str, Any]) -> str:
        """Return a step in words: where it is, and what happens there."""
        text = f"step {step} (counted from 0)"
        if self.reference is None:
            near = {int(options.get("warmup") or -9): "the end of the warm-up"}
        else:
            near = dict(self.reference.marks(self.reference.with_options(options)))
        warmup = int(options.get("warmup") or 0)
        close = [words for mark, words in near.items() if abs(mark - step) <= 1]
        if close:
            return f"{text}, {close[0]}"
        return f"{text}, in the warm-up" if step < warmup else text


def _declared(declares: Mapping[str, str], reference: ScheduleReference | None) -> dict[str, Any]:
    """Read what the target says of itself.

    Raises
    ------
    UsageError
        A key is unknown, or its value is no number.
    """
    options = set(NAMES) | (set(reference.options) if reference else set())
    found: dict[str, Any] = {}
    for key, value in declares.items():
        if key not in OWN_KEYS and key not in options:
            known = ", ".join(sorted({*OWN_KEYS, *options}))
            raise UsageError(f"A schedule declares nothing called {key!r}. It may declare: {known}.")
        found[key] = _value_of(str(value))
    return found


def _value_of(text: str) -> Any:
    parts = text.replace(",", " ").split()
    if len(parts) > 1:
        return [_value_of(part) for part in parts]
    for reader in (int, float):
        try:
            return reader(text)
        except ValueError:
            continue
    return text


def _fill(
    args: dict[str, Any], form: Form, names: Names, reference: ScheduleReference | None, name: str
) -> None:
    """Give what is needed and was not given: a usual value where the argument's meaning is known.

    Raises
    ------
    TargetError
        It needs something that nobody can guess.
    """
    if form.style == "method" and not form.is_factory:
        return
    usual = {**FALLBACKS, **(dict(reference.options) if reference else {})}
    usual.update({key: FALLBACKS[key] for key in FALLBACKS if usual.get(key) is None})
    if reference and reference.settings:
        usual.update({k: v for k, v in reference.settings[0].items() if usual.get(k) is None})
    ours = {theirs_name: option for option, theirs_name in names.of.items()}
    missing = []
    for needed in form.signature.required:
        if needed in args or needed == form.step_name or needed in ("optimizer", "optim", "opt", "optimiser"):
            continue
        if needed == names.per_epoch:
            args[needed] = 4
        elif needed in ours and usual.get(ours[needed]) is not None:
            option = ours[needed]
            value = usual[option]
            if option in names.shares:
                value = value / usual[names.shares[option]]
            args[needed] = list(value) if isinstance(value, tuple) else value
        else:
            missing.append(needed)
    if missing:
        raise TargetError(f"{name} needs {', '.join(missing)}. Give its arguments: --args.")
