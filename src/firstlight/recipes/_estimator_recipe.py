"""A recipe whose training is scikit-learn's. Pure settings: nothing here trains, nor imports scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from firstlight._errors import UsageError
from firstlight._seeds import check_seed
from firstlight.recipes._recipe import Claim, ModelFactory

__all__ = ["EstimatorRecipe"]

PIXELS = "float32 from 0 to 1, one row of h * w * c an image"
RANDOM_STATES = 2**32  # scikit-learn takes no larger seeds


@dataclass(frozen=True)
class EstimatorRecipe:
    """A scikit-learn estimator, what it learns as a network of ours, and what that was measured to give.

    Every estimator gets its images alike: float32 from 0 to 1, one row an image, as
    ``ImageDataset.X_y(dtype=numpy.float32, scaled=True)`` gives them.

    Attributes
    ----------
    name, summary
        The name on the command line, and one line about it.
    estimator
        Where the class is: ``"sklearn.svm.SVC"``. Looked up when it is needed: scikit-learn takes a second
        to import.
    model
        Makes the `firstlight.models.EstimatorModel` that takes over what such an estimator has learnt.
    parameters
        What the class is called with; the rest stays as scikit-learn has it.
    is_random
        Whether the seed changes the result; it becomes the estimator's ``random_state``.
    is_parallel
        Whether the estimator takes ``n_jobs``.
    claims
        Measured results, one for each data set.

    Examples
    --------
    >>> from firstlight.models import ForestModel
    >>> small = EstimatorRecipe(
    ...     "small-forest", "Ten trees.", "sklearn.ensemble.RandomForestClassifier", ForestModel,
    ...     parameters={"n_estimators": 10}, is_random=True, is_parallel=True,
    ... )
    >>> small.make_estimator(3).get_params()["random_state"]
    3
    """

    name: str
    summary: str
    estimator: str
    model: ModelFactory
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_random: bool = False
    is_parallel: bool = False
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        if not all(part.isidentifier() for part in self.estimator.split(".")) or "." not in self.estimator:
            raise UsageError(
                f"estimator says where a class is, such as 'sklearn.svm.SVC'; got {self.estimator!r}."
            )
        object.__setattr__(self, "parameters", dict(self.parameters))

    @property
    def settings(self) -> dict[str, Any]:
        """Return everything that decides a result, as plain values for a run's record."""
        return {"estimator": self.estimator, "pixels": PIXELS, **self.parameters}

    def make_estimator(self, seed: int = 0, *, jobs: int = 1) -> Any:
        """Return a fresh, unfitted estimator.

        Parameters
        ----------
        seed
            Becomes ``random_state`` where the recipe is random: as it is below 2**32, which is scikit-learn's
            limit, and its remainder above.
        jobs
            Threads for an estimator that takes ``n_jobs``; never changes the result.
        """
        module, _, name = self.estimator.rpartition(".")
        extra: dict[str, Any] = {}
        if self.is_random:
            extra["random_state"] = check_seed(seed) % RANDOM_STATES
        if self.is_parallel:
            extra["n_jobs"] = jobs
        return getattr(import_module(module), name)(**self.parameters, **extra)
