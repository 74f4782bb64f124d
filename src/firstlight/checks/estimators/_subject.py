"""An estimator that is checked, behind one way to make, fit and ask it."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import FORMS, Form, Task, blobs, line
from firstlight.checks.estimators._roles import named_arguments, role_of, takes_labels
from firstlight.checks.references.estimators import ESTIMATORS, EstimatorReference, Option

__all__ = ["MISSING", "SEEDS", "EstimatorSubject", "Probe"]

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


@dataclass(frozen=True)
class Probe:
    """What a first fit found: the form that works, or what was raised."""

    form: Form
    task: Task
    fitted: Fitted | None
    error: Exception | None = None
    only_two: bool = False


@dataclass
class EstimatorSubject:
    """Makes, fits and asks the target, whatever it looks like."""

    given: Given
    sample: Any
    role: str
    reference: EstimatorReference | None
    with_labels: bool = False

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
            sample = _made(given, {})
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
        if role == "classifier" and "role" not in given.declares and subject._answers_numbers():
            subject = EstimatorSubject(given, sample, "regressor", reference)
        return subject

    def _answers_numbers(self) -> bool:
        """Whether it is one for numbers after all: it answers labels 0, 1, 2 with what lies between."""
        is_said = any(
            hasattr(self.sample, name) for name in ("predict_proba", "_estimator_type", "__sklearn_tags__")
        )
        if is_said or (self.reference is not None and self.reference.answer is not None):
            return False
        task = blobs(Form())
        try:
            answer = self.fit(task, form=Form()).answers(task.queries)
        except Exception:
            return False
        if answer.dtype.kind != "f" or answer.ndim != 1 or not np.isfinite(answer).all():
            return False
        return bool((np.abs(answer - np.round(answer)) > 1e-3).mean() > 0.3)

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
        _seed_torch(around)
        changed = dict(options or {})
        if self.seed_name is not None and self.seed_name not in changed:
            changed[self.seed_name] = seed
        try:
            with theirs():
                return _made(self.given, changed)
        except Exception:
            if self.seed_name is None:
                raise
            changed.pop(self.seed_name)  # it takes no number there
            return _made(self.given, changed)

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
        back = _called(getattr(model, "fit", None) or model.fit_predict, *given, **named)
        is_other = back is not None and type(back) is type(model)
        return Fitted(back if is_other else model, form, task.X, _called, np.arange(form.classes))

    @property
    def needs_labels(self) -> bool:
        """Whether `fit` is given labels."""
        return self.with_labels or self.role in ("classifier", "regressor") or takes_labels(self.sample)

    # -- the form ---------------------------------------------------------------------------------------

    @cached_property
    def probe(self) -> Probe:
        """Fit it to easy data in one form after another, until one works."""
        best: Probe | None = None
        for form in self._forms():
            found = self._tried(form)
            if found.error is None and (best is None or best.error is not None):
                best = found
            if found.error is None and self._is_good(found):
                return self._chosen(best or found, found)
            best = best or found
        assert best is not None
        if (
            best.error is not None
            and self.role == "transformer"
            and not self.with_labels
            and _has_labels(self.sample)
        ):
            self.with_labels = True  # they may be left out by its signature, not by what it does
            return self._tried(Form())
        return best

    def _forms(self) -> tuple[Form, ...]:
        values = self.given.declares.get("input") or (self.reference.values if self.reference else "plain")
        if self.role == "regressor":
            return (Form("numbers", 1), Form("column", 1), Form("numbers", 1, values="counts"))
        forms: tuple[Form, ...] = FORMS
        if self.role != "classifier":
            forms = (Form("integers"), Form("integers", values="counts"), Form("integers", 10, 784))
        labels, classes = self.given.declares.get("labels"), self.given.declares.get("classes")
        forms = tuple(form for form in forms if labels in (None, form.labels)) or forms
        forms = tuple(form for form in forms if classes in (None, str(form.classes))) or forms
        if values == "counts":
            return tuple(_counted(form) for form in forms if form.values == "plain")
        return forms

    def task(self, form: Form, *, seed: int = 0) -> Task:
        """Make easy data: classes far apart, or numbers in a line."""
        return line(form, seed=seed) if self.role == "regressor" else blobs(form, seed=seed)

    def _tried(self, form: Form) -> Probe:
        task = self.task(form)
        try:
            fitted = self.fit(task, form=form)
            self.ask(fitted, task.queries)
        except Exception as error:
            return Probe(form, task, None, _cause(error))
        return Probe(form, task, fitted)

    def ask(self, fitted: Fitted, queries: np.ndarray) -> np.ndarray:
        """Return labels, numbers, groups or rows, after what it is."""
        if self.role in ("classifier", "regressor"):
            return fitted.labels(queries)
        if self.role == "clusterer":
            return fitted.groups()
        if hasattr(fitted.model, "transform"):
            return fitted.transformed(queries)
        return np.zeros((len(queries), 0))

    def _is_good(self, probe: Probe) -> bool:
        if self.role != "classifier":
            return True
        assert probe.fitted is not None
        return bool((probe.fitted.labels(probe.task.queries) == probe.task.truth).mean() > 0.9)

    def _chosen(self, first: Probe, good: Probe) -> Probe:
        """One that handles two classes only is taken by its word, unless it claims to handle three."""
        if first is good or first.form.classes == good.form.classes or first.fitted is None:
            return good
        is_permuted = self._best_renaming(first) > 0.9
        many = len(np.unique(first.fitted.labels(first.task.queries)))
        claims = getattr(first.fitted.model, "classes_", None)
        shares = _or_none(lambda: first.fitted and first.fitted.probabilities(first.task.queries))
        is_many = many > 2 or (claims is not None and np.size(claims) > 2)
        if is_permuted or is_many or (shares is not None and shares.shape[1] > 2):
            return first
        return Probe(good.form, good.task, good.fitted, only_two=True)

    def _best_renaming(self, probe: Probe) -> float:
        from firstlight.checks.estimators._renaming import best_renaming

        assert probe.fitted is not None
        return best_renaming(probe.fitted.labels(probe.task.queries), probe.task.truth)[1]

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


def _has_labels(model: Any) -> bool:
    return len(named_arguments(getattr(model, "fit", None))[0]) > 1


def _counted(form: Form) -> Form:
    return Form(form.labels, form.classes, form.features, "counts")


def _made(given: Given, changed: Mapping[str, Any]) -> Any:
    """Make a new estimator of a class, a factory or an instance that is copied."""
    target = given.target
    if inspect.isclass(target) or (callable(target) and not hasattr(target, "fit")):
        return target(**{**given.args, **changed})
    made = _cloned(target)
    everything = {**given.args, **changed}
    if everything and hasattr(made, "set_params"):
        return made.set_params(**everything)
    for name, value in everything.items():
        if not hasattr(made, name):
            raise TypeError(f"there is no option {name}")
        setattr(made, name, value)
    return made


def _cloned(target: Any) -> Any:
    if hasattr(target, "get_params"):
        from sklearn.base import clone

        try:
            return clone(target)
        except Exception:
            return copy.deepcopy(target)
    return copy.deepcopy(target)


def _called(method: Callable[..., Any], *given: Any, **named: Any) -> Any:
    with theirs():
        return method(*given, **named)


def _cause(error: BaseException) -> Exception:
    cause = error.__cause__ or error
    return cause if isinstance(cause, Exception) else Exception(str(cause))


def _or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception:
        return None


def _seed_torch(seed: int) -> None:
    import torch

    torch.manual_seed(seed)
