"""A run as one self-contained page: no script, no request, opens from disk."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image

from firstlight._atomic import write_file
from firstlight.datasets import ImageDataset
from firstlight.evaluation import Evaluation
from firstlight.recipes import RECIPES
from firstlight.reports._chart import line_chart
from firstlight.reports._page import page_template
from firstlight.training import Run

__all__ = ["run_page", "write_run_page"]

MISTAKES = 60


def write_run_page(run: Run, evaluation: Evaluation | None, test: ImageDataset, path: Path) -> Path:
    """Write `run_page` to a file, whole or not at all."""
    return write_file(path, run_page(run, evaluation, test))


def run_page(run: Run, evaluation: Evaluation | None, test: ImageDataset) -> str:
    """Return a run as HTML: result, curves, confusion, the surest mistakes as pictures, provenance.

    Parameters
    ----------
    run
        Finished or interrupted.
    evaluation
        On the test set; ``None`` for a run that did not get there.
    test
        The images that ``evaluation`` speaks of.
    """
    return page_template("run.html.j2").render(
        record=run.record,
        evaluation=evaluation,
        classes=test.classes,
        charts=_charts(run),
        shares=evaluation.class_accuracy().tolist() if evaluation else [],
        largest=_largest_mixup(evaluation),
        pictures=_pictures(evaluation, test) if evaluation else [],
        command=_command(run),
    )


def _charts(run: Run) -> list[str]:
    record = run.record
    if not record.history:
        return []
    stretch = record.epochs / max(1, len(record.loss_curve))
    losses = [((place + 0.5) * stretch, loss) for place, loss in enumerate(record.loss_curve)]
    scores = {"training": [(event.epoch, event.train_accuracy) for event in record.history]}
    held_out = [
        (event.epoch, event.validation_accuracy)
        for event in record.history
        if event.validation_accuracy is not None
    ]
    if held_out:
        scores["validation"] = held_out
    return [
        line_chart({"training": losses}, title="Loss", x_label="epoch"),
        line_chart(scores, title="Accuracy", x_label="epoch", percent=True),
    ]


def _largest_mixup(evaluation: Evaluation | None) -> int:
    worst = evaluation.worst_mixups(1) if evaluation else ()
    return worst[0].count if worst else 1


def _pictures(evaluation: Evaluation, test: ImageDataset) -> list[dict[str, object]]:
    return [
        {
            "source": _data_uri(test, mistake.index),
            "index": mistake.index,
            "label": test.classes[mistake.label],
            "predicted": test.classes[mistake.predicted],
            "percent": f"{100 * mistake.probability:.0f}",
        }
        for mistake in evaluation.mistakes[:MISTAKES]
    ]


def _data_uri(test: ImageDataset, index: int) -> str:
    pixels = test.images[index].permute(1, 2, 0).numpy()
    picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _command(run: Run) -> str:
    record = run.record
    words = [f"firstlight train {record.recipe} --dataset {record.dataset} --seed {record.seed}"]
    usual = RECIPES[record.recipe].settings if record.recipe in RECIPES else record.settings
    for key in ("epochs", "batch_size"):
        if record.settings[key] != usual[key]:
            words.append(f"--{key.replace('_', '-')} {record.settings[key]}")
    rate, usual_rate = (
        values.get("optimizer", {}).get("learning_rate") for values in (record.settings, usual)
    )
    if rate != usual_rate:
        words.append(f"--learning-rate {rate}")
    return " ".join([*words, *(["--validate"] if record.validation_count else [])])
