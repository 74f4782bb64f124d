"""An activation that is checked, behind one way to call it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from firstlight._errors import TargetError
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.references.activations import ACTIVATIONS, ActivationReference

__all__ = ["ActivationSubject"]


@dataclass(frozen=True)
class ActivationSubject:
    """Calls the target, whether it is a function, a module or a class of modules."""

    given: Given
    function: Callable[[Tensor], Tensor]
    reference: ActivationReference | None

    @staticmethod
    def of(given: Given) -> ActivationSubject:
        """Make a module where the target is a class of them; else give the arguments with each call."""
        function = given.target
        if inspect.isclass(function):
            try:
                function = function(**given.args)
            except TypeError as error:
                raise TargetError(
                    f"{given.name} cannot be made: {error}. Give its arguments: --args."
                ) from error
            return ActivationSubject(given, function, ACTIVATIONS.get(given.like or ""))
        return ActivationSubject(
            given, lambda x: given.target(x, **given.args), ACTIVATIONS.get(given.like or "")
        )

    def __call__(self, x: Tensor) -> Tensor:
        """Call the target."""
        with theirs():
            return self.function(x)
