"""Page Mistakes: the confusion matrix of the test images, and behind each cell its images.

Every test image is read once, when the page is first opened, and the answers are kept while the studio runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from firstlight._errors import UsageError
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    from firstlight.studio._test_answers import Reading, TestAnswers

__all__ = ["PAGE"]

AT_ONCE = 60  # images that are sent


def matrix(studio: Studio, _asked: Asked) -> bytes:
    """Send how many images of each label were read as each class: int32, a row a label."""
    import numpy as np

    from firstlight.studio._answers import packed

    answers, reader = _answers(studio), studio.reader()
    evaluation, disowned = answers.evaluation, answers.disowned.values()
    fields = {
        "name": reader.name,
        "run": studio.run and str(studio.run),
        "model": studio.model,
        "is_calibrated": reader.is_calibrated,
        "dataset": studio.dataset,
        "classes": list(reader.classes),
        "correct": evaluation.correct,
        "count": evaluation.count,
        "interval": list(evaluation.interval),
        "disowned": len(disowned),
        "mistakes_disowned": sum(image.predicted != image.label for image in disowned),
    }
    return packed(fields, evaluation.confusion.numpy().astype(np.int32))


def progress(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say how many test images have been read."""
    reading = _reading(studio)
    return {"done": reading.done, "count": reading.count}


def images(studio: Studio, asked: Asked) -> bytes:
    """Send images by label and reading: what is known of each, then 784 bytes each."""
    from firstlight.studio._answers import packed

    answers = _answers(studio)
    classes = len(answers.test.classes)
    order = asked.query.get("order", "surest")
    if order not in ("surest", "unsurest"):
        raise UsageError(f"The order is surest or unsurest; got {order!r}.")
    label, read = (_number(asked, name, classes) for name in ("label", "read"))
    places = answers.places(label, read, is_surest_first=order == "surest")
    first = _number(asked, "first", len(answers.test)) or 0
    shown = places[first : first + AT_ONCE]
    fields = {"total": len(places), "first": first, "images": [_facts(answers, int(at)) for at in shown]}
    return packed(fields, answers.test.images.numpy()[shown])


def _facts(answers: TestAnswers, index: int) -> dict[str, Any]:
    chances, label = answers.probabilities[index], int(answers.test.labels[index])
    read, disowned = int(chances.argmax()), answers.disowned.get(index)
    return {
        "index": index,
        "label": label,
        "read": read,
        "probability": float(chances[read]),
        "label_probability": float(chances[label]),
        "is_disowned": disowned is not None,
        "people": disowned and disowned.people,
    }


def _number(asked: Asked, name: str, below: int) -> int | None:
    """Return a number that the page asked with; ``None`` where it did not."""
    given = asked.query.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given) < below):
        raise UsageError(f"{name} is a number from 0 to {below - 1}; got {given[:40]!r}.")
    return int(given)


def _reading(studio: Studio) -> Reading:
    from firstlight.studio._test_answers import Reading

    return studio.once("mistakes/reading", Reading)


def _answers(studio: Studio) -> TestAnswers:
    return studio.once("mistakes/answers", lambda: _reading(studio).read(studio))


PAGE = Page(
    name="mistakes",
    title="Mistakes",
    place=2,
    purpose="Which test images the network reads wrong, and as what.",
    routes=(
        api("mistakes/matrix", matrix),
        api("mistakes/progress", progress, method="GET"),
        api("mistakes/images", images, method="GET"),
    ),
)
