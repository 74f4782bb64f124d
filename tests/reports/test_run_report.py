"""Behaviour of the two reports of a run: all facts are there, nothing is asked of the network, names are escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from firstlight import Run, load, train
from firstlight.datasets import ImageDataset
from firstlight.evaluation import Evaluation, Rescaling, evaluate, evaluate_run
from firstlight.recipes import adjusted, find_recipe
from firstlight.reports import (
    confusion_table,
    data_preview,
    epoch_line,
    mixup_drawing,
    run_page,
    run_summary,
    write_run_page,
)
from firstlight.training import MemberRecord


@pytest.fixture(scope="module")
def pair() -> tuple[ImageDataset, ImageDataset]:
    train_images, test = load("mnist")
    return train_images[:3000], test


@pytest.fixture(scope="module")
def run(pair: tuple[ImageDataset, ImageDataset]) -> Run:
    return train("mlp-fast", dataset=pair, epochs=2, validate=True, device="cpu")


@pytest.fixture(scope="module")
def evaluation(run: Run, pair: tuple[ImageDataset, ImageDataset]) -> Evaluation:
    return evaluate_run(run, *pair)


class Page(HTMLParser):
    """Collects what a browser would load, and the balance of the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in {"src", "href", "action"}]


def test_the_page_is_self_contained_and_has_no_script(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    text = run_page(run, evaluation, pair[1])
    page = Page(text)
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert page.sources
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert page.tags.count("img") == 60 + 15
    assert "url(" not in text
    assert page.tags.count("svg") == 3


def test_the_page_holds_the_facts(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    text = run_page(run, evaluation, pair[1])
    assert f"{100 * evaluation.accuracy:.2f} %" in text
    assert f"#{evaluation.mistakes[0].index}<" in text
    assert "<code>firstlight train mlp-fast --dataset mnist --seed 0 --epochs 2 --validate</code>" in text
    assert "optimizer.learning_rate " in text
    for row in evaluation.confusion.tolist():
        for count in row:
            assert f">{count}</td>" in text or count == 0
    assert run.record.data[0]["sha256"] in text


def test_the_page_tells_of_classes_calibration_and_disputed_labels(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    text = run_page(run, evaluation, pair[1])
    for score in evaluation.class_scores():
        assert f"<td>{100 * score.precision:.2f} %</td><td>{100 * score.f1:.2f} %</td>" in text
    assert f"{100 * evaluation.calibration.ece:.2f} %" in text
    assert evaluation.rescaling is not None
    assert evaluation.rescaling.temperature is not None
    assert f"Divide its logits by {evaluation.rescaling.temperature.value:.3f}" in text
    assert f"at temperature {evaluation.rescaling.temperature.value:.2f}" in text
    assert str(evaluation.disputed) in text
    assert "labelled 8<br>people 9<br>" in text
    assert "people split" in text
    disputed = {image.index for image in evaluation.disputed.images} if evaluation.disputed else set()
    shown = [mistake.index for mistake in evaluation.mistakes[:60]]
    assert text.count(" *</figcaption>") == len(disputed & set(shown))


def test_what_is_not_known_is_not_told(run: Run, pair: tuple[ImageDataset, ImageDataset]) -> None:
    assert run.test_logits is not None
    plain = evaluate(run.test_logits, pair[1].labels)
    text = run_page(run, plain, pair[1])
    assert "people" not in text
    assert "Divide its logits" not in text
    assert "No temperature" not in text
    told = run_page(run, replace(plain, rescaling=Rescaling(reason="Because <so>.")), pair[1])
    assert "No temperature: Because &lt;so&gt;." in told


def test_a_recipe_that_no_command_names_is_not_promised_one(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    changed = adjusted(find_recipe("mlp-fast"), label_smoothing=0.3).settings
    for record in (replace(run.record, recipe="mine"), replace(run.record, settings=changed)):
        text = run_page(replace(run, record=record), evaluation, pair[1])
        assert "firstlight train" not in text
        assert "In Python, with the recipe that was given to" in text


def test_names_are_escaped(run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]) -> None:
    classes = tuple(f"<script>{number}</script>" for number in range(10))
    text = run_page(run, evaluation, replace(pair[1], classes=classes))
    assert "<script>" not in text
    assert "&lt;script&gt;0" in text


def test_the_members_of_an_ensemble_are_listed(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    members = (MemberRecord("mlp", 7, 1234567, 4.0, 2.5, None, 0.9812), MemberRecord("vit", 8, 10, 1.5, 1.0))
    text = run_page(replace(run, record=replace(run.record, members=members)), evaluation, pair[1])
    assert "<td>7</td><td>1,234,567</td><td>4</td><td>2.50 s</td>" in text
    assert "<td>-</td><td>98.12 %</td>" in text
    assert "Its members" not in run_page(run, evaluation, pair[1])


def test_a_run_that_diverged_says_where(run: Run, pair: tuple[ImageDataset, ImageDataset]) -> None:
    record = replace(run.record, status="diverged", problem="step 7: its loss is nan", test_accuracy=None)
    text = run_page(replace(run, record=record, test_logits=None), None, pair[1])
    assert "step 7: its loss is nan" in text


def test_an_interrupted_run_has_a_page_too(
    run: Run, pair: tuple[ImageDataset, ImageDataset], tmp_path: Path
) -> None:
    record = replace(run.record, status="interrupted", history=(), loss_curve=(), test_accuracy=None)
    path = write_run_page(
        replace(run, record=record, test_logits=None), None, pair[1], tmp_path / "report.html"
    )
    text = path.read_text(encoding="utf-8")
    assert "did not get to the test set" in text
    assert "svg" not in Page(text).tags


def shown(drawing: object) -> str:
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        console.print(drawing)
    return capture.get()


def test_the_confusion_table_has_dots_for_zeros(
    evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    text = shown(confusion_table(evaluation, pair[1].classes))
    zeros = int((evaluation.confusion == 0).sum())
    assert text.count("·") == zeros > 0
    assert re.search(rf"\b{evaluation.confusion[1, 1].item()}\b", text)


def test_long_class_names_become_numbers_above(evaluation: Evaluation) -> None:
    names = ("T-shirt/top", *(f"thing {number}" for number in range(1, 10)))
    text = shown(confusion_table(evaluation, names))
    assert "0 T-shirt/top" in text
    assert max(map(len, text.splitlines())) <= 100


def test_summary_line_and_drawings(
    run: Run, evaluation: Evaluation, pair: tuple[ImageDataset, ImageDataset]
) -> None:
    text = run_summary(run, evaluation)
    assert f"{100 * evaluation.accuracy:.2f} %" in text
    assert f"Labels          {evaluation.disputed}\n" in text
    assert "Labels" not in run_summary(run, replace(evaluation, disputed=None))
    assert "Test accuracy" not in run_summary(run, None)
    assert "validation 91.00 %" in epoch_line(replace(run.history[0], validation_accuracy=0.91), epochs=2)
    mixup = evaluation.worst_mixups(1)[0]
    drawing = shown(mixup_drawing(mixup, evaluation, pair[1]))
    assert f"{mixup.label} taken for {mixup.predicted}, {mixup.count} times" in drawing
    surest = next(m for m in evaluation.mistakes if (m.label, m.predicted) == (mixup.label, mixup.predicted))
    assert f"#{surest.index} " in drawing
    preview = shown(data_preview(*pair, width=80))
    assert "3,000 training and 10,000 test images" in preview
    assert len(preview.splitlines()) == 1 + 2 * 8 + 1
