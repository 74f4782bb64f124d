"""A run as text: the data, a line an epoch, the result, the confusion matrix, the worst pairs drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from jaxtyping import UInt8
from torch import Tensor
from torch.nn import functional

from firstlight.evaluation import Evaluation, Mixup
from firstlight.reports._halfblocks import half_blocks
from firstlight.reports._sparkline import sparkline
from firstlight.training import EpochDone, Run

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from firstlight.datasets import ImageDataset

__all__ = ["confusion_table", "data_preview", "epoch_line", "image_row", "mixup_drawing", "run_summary"]

FIVE_ACROSS = 80  # columns: two rows of five digits at half size


def data_preview(
    train: ImageDataset,
    test: ImageDataset,
    *,
    count: int = 10,
    width: int = 80,
    colour: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Draw the first training images at half size, under a line that says how many there are."""
    channels, height, wide = train.image_shape
    title = (
        f"{train.name}: {len(train):,} training and {len(test):,} test images, "
        f"{wide} x {height}{' in colour' if channels == 3 else ''}, {len(train.classes)} classes\n"
    )
    first = train[:count]
    names = [train.classes[label] for label in first.labels.tolist()]
    drawing = image_row(first.images, names, width=width, colour=colour, ascii_only=ascii_only)
    from rich.text import Text

    return Text(title).append_text(drawing)


def epoch_line(event: EpochDone, *, epochs: float) -> str:
    """Return one line about a finished epoch.

    Examples
    --------
    >>> epoch_line(EpochDone(1.0, 235, 0.5, 0.9, None, 0.31), epochs=4)
    'epoch 1 of 4    loss 0.5000    train 90.00 %    0.31 s'
    """
    parts = [
        f"epoch {round(event.epoch, 2):g} of {epochs:g}",
        f"loss {event.loss:.4f}",
        f"train {100 * event.train_accuracy:.2f} %",
    ]
    if event.validation_accuracy is not None:
        parts.append(f"validation {100 * event.validation_accuracy:.2f} %")
    return "    ".join([*parts, f"{event.seconds:.2f} s"])


def run_summary(run: Run, evaluation: Evaluation | None) -> str:
    """Return the result in a few lines: accuracy with its interval, seconds, device, curve of the loss.

    Where people disowned some of the labels, a line says how many of the mistakes are on such images.
    """
    record = run.record
    lines = []
    if evaluation is not None:
        low, high = evaluation.interval
        lines.append(
            f"Test accuracy   {100 * evaluation.accuracy:.2f} %   "
            f"({evaluation.correct:,} of {evaluation.count:,}; "
            f"another test set like it: {100 * low:.2f} to {100 * high:.2f} %)"
        )
        if evaluation.disputed is not None:
            lines.append(f"Labels          {evaluation.disputed}")
    epochs = f"{round(record.epochs, 2):g} epoch{'' if record.epochs == 1 else 's'}"
    lines += [
        f"Training        {record.train_seconds:.2f} s, {epochs}, {record.parameters:,} parameters",
        f"Device          {record.device} ({record.device_reason})",
        f"Precision       {record.precision} ({record.precision_reason})",
    ]
    if record.loss_curve or not record.history:  # what is fitted at one stroke has no curve
        lines.append(f"Loss            {_loss_line(record.loss_curve)}")
    return "\n".join(lines)


def confusion_table(evaluation: Evaluation, classes: tuple[str, ...]) -> Table:
    """Return the confusion matrix: a row a label, a column a prediction, a dot for zero."""
    from rich.table import Table

    table = Table(
        title="Confusion: rows are labels, columns what the model said", title_justify="left", box=None,
        title_style="", pad_edge=False, header_style="bold",
    )  # fmt: skip
    numbered = any(len(name) > 4 for name in classes)
    table.add_column("")
    for number, name in enumerate(classes):
        table.add_column(str(number) if numbered else name, justify="right")
    table.add_column("right", justify="right")
    shares = evaluation.class_accuracy().tolist()
    for number, (row, share) in enumerate(zip(evaluation.confusion.tolist(), shares, strict=True)):
        label = (
            f"{number} {classes[number]}" if numbered and classes[number] != str(number) else classes[number]
        )
        cells = [
            f"[bold]{n}[/bold]" if place == number else (str(n) if n else "·") for place, n in enumerate(row)
        ]
        table.add_row(label, *_marked(cells), f"{100 * share:.1f} %" if share == share else "-")
    return table


def mixup_drawing(
    mixup: Mixup,
    evaluation: Evaluation,
    test: ImageDataset,
    *,
    count: int = 5,
    width: int = 80,
    colour: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Draw the surest of the images of one class that were taken for another, at half size."""
    found = [
        mistake
        for mistake in evaluation.mistakes
        if (mistake.label, mistake.predicted) == (mixup.label, mixup.predicted)
    ][:count]
    from rich.text import Text

    names = test.classes
    title = f"{names[mixup.label]} taken for {names[mixup.predicted]}, {mixup.count} times\n"
    images = test.images[torch.tensor([mistake.index for mistake in found])]
    captions = [f"#{mistake.index} {100 * mistake.probability:.0f}%" for mistake in found]
    return Text(title).append_text(
        image_row(images, captions, width=width, colour=colour, ascii_only=ascii_only)
    )


def image_row(
    images: UInt8[Tensor, "n c h w"],
    captions: list[str],
    *,
    width: int = 80,
    colour: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Draw images at half size, five across, each with its caption."""
    return half_blocks(
        _shrunk(images), captions, width=min(width, FIVE_ACROSS), colour=colour, ascii_only=ascii_only
    )


def _loss_line(losses: tuple[float, ...]) -> str:
    if not losses:
        return "no step was taken"
    # Logarithms: the first steps fall so far that nothing else would show.
    curve = sparkline([math.log(loss) if loss > 0 else math.nan for loss in losses])
    return f"{losses[0]:.3f} {curve} {losses[-1]:.3f}"


def _shrunk(images: UInt8[Tensor, "n c h w"]) -> UInt8[Tensor, "n c h2 w2"]:
    return functional.avg_pool2d(images.float(), 2, ceil_mode=True).round().to(torch.uint8)


def _marked(cells: list[str]) -> list[Text]:
    from rich.text import Text

    return [Text.from_markup(cell) for cell in cells]
