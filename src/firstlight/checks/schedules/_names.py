"""Under which names targets take what a schedule needs, and back: from our names to theirs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["STEP_NAMES", "Names", "Signature", "signature_of"]

STEP_NAMES = (
    "step", "t", "epoch", "iteration", "it", "iter", "current_step", "global_step", "count", "step_num",
    "cur_step", "current_epoch", "cur_epoch", "num_updates", "i", "n", "k", "cur_iter", "current_iter",
    "iter_num", "steps_done", "step_count", "update", "num_update", "x", "index", "batch", "training_step",
    "timestep", "epoch_num",
)  # fmt: skip
OPTIMIZER_NAMES = ("optimizer", "optim", "opt", "optimiser")
PER_EPOCH = (
    "steps_per_epoch",
    "iters_per_epoch",
    "batches_per_epoch",
    "niter_per_ep",
    "num_batches",
    "n_batches",
)

NAMES: dict[str, tuple[str, ...]] = {
    "base_lr": (
        "base_lr", "lr", "learning_rate", "initial_lr", "init_lr", "max_lr", "peak_lr", "lr_max",
        "initial_learning_rate", "init_value", "value", "peak_value", "base", "lr0", "eta_max", "eta0",
        "base_value", "start_lr", "eta", "lr_0", "peak_learning_rate", "base_learning_rate", "lr_base",
        "lr_init", "lr_start", "max_learning_rate", "rate", "peak",
    ),
    "min_lr": (
        "min_lr", "eta_min", "lr_min", "end_lr", "final_lr", "end_value", "min_value", "end_learning_rate",
        "lr_end", "minimum_lr", "eta_final", "final_value", "min_learning_rate", "floor", "lr_final",
        "final_learning_rate", "min_rate", "minimum", "end", "low",
    ),
    "start_lr": (
        "start_lr", "warmup_start_lr", "warmup_init_lr", "warmup_lr_init", "warmup_lr", "warmup_init",
    ),
    "total": (
        "total_steps", "T_max", "t_max", "total", "num_training_steps", "max_steps", "num_steps", "n_steps",
        "total_iters", "max_iters", "max_iter", "max_step", "t_initial", "num_iterations", "training_steps",
        "total_iterations", "t_total", "transition_steps", "decay_steps", "lr_decay_iters", "steps",
        "period", "T", "niters", "length", "max_iterations", "max_updates", "total_updates",
        "total_num_steps", "total_step", "end_step", "duration", "epochs", "num_epochs", "n_epochs",
        "total_epochs", "max_epochs", "max_epoch", "total_epoch", "num_epoch",
    ),
    "warmup": (
        "warmup", "warmup_steps", "num_warmup_steps", "warmup_iters", "warmup_epochs", "n_warmup_steps",
        "warmup_t", "n_warmup", "warm_up", "warmup_iterations", "warmup_num_steps", "warmup_length",
        "warm_steps", "warmup_period", "warmup_updates", "num_warmup", "warm_up_steps", "warmup_step",
        "warmup_epoch", "num_warmup_epochs", "warm", "n_warmup_epochs", "warmup_batches", "w",
    ),
    "gamma": (
        "gamma", "decay_rate", "factor", "drop", "decay", "drop_rate", "lr_decay", "decay_factor",
        "drop_factor", "multiplier", "rate", "lr_gamma",
    ),
    "step_size": (
        "step_size", "decay_steps", "decay_epochs", "drop_every", "every", "decay_every", "epochs_drop",
        "interval", "epochs_per_drop", "transition_steps", "decay_t", "drop_epochs", "lr_step_size",
        "period", "steps_per_decay", "decay_interval", "step_every", "stepsize", "size",
    ),
    "milestones": (
        "milestones", "boundaries", "steps", "decay_epochs", "decay_steps", "decay_t", "drops", "epochs",
    ),
    "power": ("power", "p", "exponent", "poly_power"),
}  # fmt: skip
SHARES: dict[str, tuple[str, tuple[str, ...]]] = {
    "min_lr": (
        "base_lr",
        (
            "alpha", "min_lr_ratio", "min_ratio", "final_lr_ratio", "min_lr_rate", "end_factor", "min_factor",
            "lr_min_ratio", "final_factor", "final_ratio", "min_lr_frac", "final_frac", "min_lr_factor",
            "floor_ratio", "end_lr_ratio", "final_lr_fraction", "lr_min_factor", "min_frac",
        ),
    ),
    "start_lr": ("base_lr", ("warmup_factor", "start_factor", "warmup_start_factor", "warmup_init_factor")),
    "warmup": (
        "total",
        (
            "warmup_ratio", "warmup_fraction", "warmup_proportion", "warmup_frac", "warmup_pct",
            "pct_start",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """The arguments of a class or function.

    Attributes
    ----------
    names
        All that it takes by keyword.
    defaults
        Of those that have one.
    takes_any
        Whether it has ``**kwargs``.
    positional
        The first ones, in order.
    """

    names: tuple[str, ...]
    defaults: Mapping[str, Any]
    takes_any: bool = False
    positional: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """Those without a default."""
        return tuple(name for name in self.names if name not in self.defaults)

    def first_of(self, names: tuple[str, ...]) -> str | None:
        """Return the first of the arguments that is one of these."""
        return next((name for name in self.names if name in names), None)


def signature_of(target: Any) -> Signature:
    """Read the arguments of a class or function; none where they cannot be read."""
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return Signature((), {}, takes_any=True)
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return Signature(
        tuple(p.name for p in named),
        {p.name: p.default for p in named if p.default is not p.empty},
        any(p.kind is p.VAR_KEYWORD for p in parameters),
        tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)),
    )


@dataclass(frozen=True)
class Names:
    """Which argument of one target stands for which option of one reference.

    Attributes
    ----------
    of
        The target's name by ours.
    shares
        By our name: the option that the target's value is a part of.
    per_epoch
        The argument that says how many steps an epoch has, where there is one.
    """

    of: Mapping[str, str]
    shares: Mapping[str, str] = field(default_factory=dict)
    per_epoch: str | None = None

    @staticmethod
    def between(
        signature: Signature, args: Mapping[str, Any], reference: Any = None, *, holds_rate: bool = False
    ) -> Names:
        """Match names: each argument stands for at most one option.

        Where an optimizer holds the rate, an "initial" one among the arguments is that of the warm-up.
        """
        spellings = {**NAMES, **(reference.spellings if reference else {})}
        shares = {**SHARES, **(reference.shares if reference else {})}
        if holds_rate:
            spellings["base_lr"] = tuple(
                name for name in spellings["base_lr"] if not any(word in name for word in ("init", "start"))
            )
        options = tuple(reference.options) if reference else tuple(NAMES)
        values = {**signature.defaults, **args}
        taken = {name for name in (*signature.names, *args) if not _is_absent(name, values)}
        of: dict[str, str] = {}
        parts: dict[str, str] = {}
        for option in options:
            for name in spellings.get(option, (option,)):
                if name in taken:
                    of[option] = name
                    taken.discard(name)
                    break
            else:
                whole, names = shares.get(option, ("", ()))
                found = next((name for name in names if name in taken and name not in options), None)
                if found is not None:
                    of[option], parts[option] = found, whole
                    taken.discard(found)
        per_epoch = next((name for name in PER_EPOCH if name in taken), None)
        return Names(of, parts, per_epoch)

    def read(self, values: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return options by our names from arguments by theirs (defaults included).

        Parameters
        ----------
        values
            By the target's names.
        known
            What else is known by our names, such as an optimizer's own rate.
        """
        found = dict(known or {})
        found.update(
            {
                option: self._whole(name, values)
                for option, name in self.of.items()
                if option not in self.shares
            }
            if values
            else {}
        )
        for option, whole in self.shares.items():
            value = values.get(self.of[option])
            if value is not None and found.get(whole) is not None:
                found[option] = value * found[whole]
                if whole == "total":
                    found[option] = int(found[option] + 1e-9)
        return {option: value for option, value in found.items() if value is not None}

    def _whole(self, name: str, values: Mapping[str, Any]) -> Any:
        value = values.get(name)
        if self.per_epoch and "epoch" in name and isinstance(value, int) and values.get(self.per_epoch):
            return value * values[self.per_epoch]
        return value

    def write(self, options: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return arguments by their names for options by ours; ``None`` where they cannot be said."""
        found: dict[str, Any] = {}
        steps = values.get(self.per_epoch) if self.per_epoch else None
        for option, name in self.of.items():
            if option not in options:
                continue
            value = options[option]
            if option in self.shares:
                whole = options.get(self.shares[option])
                if not whole:
                    return None
                value = value / whole
            elif steps and "epoch" in name and isinstance(value, int):
                if value % steps:
                    return None
                value //= steps
            found[name] = list(value) if isinstance(value, tuple) else value
        return found


def _is_absent(name: str, values: Mapping[str, Any]) -> bool:
    """An optional argument whose value is None says nothing."""
    return name in values and values[name] is None
