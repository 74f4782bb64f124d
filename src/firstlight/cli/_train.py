"""`firstlight train`: train a recipe, show what it learnt, keep the run."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import INTERRUPTED, JsonFlag, Output, QuietFlag, command
from firstlight.cli._run_result import canvas, tell_result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firstlight.datasets import ImageDataset
    from firstlight.training import RunRecord

__all__ = ["train"]


def train(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="What to train; `firstlight train list` tells all.")] = "mlp",
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="A data set's name, or the path of your own.")
    ] = "mnist",
    seed: Annotated[int, typer.Option(help="Decides first weights and order.")] = 0,
    validate: Annotated[
        bool, typer.Option("--validate", help="Hold out 5,000 training images and judge them each epoch.")
    ] = False,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 or mps; the default chooses.")] = None,
    epochs: Annotated[float | None, typer.Option(help="Passes over the training images.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Images in each step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Highest rate of the schedule.")] = None,
    weight_decay: Annotated[
        float | None, typer.Option(help="How much each step shrinks the weights.")
    ] = None,
    label_smoothing: Annotated[
        float | None, typer.Option(help="Share of the target spread over all classes.")
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="Keep the run below this folder; the default is the home's."),
    ] = None,
    checkpoint_seconds: Annotated[
        float,
        typer.Option(help="Write a checkpoint at least so often, for at most 2 % of the time."),
    ] = 30.0,
    resume: Annotated[
        str | None,
        typer.Option(help="Go on with a run that was cut off: its name, its folder, or `last`."),
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Train a network, test it once, and keep the run with a report.

    Without arguments: the article's three-layer network on MNIST, in a few seconds. Ctrl-C keeps the best
    weights so far; what was interrupted or killed goes on with --resume.
    """
    with command(json=json, quiet=quiet) as out:
        given = _given(context)
        if recipe == "list":
            from firstlight.cli._recipe_list import print_recipes

            print_recipes(out)
        elif resume is not None:
            _check_alone(given)
            _resume(out, resume, given.get("dataset"), device=device, checkpoint_seconds=checkpoint_seconds)
        else:
            changes = {
                "epochs": epochs,
                "batch_size": batch_size,
                "learning_rate": learning_rate,
                "weight_decay": weight_decay,
                "label_smoothing": label_smoothing,
            }
            _train(
                out,
                recipe,
                dataset,
                out_folder,
                changes=changes,
                seed=seed,
                validate=validate,
                device=device,
                checkpoint_seconds=checkpoint_seconds,
            )


def _train(
    out: Output, recipe: str, dataset: str, parent: Path | None, *, changes: dict[str, Any], **options: Any
) -> None:
    from firstlight.cli._training_progress import TrainingProgress
    from firstlight.recipes import adjusted, find_recipe
    from firstlight.training import new_run_folder, train

    chosen = adjusted(find_recipe(recipe), **changes)  # before the data: a typing error costs no download
    images, test = _loaded(out, dataset)
    folder = new_run_folder(chosen.name, images.name, options["seed"], parent=parent)
    out.say(f"Training {chosen.name} (seed {options['seed']}): {chosen.summary}")
    try:
        with _interruptible(out, images, test), TrainingProgress(out, chosen) as drawn:
            run = train(chosen, dataset=(images, test), folder=folder, on_event=drawn, **options)
    finally:
        with suppress(OSError):
            folder.rmdir()  # only if nothing was written
    tell_result(out, run, images, test)


def _resume(out: Output, name: str, dataset: str | None, **options: Any) -> None:
    from firstlight.cli._training_progress import TrainingProgress
    from firstlight.training import resumable_run, resume

    begun = resumable_run(name)
    images, test = _resumed_data(out, begun.record, begun.folder, dataset)
    out.say(f"Going on with {begun.folder.name}: {begun.recipe.summary}")
    with _interruptible(out, images, test), TrainingProgress(out, begun.recipe) as drawn:
        run = resume(begun.folder, dataset=(images, test), on_event=drawn, **options)
    tell_result(out, run, images, test)


def _given(context: typer.Context) -> dict[str, Any]:
    """Return the arguments that were really given, not those that have their default."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {
        name: value
        for name, value in context.params.items()
        if (source := sources[name]) is not None and source.name == "COMMANDLINE"
    }


def _check_alone(given: dict[str, Any]) -> None:
    allowed = {"resume", "dataset", "device", "checkpoint_seconds", "json", "quiet"}
    if other := sorted(given.keys() - allowed):
        words = ", ".join("RECIPE" if name == "recipe" else f"--{name.replace('_', '-')}" for name in other)
        words = words.replace("--out-folder", "--out")
        raise typer.BadParameter(f"A run goes on as it began: --resume takes no {words}. Leave that out.")


def _loaded(out: Output, dataset: str) -> tuple[ImageDataset, ImageDataset]:
    from firstlight.cli._source_progress import drawn_events
    from firstlight.datasets import load
    from firstlight.reports import data_preview

    with drawn_events(out) as on_event:
        images, test = load(dataset, on_event=on_event)
    out.print(data_preview(images, test, **canvas(out)), "")
    return images, test


def _resumed_data(
    out: Output, record: RunRecord, folder: Path, dataset: str | None
) -> tuple[ImageDataset, ImageDataset]:
    from firstlight._errors import UnknownNameError, UsageError

    try:
        return _loaded(out, dataset or record.dataset)
    except UnknownNameError as error:
        if dataset is not None:
            raise
        raise UsageError(
            f"{folder} is trained on data of your own, {record.dataset!r}. Say where they lie: --dataset PATH"
        ) from error


@contextmanager
def _interruptible(out: Output, images: ImageDataset, test: ImageDataset) -> Iterator[None]:
    """Tell what an interrupted training has kept, and end with its exit code."""
    from firstlight.training import TrainingInterrupted

    try:
        yield
    except TrainingInterrupted as stopped:
        tell_result(out, stopped.run, images, test)
        raise typer.Exit(INTERRUPTED) from None
