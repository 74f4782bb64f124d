"""From whatever form a pipeline has to two functions that begin an epoch: of train and of test."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from firstlight._errors import TargetError
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.pipelines._parts import is_array, is_batch

__all__ = ["Openings", "openings_of"]

TRAIN_WORDS = ("train", "is_train", "training", "is_training")
TEST_WORDS = ("test", "is_test", "evaluation", "is_eval")
SPLIT_WORDS = ("split", "mode", "phase", "part", "subset", "which")
PAIR = 2


@dataclass(frozen=True)
class Openings:
    """How epochs begin.

    Attributes
    ----------
    train, test
        Call the pipeline anew; ``None`` where it has no such split.
    form
        What was recognised, in words.
    """

    train: Callable[[], Any] | None
    test: Callable[[], Any] | None
    form: str


def openings_of(given: Given) -> Openings:
    """Find out how a pipeline is asked for a split.

    Raises
    ------
    TargetError
        It is no function of ``train``, no object with two splits, and nothing that can be iterated.
    """
    target, args = given.target, dict(given.args)
    if inspect.isclass(target) or (callable(target) and not _is_object(target)):
        return _of_function(target, args, given.name)
    return _of_object(target, given.name)


def _is_object(target: Any) -> bool:
    """Return whether a callable is meant to be iterated, not called."""
    return (
        hasattr(target, "__iter__") or hasattr(target, "__getitem__") or hasattr(target, "train_dataloader")
    )


def _of_function(target: Callable[..., Any], args: dict[str, Any], name: str) -> Openings:
    parameter = _split_parameter(target, args)
    if parameter is None:
        with theirs():
            made = target(**args)
        return _of_object(made, name)
    word, (train, test) = parameter
    given_by = {"keyword": (lambda value: {word: value}), "place": None}["keyword" if word else "place"]

    def opening(value: Any) -> Callable[[], Any]:
        if given_by is None:
            return lambda: target(value, **args)
        return lambda: target(**given_by(value), **args)

    return Openings(opening(train), opening(test), f"a function of {word or 'train'}")


def _split_parameter(
    target: Callable[..., Any], args: Mapping[str, Any]
) -> tuple[str, tuple[Any, Any]] | None:
    """Return the parameter that says which split, and its two values; ``None`` where there is none."""
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return "", (True, False)
    free = [
        one
        for one in parameters
        if one.name not in args and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    for one in free:
        if one.name in TRAIN_WORDS:
            by_word = one.kind is not one.POSITIONAL_ONLY
            return (one.name if by_word else ""), (True, False)
        if one.name in TEST_WORDS:
            return one.name, (False, True)
        if one.name in SPLIT_WORDS:
            return one.name, ("train", "test")
    needed = [one for one in free if one.default is one.empty]
    return ("", (True, False)) if needed else None


def _of_object(made: Any, name: str) -> Openings:
    if hasattr(made, "train_dataloader"):
        return _of_module(made)
    if isinstance(made, Mapping) and "train" in made:
        test = made.get("test", made.get("valid", made.get("val")))
        return _of_pair(made["train"], test, "a mapping with train and test")
    is_pair = isinstance(made, tuple | list) and len(made) in (PAIR, PAIR + 1) and not is_batch(made)
    if is_pair and all(_is_split(one) for one in made):
        return _of_pair(made[0], made[-1], "a pair of splits")
    if hasattr(made, "train") and hasattr(made, "test") and not callable(made.train):
        return _of_pair(made.train, made.test, "an object with train and test")
    if isinstance(made, Iterable) or hasattr(made, "__getitem__"):
        return Openings(lambda: made, None, "one split only")
    raise TargetError(
        f"{name} is no data pipeline: a function of train (True or False) that returns batches of "
        f"(images, labels), or an object with both splits; got {type(made).__name__}."
    )


def _is_split(one: Any) -> bool:
    return not is_array(one) and (isinstance(one, Iterable) or hasattr(one, "__getitem__"))


def _of_pair(train: Any, test: Any, form: str) -> Openings:
    return Openings(lambda: train, None if test is None else (lambda: test), form)


def _of_module(module: Any) -> Openings:
    """Prepare a Lightning data module, or what is built like one."""
    with theirs():
        if hasattr(module, "prepare_data"):
            module.prepare_data()
        if hasattr(module, "setup"):
            for stage in ("fit", "test"):
                module.setup(stage)
    test = getattr(module, "test_dataloader", None) or getattr(module, "val_dataloader", None)
    return Openings(module.train_dataloader, test, "a data module")
