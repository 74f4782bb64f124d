"""Known mistakes as formulas: where a wrong trajectory equals one of them, the mistake has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from firstlight.checks.optimizers._comparison import Comparison, Way
from firstlight.checks.optimizers._settings import Setting
from firstlight.checks.references.optimizers import OptimizerReference

__all__ = ["Named", "fitting_mistake"]

Values = dict[str, Any]
SURE, LIKELY = 0.97, 0.85
WAYS = 8
EPS_VALUES = (0.0, 1e-8, 1e-7, 1e-6, 1e-10, 1e-5, 1e-12, 1e-16)
BETA_VALUES = (0.0, 0.9, 0.99, 0.999, 0.95, 0.5)


@dataclass(frozen=True)
class Named:
    """What is likely wrong."""

    family: str
    sentence: str
    certainty: float


@dataclass(frozen=True)
class Mistake:
    """A hypothesis: hidden options of the rule, and what happens to the values of options."""

    family: str
    words: str
    hidden: Mapping[str, Any] = field(default_factory=dict)
    change: Callable[[Values], Values] = lambda _: {}


def fitting_mistake(compared: Comparison, failing: Setting, ways: tuple[Way, ...]) -> Named | None:
    """Return the known mistake that gives the target's trajectory in the most settings, if one does.

    Parameters
    ----------
    failing
        The setting in which no accepted way agrees: the mistake has to agree there.
    ways
        Accepted ways that agree as far as any does; the mistake is looked for in each.
    """
    best: tuple[int, Mistake] | None = None
    for mistake in _mistakes(compared):
        for _, way in ways[:WAYS]:
            if not _holds(compared, failing, mistake, way):
                continue
            count = sum(_holds(compared, setting, mistake, way) for setting in compared.settings)
            if count == len(compared.settings):
                return Named(mistake.family, mistake.words, SURE)
            if best is None or count > best[0]:
                best = (count, mistake)
    return None if best is None else Named(best[1].family, best[1].words, LIKELY)


def _holds(compared: Comparison, setting: Setting, mistake: Mistake, way: Mapping[str, Any]) -> bool:
    values = compared.subject.values(setting.changes)
    own = {name: value for name, value in way.items() if name in compared.reference.options}
    hidden = {**{name: value for name, value in way.items() if name not in own}, **mistake.hidden}
    try:
        return compared.agrees(setting, hidden, **{**own, **mistake.change({**values, **own})})
    except ArithmeticError:  # a formula that makes no sense with these values is not what happened
        return False


def _mistakes(compared: Comparison) -> Iterator[Mistake]:
    reference = compared.reference
    for suspect in reference.suspects:
        yield Mistake(suspect.family, suspect.words, suspect.hidden, _swapped(suspect.swaps))
    yield from COMMON_MISTAKES
    if reference.decay != "none" and "weight_decay" in reference.options:
        yield from _decay_mistakes(reference)
    yield from _value_mistakes(reference)
    yield from _ignored(compared)


def _swapped(swaps: Mapping[str, str]) -> Callable[[Values], Values]:
    return lambda values: {name: values[other] for name, other in swaps.items()}


COMMON_MISTAKES = (
    Mistake("sign", "The step goes uphill: its sign is wrong.", {"step_factor": -1.0}),
    Mistake("bias-correction", "The step counter starts at 0, one too low.", {"count_from": 0}),
    Mistake("bias-correction", "The step counter is one too high.", {"count_from": 2}),
    Mistake(
        "bias-correction",
        "The step counter does not advance: each step counts as the first.",
        {"count_kept": False},
    ),
    Mistake(
        "state", "One step counter is raised by each tensor, not by each step.", {"count_over_tensors": True}
    ),
    Mistake("state", "The state is not kept from step to step: each one begins anew.", {"state_kept": False}),
    Mistake(
        "state",
        "The state is not kept from step to step, nor the step counter.",
        {"state_kept": False, "count_kept": False},
    ),
    Mistake("state", "Tensors of the same shape share one state.", {"state_by": "shape"}),
    Mistake(
        "state", "Tensors of the same shape share one state.", {"state_by": "shape", "count_by_step": True}
    ),
    Mistake("ignored-option", "maximize changes nothing.", {"is_maximize_kept": False}),
    Mistake("state", "The weights never change: the new value is not written back.", {"step_factor": 0.0}),
    Mistake("rate-scale", "The step is twice the right one.", {"step_factor": 2.0}),
    Mistake("rate-scale", "The step is half the right one.", {"step_factor": 0.5}),
    Mistake(
        "clipping", "Gradients are cut at 1 in each entry, which no option asks for.", {"gradient": "cut"}
    ),
    Mistake("clipping", "Gradients are clipped to norm 1, which no option asks for.", {"gradient": "short"}),
    Mistake("rate-scale", "Gradients are divided by their norm.", {"gradient": "unit"}),
)


def _decay_mistakes(reference: OptimizerReference) -> Iterator[Mistake]:
    family = "weight-decay"
    yield Mistake("ignored-option", "weight_decay changes nothing.", {"decay_factor": 0.0})
    yield Mistake(family, "The weights grow: the decay has the wrong sign.", {"decay_factor": -1.0})
    if reference.decay == "decoupled":
        yield Mistake(
            family,
            "The decay is added to the gradient (L2) where it is to be decoupled.",
            {"decay_kind": "coupled"},
        )
    if reference.decay == "coupled":
        yield Mistake(
            family,
            "The decay shrinks the weights itself (decoupled) where it is to be added to the gradient.",
            {"decay_kind": "decoupled"},
        )
    own = {"decay_kind": "decoupled"}
    yield Mistake(
        family,
        "The decay shrinks the weight that the step has moved already.",
        {**own, "decay_place": "after"},
    )
    yield Mistake(family, "The decay is not multiplied by the rate.", {**own, "decay_with_lr": False})
    yield Mistake(
        family,
        "The decay takes the moved weight, and not the rate.",
        {**own, "decay_place": "after", "decay_with_lr": False},
    )
    yield Mistake(
        family, "The weights decay twice: decoupled, and in the gradient too.", {"decay_kind": "both"}
    )
    yield Mistake(family, "The decay takes the gradient, not the weight.", {"decay_of": "g"})
    yield Mistake(family, "The decay takes the sign of the weight (L1).", {"decay_of": "sign"})
    for words, factor in (("twice", 2.0), ("half", 0.5)):
        yield Mistake(family, f"The decay is {words} the right one.", {"decay_factor": factor})
    for kind in ("coupled", "decoupled"):
        hidden = {"decay_kind": kind}
        yield Mistake(
            family, "The weights grow: the decay has the wrong sign.", {**hidden, "decay_factor": -1.0}
        )
        yield Mistake(
            family,
            "The decay is multiplied by the rate once more.",
            hidden,
            lambda values: {"weight_decay": values.get("weight_decay", 0.0) * values["lr"]},
        )
        yield Mistake(
            family,
            "The decay is squared.",
            hidden,
            lambda values: {"weight_decay": values.get("weight_decay", 0.0) ** 2},
        )


def _value_mistakes(reference: OptimizerReference) -> Iterator[Mistake]:
    averages = [
        name for name in ("beta1", "beta2", "beta3", "alpha", "rho", "momentum") if name in reference.options
    ]
    for name in averages:
        family = "momentum" if name in ("beta1", "momentum") else "state"
        yield Mistake(family, f"{name} and 1 - {name} are swapped.", {}, _becomes(name, lambda v: 1 - v))
        for other in averages:
            if other != name:
                yield Mistake(family, f"{other} is used where {name} belongs.", {}, _taken_from(name, other))
    if "eps" in reference.options:
        yield Mistake("epsilon", "eps is squared.", {}, _becomes("eps", lambda v: v * v))
        yield Mistake("epsilon", "The root of eps is taken.", {}, _becomes("eps", lambda v: v**0.5))
        yield Mistake("epsilon", "eps counts twice.", {}, _becomes("eps", lambda v: 2 * v))
        yield Mistake("epsilon", "eps has the wrong sign.", {}, _becomes("eps", lambda v: -v))
    yield Mistake("rate-scale", "The rate is squared.", {}, _becomes("lr", lambda v: v * v))
    yield Mistake("rate-scale", "The root of the rate is taken.", {}, _becomes("lr", lambda v: v**0.5))


def _becomes(name: str, change: Callable[[Any], Any]) -> Callable[[Values], Values]:
    return lambda values: {name: change(values[name])} if isinstance(values.get(name), (int, float)) else {}


def _taken_from(name: str, other: str) -> Callable[[Values], Values]:
    return lambda values: {name: values[other]} if other in values else {}


def _always(name: str, value: Any) -> Callable[[Values], Values]:
    return lambda _: {name: value}


def _ignored(compared: Comparison) -> Iterator[Mistake]:
    """Each option, fixed at a value that somebody may have written into the code."""
    for name in compared.subject.spelled:
        usual = compared.reference.options.get(name)
        if name not in compared.reference.options and name != "decoupled":
            continue
        own = compared.subject.value(name)
        candidates: list[Any] = [own, usual]
        if isinstance(own, bool):
            candidates = [False, True]
        elif name == "eps":
            candidates += EPS_VALUES
        elif name.startswith("beta") or name in ("alpha", "rho", "momentum", "dampening"):
            candidates += BETA_VALUES
        elif name == "lr":
            candidates += [1.0, 0.1, 0.01, 0.001]
        for value in dict.fromkeys(one for one in candidates if one is not None):
            words = f"{name} is ignored: it is always {value}."
            yield Mistake("ignored-option", words, {}, _always(name, value))
