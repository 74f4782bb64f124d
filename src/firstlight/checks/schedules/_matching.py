"""Hold rates against a reference in all its accepted ways, and against its known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from firstlight.checks.references.schedules import ScheduleReference, ScheduleSuspect
from firstlight.checks.schedules._subject import ScheduleSubject, Trial

__all__ = ["Match", "Mistake", "match", "matches", "mistake_of", "tolerance"]

FITTED = {"total": range(2, 1001), "period": range(2, 301), "step_size": range(1, 301), "up": range(1, 301)}

ALL_STEPS = (
    "total",
    "train",
    "max_steps",
    "max_iter",
    "max_epochs",
    "num_steps",
    "n_steps",
    "num_epochs",
    "n_epochs",
)


@dataclass(frozen=True)
class Match:
    """How well one accepted way fits.

    Attributes
    ----------
    words, hidden, offset
        The way, and where in what was seen the first update is.
    options
        With which the reference was asked, what had to be fitted included.
    steps
        That were compared.
    expected, seen
        The reference's rates and the target's.
    first_bad
        Index of the first step at which they differ; ``None`` where they agree.
    unknown
        Options that nobody said and nothing fits.
    """

    words: str
    hidden: Mapping[str, Any]
    offset: int
    options: Mapping[str, Any]
    steps: Int64[np.ndarray, " step"]
    expected: Float64[np.ndarray, " step"]
    seen: Float64[np.ndarray, " step"]
    first_bad: int | None
    unknown: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether every step agrees."""
        return self.first_bad is None


@dataclass(frozen=True)
class Mistake:
    """A known mistake that gives exactly what was seen."""

    words: str
    family: str


def tolerance(expected: Float64[np.ndarray, " step"], *, is_single: bool) -> float:
    """Return by how much rates may differ: a part of the highest one."""
    peak = float(np.abs(expected).max(initial=0.0))
    return peak * (1e-5 if is_single else 1e-8) + 1e-300


def match(subject: ScheduleSubject, trial: Trial) -> Match:
    """Return the accepted way that fits, or the one that fits longest."""
    return max(matches(subject, trial), key=_goodness)


def _goodness(found: Match) -> tuple[float, float]:
    bad = float("inf") if found.first_bad is None else float(found.first_bad)
    return (bad, -float(np.abs(found.expected - found.seen).sum()))


def matches(subject: ScheduleSubject, trial: Trial) -> list[Match]:
    """Return how every accepted way fits. The reference must be there."""
    key = ("matches", repr(trial.args), trial.base)
    if key not in subject.cached:
        subject.cached[key] = _matches(subject, trial)
    found: list[Match] = subject.cached[key]
    return found


def _matches(subject: ScheduleSubject, trial: Trial) -> list[Match]:
    reference = subject.reference
    assert reference is not None
    options, unknown = dict(trial.options), _unknown(reference, trial.options)
    fitted = [name for name in unknown if name in FITTED]
    is_scale = reference.name == "noam"  # its factor is 1 where nobody says otherwise
    if "base_lr" in reference.options and "base_lr" not in options and not is_scale:
        options["base_lr"] = _peak(subject, trial)
    if unknown and len(fitted) == len(unknown) == 1:
        return _fitted(subject, trial, reference, options, fitted[0])
    if unknown:
        nothing = np.zeros(0)
        return [Match("", {}, 0, options, nothing.astype(np.int64), nothing, nothing, None, unknown)]
    return _held(subject, trial, reference, options)


def _unknown(reference: ScheduleReference, options: Mapping[str, Any]) -> tuple[str, ...]:
    missing = [name for name in reference.needed if options.get(name) is None]
    if reference.name == "wsd":
        enough = sum(options.get(name) is not None for name in ("stable", "decay", "total")) >= 2
        missing += [] if enough else ["decay"]
    if reference.name == "piecewise-constant" and options.get("boundaries_and_scales") is None:
        missing += [name for name in ("boundaries", "values") if options.get(name) is None]
    return tuple(missing)


def _peak(subject: ScheduleSubject, trial: Trial) -> float:
    """A rate that is written in the code is the highest that is seen, unless it is declared."""
    if "peak" in subject.declares:
        return float(subject.declares["peak"])
    steps = subject.steps(trial.options, 200)
    return float(np.max(subject.rates(trial.args, steps.tolist(), trial.base or 0.5).values))


def _fitted(
    subject: ScheduleSubject,
    trial: Trial,
    reference: ScheduleReference,
    options: dict[str, Any],
    name: str,
) -> list[Match]:
    """Try all values of an option that is written in the code; only agreement says something."""
    ways = reference.accepted()
    steps = np.arange(60)
    seen = subject.rates(trial.args, steps.tolist(), trial.base or 0.5)
    for value in FITTED[name]:
        for _, hidden in ways:
            few = reference.rates(range(8), {**options, name: value}, **hidden)
            near = tolerance(few, is_single=seen.is_single)
            if len(seen.values) < 8 or np.abs(few - seen.values[:8]).max() > near:
                continue
            known = {**options, name: value}
            whole = Trial(trial.args, known, trial.base)
            held = [one for one in _held(subject, whole, reference, known) if one.is_right]
            if held:
                return held
    nothing = np.zeros(0)
    return [Match("", {}, 0, options, nothing.astype(np.int64), nothing, nothing, None, (name,))]


def _held(
    subject: ScheduleSubject, trial: Trial, reference: ScheduleReference, options: Mapping[str, Any]
) -> list[Match]:
    length = reference.length(reference.with_options(options))
    steps = subject.steps(options, max(length, 2))
    seen = subject.rates(trial.args, steps.tolist(), trial.base or 0.5)
    extra = {"through": True} if _is_through(subject, reference) else {}
    found = []
    for offset in subject.form.offsets:
        values = seen.values[offset : offset + len(steps)]
        compared = steps[: len(values)]
        for words, hidden in reference.accepted():
            if hidden.get("total_is") == "after warm-up" and _counts_all(subject.names.of.get("total", "")):
                continue
            hidden = {**hidden, **extra}
            expected = reference.rates(compared, options, **hidden)
            wrong = ~(np.abs(expected - values) <= tolerance(expected, is_single=seen.is_single))
            first = int(np.flatnonzero(wrong)[0]) if wrong.any() else None
            said = ", ".join(part for part in (words, "step() comes before each update" * offset) if part)
            found.append(Match(said, hidden, offset, options, compared, expected, values, first))
    return found


def _counts_all(name: str) -> bool:
    """Whether an argument of that name is the number of all steps, those of the warm-up included."""
    return any(word in name.lower() for word in ALL_STEPS)


def _is_through(subject: ScheduleSubject, reference: ScheduleReference) -> bool:
    return subject.declares.get("through_warmup") == "yes" and "through" in reference.hidden


def mistake_of(subject: ScheduleSubject, found: Match) -> Mistake | None:
    """Return the known mistake that gives what was seen, if one does."""
    reference = subject.reference
    assert reference is not None
    peak = float(np.abs(found.expected).max(initial=0.0)) or 1.0
    spread = float(np.ptp(found.seen))
    for mistake, rates in _wrong_rates(subject, reference, found):
        near = np.abs(rates - found.seen)
        if np.isfinite(rates).all() and near.max() <= 1e-5 * max(peak, spread):
            return mistake
    return _factor(reference, found)


def _wrong_rates(
    subject: ScheduleSubject, reference: ScheduleReference, found: Match
) -> Iterator[tuple[Mistake, Float64[np.ndarray, " step"]]]:
    ways = [hidden for _, hidden in reference.accepted()]
    for suspect in reference.suspects:
        for hidden in ways:
            yield Mistake(suspect.words, suspect.family), _suspected(reference, suspect, hidden, found)
    for words, clock in _clocks(subject):
        for hidden in ways:
            o = reference.with_options(found.options, **hidden)
            yield Mistake(words, "schedule"), _rates(reference.rate, o, found, clock)
    for hidden in ways:
        yield (
            Mistake("The factor is applied to the rate of the step before again and again.", "schedule"),
            _compounded(reference, hidden, found),
        )


def _suspected(
    reference: ScheduleReference, suspect: ScheduleSuspect, hidden: Mapping[str, Any], found: Match
) -> Float64[np.ndarray, " step"]:
    changed = {key: value for key, value in suspect.hidden.items() if key in found.options}
    o = reference.with_options({**found.options, **changed}, **{**hidden, **suspect.hidden})
    return _rates(suspect.rate or reference.rate, o, found, lambda t: t)


def _rates(
    rate: Callable[[int, SimpleNamespace], float],
    o: SimpleNamespace,
    found: Match,
    clock: Callable[[int], Any],
) -> Float64[np.ndarray, " step"]:
    try:
        return np.array([float(rate(clock(int(t)), o)) for t in found.steps], dtype=np.float64)
    except (ArithmeticError, ValueError, KeyError, TypeError, IndexError):
        return np.full(len(found.steps), np.nan)


def _clocks(subject: ScheduleSubject) -> list[tuple[str, Callable[[int], Any]]]:
    per_epoch = subject.values.get(subject.names.per_epoch or "")
    found: list[tuple[str, Callable[[int], Any]]] = [
        ("It is one step late.", lambda t: max(t - 1, 0)),
        ("It is one step early: it skips its first step.", lambda t: t + 1),
    ]
    for k in dict.fromkeys([int(per_epoch or 2), *range(2, 21)]):
        found += [
            (f"It counts in another unit: {k} steps are taken for one (epochs for steps).", _slower(k)),
            (f"It counts in another unit: one step is taken for {k} (steps for epochs).", _faster(k)),
        ]
    return found


def _slower(k: int) -> Callable[[int], int]:
    return lambda t: t // k


def _faster(k: int) -> Callable[[int], int]:
    return lambda t: t * k


def _compounded(
    reference: ScheduleReference, hidden: Mapping[str, Any], found: Match
) -> Float64[np.ndarray, " step"]:
    """Lr *= f(t) at each step, where lr = base_lr f(t) is right."""
    if not len(found.steps) or found.steps[-1] != len(found.steps) - 1:
        return np.full(len(found.steps), np.nan)
    right = reference.rates(found.steps, found.options, **hidden)
    base = float(found.options.get("base_lr") or 1.0)
    factors = right / base
    factors[0] = right[0] / base
    return np.asarray(base * np.cumprod(factors), dtype=np.float64)


def _factor(reference: ScheduleReference, found: Match) -> Mistake | None:
    """A constant ratio to one of the accepted ways names itself."""
    for _, hidden in reference.accepted():
        right = reference.rates(found.steps, found.options, **hidden)
        big = np.abs(right) > 1e-6 * np.abs(right).max(initial=1e-300)
        if big.sum() < 3 or (np.abs(found.seen[~big]) > 1e-3 * np.abs(found.seen).max(initial=0.0)).any():
            continue
        ratio = found.seen[big] / right[big]
        if np.ptp(ratio) <= 1e-5 * abs(ratio[0]):
            return Mistake(f"All rates are {ratio[0]:.6g} times the right ones.", "rate-scale")
    return None
