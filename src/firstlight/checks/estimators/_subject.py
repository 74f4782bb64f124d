"""An estimator that is checked, behind one way to make, fit and ask it."""

from __future__ import annotations

import inspect
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Form, Task, blobs, line
from firstlight.checks.estimators._guess import Guess, guessed
from firstlight.checks.estimators._making import called, made_anew, seed_torch
from firstlight.checks.estimators._probe import Probe, answers_numbers, probed
from firstlight.checks.estimators._roles import named_arguments, role_of, takes_labels
from firstlight.checks.references.estimators import ESTIMATORS, EstimatorReference, Option

__all__ = ["MISSING", "SEEDS", "EstimatorSubject"]

DECLARED = {
    "role": "classifier, regressor, clusterer, transformer or other",
    "labels": "integers, signs (-1 and 1) or one-hot: how labels are given to fit",
    "classes": "2 where it tells only two classes apart",
    "input": "plain or counts: which numbers it takes",
    "sample_weight": "importance, where weights are no copies of rows",
}
SEEDS = ("random_state", "seed", "random_seed", "rng", "rng_seed")
WEIGHTS = ("sample_weight", "sample_weights", "sw")
MISSING = object()
PACKAGES = ("site-packages", "dist-packages")


@dataclass
class EstimatorSubject:
    """Makes, fits and asks the target, whatever it looks like."""

    given: Given
    sample: Any
    role: str
    reference: EstimatorReference | None
    with_labels: bool = False
    guess: Guess | None = None

    @staticmethod
    def of(given: Given) -> EstimatorSubject:
        """Make one to look at.

        Raises
        ------
        TargetError
            It cannot be made, or has neither of the methods of an estimator.
        UsageError
            Something unknown was declared.
        """
        unknown = set(given.declares) - set(DECLARED)
        if unknown:
            known = "; ".join(f"{key}: {meaning}" for key, meaning in DECLARED.items())
            raise UsageError(
                f"An estimator declares nothing called {', '.join(sorted(unknown))}. Known: {known}."
            )
        try:
            sample = made_anew(given, {})
        except TypeError as error:
            raise TargetError(f"{given.name} cannot be made: {error}. Give its arguments: --args.") from error
        if not any(hasattr(sample, name) for name in ("fit", "fit_predict", "fit_transform")):
            raise TargetError(
                f"{given.name} is no estimator: it has no method fit. A function X -> rows of two numbers is "
                "of the kind embedding."
            )
        reference = ESTIMATORS.get(given.like or "")
        role = role_of(sample, given.declares.get("role"), reference)
        if reference is not None and reference.role == "classifier" and not hasattr(sample, "predict"):
            role, reference = role_of(sample, given.declares.get("role"), None), None
        if reference is not None and reference.role == "classifier" and role == "regressor":
            reference = None if reference.answer is not None else reference
        subject = EstimatorSubject(given, sample, role, reference)
        if role == "classifier" and "role" not in given.declares and answers_numbers(subject):
            subject = EstimatorSubject(given, sample, "regressor", reference)
        return subject if given.like else subject._as_guessed()

    def _as_guessed(self) -> EstimatorSubject:
        """Take it for what its class says, where nobody said what it is like and it is no library's."""
        guess = None if self.is_library else guessed(self.sample, self.role, self.parameters)
        if guess is None:
            return self
        return EstimatorSubject(self.given, self.sample, self.role, guess.reference, guess=guess)

    @property
    def like(self) -> str:
        """The name of the reference, or nothing."""
        return self.reference.name if self.reference else ""

    @cached_property
    def is_library(self) -> bool:
        """Whether it comes from an installed package: what that refuses, it refuses on purpose."""
        try:
            place = inspect.getsourcefile(type(self.sample)) or ""
        except TypeError:
            return True
        return any(name in Path(place).parts for name in PACKAGES)

    # -- its options ------------------------------------------------------------------------------------

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Its options and their values."""
        target = self.given.target
        found: dict[str, Any] = {}
        if inspect.isclass(target) or not hasattr(target, "fit"):
            named = named_arguments(target)[1].values()
            found = {
                one.name: one.default
                for one in named
                if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            }
        if hasattr(self.sample, "get_params"):
            try:
                found |= self.sample.get_params(deep=False)
            except Exception:
                found |= {}
        elif not inspect.isclass(target):
            found |= vars(target) if hasattr(target, "__dict__") else {}
        return {**found, **self.given.args}

    def name_of(self, names: tuple[str, ...]) -> str | None:
        """Return under which of these names it has an option."""
        return next((name for name in names if name in self.parameters), None)

    def value_of(self, option: Option) -> Any:
        """Return its value in our words; `MISSING` where it does not say it."""
        name = self.name_of(option.names)
        if name is None or self.parameters[name] is inspect.Parameter.empty:
            return MISSING
        value = self.parameters[name]
        try:
            return option.words.get(value, option.default if option.is_loose else value)
        except TypeError:
            return value

    @property
    def seed_name(self) -> str | None:
        """The option that seeds it, unless it was given."""
        name = self.name_of(SEEDS)
        return None if name in self.given.args else name

    @cached_property
    def weight_name(self) -> str | None:
        """The argument of `fit` that weighs rows."""
        named = named_arguments(getattr(self.sample, "fit", None))[1]
        return next((name for name in WEIGHTS if name in named), None)

    # -- making and fitting -----------------------------------------------------------------------------

    def make(self, *, seed: int = 0, around: int = 0, options: Mapping[str, Any] | None = None) -> Any:
        """Make a new one. ``seed`` goes to its own option, ``around`` to the global generators."""
        random.seed(around)
        np.random.seed(around)
        seed_torch(around)
        changed = dict(options or {})
        if self.seed_name is not None and self.seed_name not in changed:
            changed[self.seed_name] = seed
        try:
            with theirs():
                return made_anew(self.given, changed)
        except Exception:
            if self.seed_name is None:
                raise
            changed.pop(self.seed_name)  # it takes no number there
            return made_anew(self.given, changed)

    def fit(
        self,
        task: Task,
        *,
        form: Form | None = None,
        given_labels: np.ndarray | None = None,
        row_weights: np.ndarray | None = None,
        into: Any = None,
        seed: int = 0,
        around: int = 0,
        options: Mapping[str, Any] | None = None,
    ) -> Fitted:
        """Make one and fit it; what it raises goes through as `TargetBroke`."""
        form = form or self.probe.form
        model = self.make(seed=seed, around=around, options=options) if into is None else into
        rows = task.X.copy()
        given: list[Any] = [rows]
        if self.needs_labels:
            given.append(form.encoded(task.y) if given_labels is None else given_labels)
        named = {} if row_weights is None else {str(self.weight_name): row_weights}
        back = called(getattr(model, "fit", None) or model.fit_predict, *given, **named)
        is_other = back is not None and type(back) is type(model)
        return Fitted(back if is_other else model, form, task.X, called, np.arange(form.classes))

    @property
    def needs_labels(self) -> bool:
        """Whether `fit` is given labels."""
        return self.with_labels or self.role in ("classifier", "regressor") or takes_labels(self.sample)

    # -- the form ---------------------------------------------------------------------------------------

    @cached_property
    def probe(self) -> Probe:
        """Fit it to easy data in one form after another, until one works."""
        return probed(self)

    def task(self, form: Form, *, seed: int = 0) -> Task:
        """Make easy data: classes far apart, or numbers in a line."""
        return line(form, seed=seed) if self.role == "regressor" else blobs(form, seed=seed)

    def ask(self, fitted: Fitted, queries: np.ndarray) -> np.ndarray:
        """Return labels, numbers, groups or rows, after what it is."""
        if self.role in ("classifier", "regressor"):
            return fitted.labels(queries)
        if self.role == "clusterer":
            return fitted.groups()
        if hasattr(fitted.model, "transform"):
            return fitted.transformed(queries)
        return np.zeros((len(queries), 0))

    # -- shared evidence --------------------------------------------------------------------------------

    @cached_property
    def is_random(self) -> bool:
        """Whether fits under other global seeds and other own seeds differ."""
        task = self.hard_task
        first = self.numbers(self.fit(task), task.queries)
        other = self.numbers(self.fit(task, seed=7, around=7), task.queries)
        return first.shape != other.shape or not np.allclose(
            first, other, rtol=1e-7, atol=1e-9, equal_nan=True
        )

    @cached_property
    def hard_task(self) -> Task:
        """Data whose classes overlap: answers then depend on every detail."""
        return self.overlapping()

    def overlapping(
        self, *, seed: int = 0, rows: int = 30, queries: int = 25, form: Form | None = None
    ) -> Task:
        """Make data whose classes overlap and have different sizes."""
        form = form or self.probe.form
        if self.role == "regressor":
            return line(form, seed=seed + 50, noise=3.0)
        shares = tuple(np.linspace(0.6, 1.4, form.classes))
        return blobs(form, seed=seed + 50, spread=0.9, rows=rows, queries=queries, shares=shares)

    def numbers(self, fitted: Fitted, queries: np.ndarray) -> np.ndarray:
        """Return the finest answer it gives: probabilities, numbers, rows or labels, as one array."""
        if self.role == "classifier":
            found = fitted.probabilities(queries)
            labels = fitted.labels(queries).astype(np.float64)[:, None]
            is_usable = found is not None and found.shape[0] == len(queries)
            return np.hstack([labels, found]) if is_usable and found is not None else labels
        found = np.asarray(self.ask(fitted, queries), dtype=np.float64)
        return found.reshape(len(found), -1) if found.size else found.reshape(0, 1)
