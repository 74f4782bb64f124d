"""Which loss a target is meant to be, how it wants to be called, and which accepted form it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from firstlight._errors import TargetError
from firstlight.checks._exposed import exposed_names, exposed_options
from firstlight.checks._given import Given
from firstlight.checks._target import object_name
from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._calling import Inputs, first_argument, wants_targets_first
from firstlight.checks.losses._reduce import EXTRA
from firstlight.checks.losses._subject import LossSubject, callers
from firstlight.checks.references.losses import LOSSES, LossReference
from firstlight.checks.references.losses._loss import Form

__all__ = ["fits", "fitting_batches", "recognised"]

ALIASES = {
    "reduction": ("reduce", "red"),
    "ignore_index": ("ignore_label", "ignore", "padding_idx", "ignore_class", "pad_idx", "ignored"),
}
RELATIONS = {"hinge": "multi-margin", "focal": "sigmoid-focal", "bce": "bce-with-logits"}
SPEAKING = {"crossentropy", "softmaxcrossentropy", "nll", "mse"}
GUESSED = ("y_pred", "ypred", "pred", "y_hat", "yhat", "output", "y_score", "yp", "a", "al", "p", "q")


def recognised(given: Given) -> LossSubject:
    """Return a subject with its reference, its way of being called and its accepted form."""
    if given.like is not None:
        return _like(given, LOSSES[given.like])
    if given.peer is not None:
        return _of_peer(given)
    found = _by_values(given)
    if found is not None:
        return found
    named = _own_name(given)
    plain = _plain(given)
    return replace(plain, named=LOSSES.get(named)) if named else plain


def _like(given: Given, reference: LossReference) -> LossSubject:
    """Hold against a reference; where it does not fit, its relation may that often goes by the same name."""
    found = _held_against(given, reference, is_declared=True)
    relation = RELATIONS.get(reference.name)
    if relation is None or fits(found, found.options):
        return found
    other = _held_against(given, LOSSES[relation], is_declared=True)
    return replace(other, dialect=f"{other.dialect or relation}") if fits(other, other.options) else found


def fitting_batches(subject: LossSubject) -> tuple[Batch, Batch]:
    """Return two batches of different sizes, neither of them as many rows as classes."""
    return subject.batch(n=12, seed=1), subject.batch(n=7, seed=2)


def fits(subject: LossSubject, options: dict[str, Any]) -> bool:
    """Return whether the target's losses are the reference's with these options."""
    trial = replace(subject, options=options)
    try:
        return all(
            trial.is_close(trial.caller(one, needs_gradient=False).value, trial.expected(one))
            for one in fitting_batches(subject)
        )
    except Exception:
        return False


def _held_against(given: Given, reference: LossReference, *, is_declared: bool) -> LossSubject:
    """Return the first way of calling that fits; else the first that answers; else the first of all."""
    answering: list[LossSubject] = []
    first = None
    for subject in _ways(given, reference):
        subject = replace(subject, is_declared=is_declared)
        first = first or subject
        if answering and _is_narrower(subject, answering[-1]):
            continue  # tensors are answered: no need to ask with arrays
        if not _answers(subject):
            continue
        for dialect, options in _variants(subject):
            if fits(subject, options):
                return replace(subject, options=options, dialect=dialect)
        if subject.form not in [one.form for one in answering]:
            answering.append(subject)
    assert first is not None
    return _best_explained(answering) if is_declared and answering else answering[0] if answering else first


def _is_narrower(subject: LossSubject, answered: LossSubject) -> bool:
    """Return whether it only differs by its framework or type from one that answered."""
    one, other = subject.caller, answered.caller
    return one.inputs == other.inputs and (one.framework, one.dtype) != (other.framework, other.dtype)


def _best_explained(answering: list[LossSubject]) -> LossSubject:
    """Return the way of calling in which its losses are those of a known mistake; the first, if in none."""
    from firstlight.checks.losses._explain import explained

    if len(answering) == 1:
        return answering[0]
    certainties = []
    for subject in answering:
        batches = fitting_batches(subject)
        try:
            seen = [subject.caller(one, needs_gradient=False).value for one in batches]
            certainties.append(explained(subject, batches, seen).certainty)
        except Exception:
            certainties.append(0.0)
    best = max(certainties)
    return answering[certainties.index(best)] if best >= 0.85 else answering[0]


def _ways(given: Given, reference: LossReference) -> Iterator[LossSubject]:
    is_swapped = _is_swapped(given)
    is_binary = reference.is_elementwise and reference.from_log_probabilities is None
    exposed = exposed_options(
        given.target,
        given.args,
        options={**reference.options, **EXTRA},
        aliases={**reference.aliases, **ALIASES},
    )
    for inputs in _inputs(given, reference):
        for caller in callers(given, inputs, is_binary=is_binary, is_swapped=is_swapped):
            for form in _forms(given, reference):
                options = dict(exposed.values)
                options["reduction"] = given.declares.get("reduction", options["reduction"])
                if "smoothing" in given.declares and "smoothing_form" in options:
                    options["smoothing_form"] = given.declares["smoothing"]
                yield LossSubject(given, caller, form, reference, exposed, _arrays(options))


def _inputs(given: Given, reference: LossReference) -> list[Inputs]:
    declared = given.declares.get("input")
    if declared is not None:
        return [declared]  # type: ignore[list-item]
    if reference.inputs == "values":
        return ["values"]
    switch = given.args.get("from_logits", exposed_names(given.target).get("from_logits"))
    if isinstance(switch, bool):
        return ["logits" if switch else "probabilities"]
    word = first_argument(given.target).lower()
    if "logit" in word or "score" in word:
        return ["logits", "log-probabilities"] if reference.inputs == "log-probabilities" else ["logits"]
    if "log" in word:
        return ["log-probabilities", reference.inputs]
    if "prob" in word or word in GUESSED:
        return [reference.inputs, "probabilities", "log-probabilities", "logits"]
    return [reference.inputs]


def _forms(given: Given, reference: LossReference) -> tuple[Form, ...]:
    declared = given.declares.get("labels")
    if declared == "integers":
        return ("labels",)
    return tuple(form for form in reference.forms if form != "labels") if declared else reference.forms


def _is_swapped(given: Given) -> bool:
    declared = given.declares.get("order")
    return declared == "labels-first" if declared else wants_targets_first(given.target)


def _answers(subject: LossSubject) -> bool:
    """Return whether it takes a batch and gives numbers: one, one a row, or one an element."""
    given = fitting_batches(subject)[0]
    shapes = {(), (1,), given.outputs.shape, given.outputs.shape[:1], (*given.outputs.shape[:1], 1)}
    try:
        return subject.caller(given, needs_gradient=subject.caller.framework == "torch").value.shape in shapes
    except Exception:
        return False


def _variants(subject: LossSubject) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield the reference's own options, then those of each accepted form that nothing speaks against."""
    reference = subject.reference
    assert reference is not None
    forms: list[tuple[str | None, dict[str, Any]]] = [(None, {})]
    forms += [
        (name, dict(options))
        for name, options in reference.dialects.items()
        if not set(options) & subject.exposed.explicit and not _is_ruled_out(subject, options)
    ]
    if reference.name == "label-smoothing" and "label_smoothing" not in subject.exposed.explicit:
        forms += _fitted_smoothing(subject)
    for name, options in forms:
        for how, reductions in _reductions(subject):
            words = "; ".join(one for one in (name, how) if one)
            yield (
                (f"{reference.name}: {words}" if words else None),
                {
                    **subject.options,
                    **options,
                    **reductions,
                },
            )


def _is_ruled_out(subject: LossSubject, options: Any) -> bool:
    declared = subject.given.declares.get("smoothing")
    return declared is not None and options.get("smoothing_form", declared) != declared


def _reductions(subject: LossSubject) -> Iterator[tuple[str | None, dict[str, Any]]]:
    yield None, {}
    reference = subject.reference
    assert reference is not None
    asked = subject.options.get("reduction")
    if reference.is_elementwise and asked in (None, "mean"):
        yield "summed over classes, mean over rows", {"mean_over": "rows"}
    if subject.accepts_mean_of_rows and asked in (None, "mean") and subject.options.get("weight") is not None:
        yield "a weighted mean over the rows, as Keras'", {"mean_over": "batch"}
    if asked is None:
        yield "one loss a row or element", {"reduction": "none"}
        if reference.is_elementwise:
            yield "one loss a row, summed over classes", {"reduction": "none", "mean_over": "rows"}
            yield "one loss a row, mean over classes", {"reduction": "none", "mean_over": "row-means"}


def _fitted_smoothing(subject: LossSubject) -> list[tuple[str | None, dict[str, Any]]]:
    """Read the share that a constant of its own sets: losses are straight lines in it."""
    given = fitting_batches(subject)[0]
    seen = float(subject.caller(given, needs_gradient=False).value.mean())
    found: list[tuple[str | None, dict[str, Any]]] = []
    for form in ("uniform", "others"):
        low, high = (
            float(subject.expected(given, label_smoothing=share, smoothing_form=form)) for share in (0.0, 1.0)
        )
        share = (seen - low) / (high - low)
        if 0.004 < share < 0.51:
            options = {"label_smoothing": round(share, 4), "smoothing_form": form}
            found.append(
                (f"a share of {share:.3g} to {'all' if form == 'uniform' else 'the other'} classes", options)
            )
    return found


def _arrays(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: np.asarray(value.detach() if hasattr(value, "detach") else value, dtype=np.float64)
        if name in ("weight", "alpha", "pos_weight") and value is not None
        else value
        for name, value in options.items()
    }


def _by_values(given: Given) -> LossSubject | None:
    """Return the target as the first reference that its losses are those of, if there is one."""
    for reference in dict.fromkeys(LOSSES.values()):
        found = _held_against(given, reference, is_declared=False)
        if _answers(found) and fits(found, found.options):
            return replace(found, dialect=f"recognised by its values as {found.dialect or reference.name}")
    return None


def _plain(given: Given) -> LossSubject:
    inputs: Inputs = given.declares.get("input", "logits")  # type: ignore[assignment]
    first = None
    forms: tuple[Form, ...] = ("labels", "one-hot", "vector")
    for form in forms:
        for caller in callers(given, inputs, is_binary=False, is_swapped=_is_swapped(given)):
            subject = LossSubject(given, caller, form, options=dict(EXTRA))
            first = first or subject
            if _answers(subject):
                return subject
    assert first is not None
    try:
        first.caller(fitting_batches(first)[0])
    except Exception as error:
        raise TargetError(
            f"{given.name} gives no loss of logits [12, {first.classes}] and labels [12], one-hot rows, or "
            f"zeros and ones: {type(error).__name__}: {error}. Say what it takes: --like, "
            "--declares input=, labels=, order=."
        ) from error
    return first


def _own_name(given: Given) -> str:
    """Return the reference that its name speaks of, for names that mean one thing only."""
    word = getattr(given.target, "__name__", None) or type(given.target).__name__
    squashed = re.sub(r"[^a-z]", "", word.lower()).removesuffix("loss").removeprefix("my")
    if squashed not in SPEAKING:
        return ""
    return next(name for name in LOSSES if name.replace("-", "") == squashed)


def _of_peer(given: Given) -> LossSubject:
    """Recognise the object that was named; the target is held against the reference that it is like."""
    accepted = exposed_names(given.peer)
    args = {name: value for name, value in given.args.items() if name in accepted}
    other = _by_values(
        Given(target=given.peer, name=object_name(given.peer), args=args, declares=given.declares)
    )
    if other is not None and other.reference is not None:
        return _held_against(given, other.reference, is_declared=True)
    plain = _plain(Given(target=given.peer, name=object_name(given.peer), args=args, declares=given.declares))

    def terms(outputs: Any, targets: Any) -> Any:
        labels = targets.argmax(-1).astype(np.int64) if plain.form == "labels" else None
        return np.atleast_1d(plain.value(Batch(outputs, targets, labels, plain.form)))

    reference = LossReference(object_name(given.peer), object_name(given.peer), terms, forms=(plain.form,))
    return _held_against(given, reference, is_declared=True)
