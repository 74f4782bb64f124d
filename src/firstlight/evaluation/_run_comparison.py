"""Two runs on the same test images."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset
from firstlight.evaluation._comparison import Comparison, OneRight, compare, one_right
from firstlight.evaluation._evaluation import Evaluation
from firstlight.evaluation._run_evaluation import evaluate_run
from firstlight.training import Run

__all__ = ["RunComparison", "compare_runs"]


@dataclass(frozen=True, eq=False)
class RunComparison:
    """Two runs on the same test images.

    Attributes
    ----------
    first, second
        Each by itself.
    comparison
        Who read how many right, and whether the difference could be chance.
    one_right
        The images that just one of them read right, the most clearly decided first.
    """

    first: Evaluation
    second: Evaluation
    comparison: Comparison
    one_right: tuple[OneRight, ...]


def compare_runs(first: Run, second: Run, train: ImageDataset, test: ImageDataset) -> RunComparison:
    """Compare two runs by the predictions on the test set that they kept.

    Says nothing about their recipes: for that, compare series of runs.

    Parameters
    ----------
    first, second
        Finished runs on the same data set.
    train, test
        That data set, as `load` gives it.

    Raises
    ------
    UsageError
        They are on different data sets, one has no test predictions, or these are not its images.
    """
    if first.record.dataset != second.record.dataset:
        raise UsageError(
            f"Two runs are compared on the same test images; "
            f"got {first.record.dataset} and {second.record.dataset}."
        )
    one, two = (evaluate_run(run, train, test) for run in (first, second))
    assert first.test_logits is not None, "evaluate_run looked"
    assert second.test_logits is not None, "evaluate_run looked"
    logits = first.test_logits, second.test_logits
    return RunComparison(one, two, compare(*logits, test.labels), one_right(*logits, test.labels))
