"""Options at values that let each of them be seen: with eps 1e-8 and no weight decay, mistakes hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstlight.checks.references.optimizers import OptimizerReference

__all__ = ["AMPLIFIED", "AS_GIVEN", "Setting", "amplified_settings"]

AMPLIFIED: dict[str, Any] = {
    "lr": 0.1,
    "beta1": 0.5,
    "beta2": 0.7,
    "beta3": 0.6,
    "eps": 0.1,
    "momentum": 0.6,
    "dampening": 0.3,
    "alpha": 0.7,
    "rho": 0.7,
}
OTHER: dict[str, Any] = {
    "lr": 0.03,
    "beta1": 0.8,
    "beta2": 0.9,
    "beta3": 0.9,
    "eps": 1e-3,
    "momentum": 0.3,
    "alpha": 0.9,
    "rho": 0.8,
}
DECAY = 0.3


@dataclass(frozen=True)
class Setting:
    """Options that differ from the target's own defaults.

    Attributes
    ----------
    words
        What it is called in a report.
    changes
        By canonical name.
    """

    words: str
    changes: Mapping[str, Any]


AS_GIVEN = Setting("its own defaults", {})


def amplified_settings(
    options: Mapping[str, Any], reference: OptimizerReference | None
) -> tuple[Setting, ...]:
    """Return settings in which each option moves the steps.

    Parameters
    ----------
    options
        Canonical options that the target takes, with the values that it has without them.
    """
    own = dict(reference.amplified) if reference else {}
    table = {name: own.get(name, value) for name, value in {**AMPLIFIED, **own}.items() if name in options}
    flags = [name for name, value in options.items() if isinstance(value, bool) and name != "maximize"]
    base = {**table, **{name: False for name in flags if name != "decoupled"}}
    if "weight_decay" in options:
        base["weight_decay"] = 0.0
    found = [Setting(_words(table), base)]
    if "weight_decay" in options:
        found.append(Setting(f"weight_decay {DECAY:g}, the rest amplified", {**base, "weight_decay": DECAY}))
        found.append(Setting("lr 0.1, weight_decay 0.3", {"lr": 0.1, "weight_decay": DECAY}))
    for flag in flags:
        flagged = {**base, flag: True}
        if flag == "nesterov":
            flagged = {**flagged, **({"dampening": 0.0} if "dampening" in options else {})}
        found.append(Setting(f"{flag}, the rest amplified", flagged))
        if flag == "decoupled" and "weight_decay" in options:
            found.append(Setting(f"{flag}, weight_decay {DECAY:g}", {**flagged, "weight_decay": DECAY}))
    other = {**base, **{name: value for name, value in OTHER.items() if name in options and name not in own}}
    if "weight_decay" in options:
        other["weight_decay"] = 0.05
    found.append(Setting("other values: " + _words(other), other))
    if "lr" in options:
        found.append(Setting("lr 0.05", {"lr": 0.05}))
    unique = {tuple(sorted(setting.changes.items())): setting for setting in reversed(found)}
    return tuple(setting for setting in found if unique[tuple(sorted(setting.changes.items()))] is setting)


def _words(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in changes.items() if not isinstance(value, bool))
