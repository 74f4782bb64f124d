"""A run as one self-contained page: no script, no request, opens from disk."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image

from firstlight._atomic import write_file
from firstlight.datasets import ImageDataset
from firstlight.evaluation import DisputedImage, Evaluation, Mistake, flat_settings
from firstlight.recipes import RECIPES
from firstlight.reports._chart import line_chart
from firstlight.reports._page import page_template
from firstlight.reports._reliability import reliability_diagram
from firstlight.training import Run

__all__ = ["run_page", "write_run_page"]

MISTAKES = 60
OPTIONS = {
    "epochs": "--epochs",
    "batch_size": "--batch-size",
    "optimizer.learning_rate": "--learning-rate",
}


def write_run_page(run: Run, evaluation: Evaluation | None, test: ImageDataset, path: Path) -> Path:
    """Write `run_page` to a file, whole or not at all."""
    return write_file(path, run_page(run, evaluation, test))


def run_page(run: Run, evaluation: Evaluation | None, test: ImageDataset) -> str:
    """Return a run as HTML: result, curves, confusion, classes, calibration, mistakes drawn, provenance.

    Parameters
    ----------
    run
        Finished or interrupted.
    evaluation
        On the test set; ``None`` for a run that did not get there. `evaluate_run` gives one that knows of
        disputed labels and of the best temperature; `evaluate` one that does not.
    test
        The images that ``evaluation`` speaks of.
    """
    return page_template("run.html.j2").render(
        record=run.record,
        evaluation=evaluation,
        classes=test.classes,
        charts=_charts(run),
        scores=evaluation.class_scores() if evaluation else [],
        largest=_largest_mixup(evaluation),
        reliability=_reliability(evaluation) if evaluation else "",
        disputed=_disputed(evaluation, test) if evaluation else [],
        pictures=_pictures(evaluation, test) if evaluation else [],
        settings=flat_settings(run.record.settings),
        command=_command(run),
    )


def _charts(run: Run) -> list[str]:
    record = run.record
    if not record.loss_curve:  # nothing was done, or all at one stroke
        return []
    stretch = record.epochs / len(record.loss_curve)
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


def _reliability(evaluation: Evaluation) -> str:
    series = {"as it is": evaluation.calibration}
    rescaling = evaluation.rescaling
    if rescaling and rescaling.temperature and rescaling.after:
        series[f"at temperature {rescaling.temperature.value:.2f}"] = rescaling.after
    return reliability_diagram(series)


def _disputed(evaluation: Evaluation, test: ImageDataset) -> list[dict[str, object]]:
    images = evaluation.disputed.images if evaluation.disputed else ()
    return [
        _picture(image, test) | {"people": None if image.people is None else test.classes[image.people]}
        for image in images
    ]


def _pictures(evaluation: Evaluation, test: ImageDataset) -> list[dict[str, object]]:
    disputed = {image.index for image in evaluation.disputed.images} if evaluation.disputed else set()
    return [
        _picture(mistake, test)
        | {"percent": f"{100 * mistake.probability:.0f}", "is_disputed": mistake.index in disputed}
        for mistake in evaluation.mistakes[:MISTAKES]
    ]


def _picture(image: Mistake | DisputedImage, test: ImageDataset) -> dict[str, object]:
    return {
        "source": _data_uri(test, image.index),
        "index": image.index,
        "label": test.classes[image.label],
        "predicted": test.classes[image.predicted],
    }


def _data_uri(test: ImageDataset, index: int) -> str:
    pixels = test.images[index].permute(1, 2, 0).numpy()
    picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _command(run: Run) -> str:
    """Return the words that make the run again; empty where no words on the command line do."""
    record = run.record
    if record.recipe not in RECIPES:
        return ""
    words = [f"firstlight train {record.recipe} --dataset {record.dataset} --seed {record.seed}"]
    usual, got = flat_settings(RECIPES[record.recipe].settings), flat_settings(record.settings)
    for key in sorted(usual.keys() | got.keys()):
        if usual.get(key) != got.get(key):
            if key not in OPTIONS:
                return ""
            words.append(f"{OPTIONS[key]} {got.get(key)}")
    return " ".join([*words, *(["--validate"] if record.validation_count else [])])
