"""The data set that a kept run was trained on, loaded again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from firstlight._errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from firstlight.cli._output import Output
    from firstlight.datasets import ImageDataset
    from firstlight.training import Run

__all__ = ["DatasetOption", "run_data"]

DatasetOption = Annotated[
    str | None,
    typer.Option("--dataset", "-d", help="Where the data lie now, for runs on data of your own."),
]


def run_data(out: Output, run: Run, dataset: str | None = None) -> tuple[ImageDataset, ImageDataset]:
    """Load the train and test images of a run.

    Parameters
    ----------
    out
        Where progress is drawn, should they have to be fetched.
    run
        It knows the name, but not the folder of data that are nobody else's.
    dataset
        Name or path; ``None`` takes the run's name.

    Raises
    ------
    UsageError
        No data set has the run's name, or there are not as many test images as the run was tested on.
    """
    from firstlight.cli._source_progress import drawn_events
    from firstlight.datasets import load

    record = run.record
    try:
        with drawn_events(out) as on_event:
            train, test = load(dataset or record.dataset, on_event=on_event)
    except UnknownNameError as error:
        if dataset is not None:
            raise
        raise UsageError(
            f"{run.folder} was trained on data of your own, {record.dataset!r}. "
            "Say where they lie now: --dataset PATH"
        ) from error
    if record.test_count not in (None, len(test)):
        raise UsageError(
            f"{run.folder} was tested on {record.test_count:,} images; {test.name} has {len(test):,}. "
            "Say where its data lie: --dataset PATH"
        )
    return train, test
