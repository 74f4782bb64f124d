"""`firstlight train`: train a recipe, show what it learnt, keep the run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import INTERRUPTED, JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.cli._progress import Bar
    from firstlight.datasets import ImageDataset
    from firstlight.evaluation import Evaluation
    from firstlight.training import Event, Run

__all__ = ["train"]

MIXUPS_DRAWN = 3
DRAW_EVERY = 10  # steps; a bar that is drawn at each costs as much as a step


def train(
    recipe: Annotated[str, typer.Argument(help="What to train; `firstlight train list` tells all.")] = "mlp",
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="A data set's name, or the path of your own.")
    ] = "mnist",
    seed: Annotated[int, typer.Option(help="Decides first weights and order.")] = 0,
    epochs: Annotated[float | None, typer.Option(help="Passes over the training images.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Images in each step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Highest rate of the schedule.")] = None,
    validate: Annotated[
        bool, typer.Option("--validate", help="Hold out 5,000 training images and judge them each epoch.")
    ] = False,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 or mps; the default chooses.")] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Keep the run below this folder; the default is the home's.")
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Train a network, test it once, and keep the run with a report.

    Without arguments: the article's three-layer network on MNIST, in a few seconds. Ctrl-C keeps the best
    weights so far.
    """
    with command(json=json, quiet=quiet) as out:
        if recipe == "list":
            _print_recipes(out)
            return
        options = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
        _train(out, recipe, dataset, seed, out_folder, validate=validate, device=device, **options)


def _train(out: Output, recipe: str, dataset: str, seed: int, parent: Path | None, **options: Any) -> None:
    from firstlight.cli._source_progress import drawn_events
    from firstlight.datasets import load
    from firstlight.recipes import Recipe, adjusted, find_recipe
    from firstlight.reports import data_preview
    from firstlight.training import TrainingInterrupted, new_run_folder, save_run, train

    changes = {key: options.pop(key) for key in ("epochs", "batch_size", "learning_rate")}
    chosen = adjusted(find_recipe(recipe), **changes)  # before the data: a typing error costs no download
    with drawn_events(out) as on_event:
        images, test = load(dataset, on_event=on_event)
    out.print(data_preview(images, test, **_canvas(out)), "")
    folder = new_run_folder(chosen.name, images.name, seed, parent=parent)
    out.say(f"Training {chosen.name} (seed {seed}): {chosen.summary}")
    drawn = _Drawn(out, chosen.epochs if isinstance(chosen, Recipe) else 1)
    try:
        with drawn:
            run = train(chosen, dataset=(images, test), seed=seed, on_event=drawn, **options)
    except TrainingInterrupted as stopped:
        kept = save_run(stopped.run, folder)
        _finish(out, kept, None, test)
        raise typer.Exit(INTERRUPTED) from None
    except BaseException:
        folder.rmdir()  # nothing was written yet
        raise
    _finish(out, save_run(run, folder), _evaluated(run, test), test)


def _evaluated(run: Run, test: ImageDataset) -> Evaluation:
    from firstlight.evaluation import evaluate

    assert run.test_logits is not None, "a run that ends by itself looks at the test set"
    return evaluate(run.test_logits, test.labels)


def _finish(out: Output, run: Run, evaluation: Evaluation | None, test: ImageDataset) -> None:
    """Write the report, print the result, say what to do next."""
    from firstlight.reports import confusion_table, mixup_drawing, run_summary, write_run_page

    assert run.folder is not None, "the run was saved"
    page = write_run_page(run, evaluation, test, run.folder / "report.html")
    if evaluation is None:
        out.say("Interrupted. The best weights so far are kept; the test set was not looked at.")
    out.print("", run_summary(run, evaluation), "")
    if evaluation is not None:
        out.print(confusion_table(evaluation, test.classes), "")
        for mixup in evaluation.worst_mixups(MIXUPS_DRAWN):
            out.print(mixup_drawing(mixup, evaluation, test, **_canvas(out)), "")
    out.print(f"Run       {run.folder}", f"Report    {page}", "")
    out.print("Next", _next_steps(run))
    out.result(_fields(run))


def _next_steps(run: Run) -> str:
    from firstlight.cli._columns import aligned

    steps = [
        ("open the report", "curves, confusion and the surest mistakes, in a browser"),
        (f"firstlight train --seed {run.record.seed + 1}", "see how much another seed changes"),
        ("firstlight runs", "list and compare your runs"),
        ("firstlight train list", "all recipes"),
    ]
    return aligned(steps, indent=2)


def _fields(run: Run) -> dict[str, Any]:
    record = run.record
    keys = (
        "recipe", "dataset", "seed", "status", "test_accuracy", "test_correct", "test_count", "train_seconds",
        "test_seconds", "epochs", "parameters", "device", "device_reason", "precision", "settings",
    )  # fmt: skip
    return {key: getattr(record, key) for key in keys} | {"run_dir": run.folder}


def _canvas(out: Output) -> dict[str, Any]:
    """Return how images can be drawn where the answer goes."""
    colour = out.has_blocks and out.has_colour
    return {"width": out.stdout.width, "colour": colour, "ascii_only": not out.has_blocks}


class _Drawn:
    """Draws the events of a training: a bar for the steps, a line for each epoch."""

    def __init__(self, out: Output, epochs: float) -> None:
        self._out, self._epochs = out, epochs
        self._stack = ExitStack()
        self._bar: Bar | None = None

    def __enter__(self) -> _Drawn:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __call__(self, event: Event) -> None:
        from rich.text import Text

        from firstlight.reports import epoch_line
        from firstlight.training import EpochDone, Started

        if isinstance(event, Started):
            self._bar = self._stack.enter_context(
                self._out.progress("training", total=event.steps, unit="steps")
            )
        elif isinstance(event, EpochDone):
            # As rich's text: a plain line would be written through the bar.
            self._out.say(Text(epoch_line(event, epochs=self._epochs), no_wrap=True))
        elif self._bar is not None and event.step % DRAW_EVERY == 0:
            self._bar.update(event.step)


def _print_recipes(out: Output) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.recipes import RECIPES

    lines = []
    for recipe in RECIPES.values():
        lines += [(recipe.name, recipe.summary), *(("", str(claim)) for claim in recipe.claims)]
    out.print(aligned(lines))
    out.result(
        {
            "recipes": [
                {
                    "name": recipe.name,
                    "summary": recipe.summary,
                    "settings": recipe.settings,
                    "claims": [vars(claim) for claim in recipe.claims],
                }
                for recipe in RECIPES.values()
            ]
        }
    )
