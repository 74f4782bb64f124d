"""`firstlight audit`: which labels are wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import INTERRUPTED, JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.audits import AmbiguousImage, AuditEvent, AuditReport, Suspect
    from firstlight.cli._progress import Bar
    from firstlight.datasets import ImageDataset

    Splits = dict[str, ImageDataset]

__all__ = ["audit"]

DRAWN, AMBIGUOUS_DRAWN, LISTED, GROUPS = 6, 3, 20, 5
DRAW_EVERY = 10  # steps


def audit(
    dataset: Annotated[str, typer.Argument(help="A data set's name, or the path of your own.")] = "mnist",
    split: Annotated[str, typer.Option(help="What is judged: train, test or all.")] = "train",
    top: Annotated[
        int | None, typer.Option(help="How many suspects; without it, all that are more likely wrong.")
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Write a page that asks you about each.")] = False,
    review_file: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where the page goes; implies --review.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the surest and the most ambiguous ones.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of folds, first weights and orders.")] = 0,
    seconds: Annotated[float | None, typer.Option(help="About how long networks may be trained.")] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Find the labels of a data set that are probably wrong.

    Networks judge images that they never saw. Says how many labels are wrong, which, what they should be, and
    which images are there twice or are none of the classes. Ctrl-C tells what was found by then.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.audits import AuditInterrupted
        from firstlight.audits import audit as audited
        from firstlight.audits._picture import check_picture_name
        from firstlight.cli._source_progress import drawn_events
        from firstlight.datasets import load

        if picture is not None:
            check_picture_name(picture)
        with drawn_events(out) as on_event:
            train, test = load(dataset, on_event=on_event)
        splits = {"train": train, "test": test}
        is_whole = True
        try:
            with out.progress("Judging") as bar:
                report = audited(
                    (train, test), split=split, top=top, seed=seed, seconds=seconds, on_event=_drawing(bar)
                )
        except AuditInterrupted as stopped:
            if stopped.report is None:
                raise
            report, is_whole = stopped.report, False
        _tell(out, report, splits, listed=LISTED if top is None else top)
        page = review_file or (_page_name(report) if review else None)
        written = _written(out, report, splits, page, picture)
        out.result({**report.fields(), **written})
        if not is_whole:
            out.say("Interrupted: this is what was found by then.")
            raise typer.Exit(INTERRUPTED)


def _drawing(bar: Bar) -> Any:
    """Return what draws the events of an audit: a hundredth of a network at a time."""
    from firstlight.audits import AuditStarted, JudgeStarted, JudgeStep, Looking

    judge = 1

    def draw(event: AuditEvent) -> None:
        nonlocal judge
        if isinstance(event, AuditStarted):
            bar.update(0, total=100 * event.judges)
        elif isinstance(event, JudgeStarted):
            judge = event.judge
            bar.update(100 * (judge - 1), note=f"network {judge} of {event.judges}")
        elif isinstance(event, JudgeStep) and event.step % DRAW_EVERY == 0:
            bar.update(100 * (judge - 1) + 100 * event.step // event.steps)
        elif isinstance(event, Looking):
            bar.update(note=event.what)

    return draw


def _page_name(report: AuditReport) -> Path:
    name = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in report.dataset)
    return Path(f"review-{name}-{report.split}.html")


def _written(
    out: Output, report: AuditReport, splits: Splits, page: Path | None, picture: Path | None
) -> dict[str, str]:
    """Write what was asked for; return the names for JSON."""
    written = {}
    if picture is not None:
        from firstlight.audits._picture import save_audit_picture

        written["picture"] = str(save_audit_picture(picture, report, splits))
    if page is not None:
        from firstlight.audits._page import write_review_page

        written["review"] = str(write_review_page(report, splits, page))
    for path in written.values():
        out.say(f"Saved {path}")
    return written


def _tell(out: Output, report: AuditReport, splits: Splits, *, listed: int) -> None:
    out.print(str(report), _who(report))
    classes = report.classes
    if report.suspects:
        captions = [f"{classes[one.given]} > {classes[one.suggested]}?" for one in report.suspects[:DRAWN]]
        out.print("", "The surest wrong labels", "", _drawn(out, report.suspects[:DRAWN], captions, splits))
        out.print("", _table(report, listed))
    if report.ambiguous:
        shown = report.ambiguous[:AMBIGUOUS_DRAWN]
        captions = [f"{classes[one.readings[0]]} or {classes[one.readings[1]]}" for one in shown]
        out.print("", "The most ambiguous images", "", _drawn(out, shown, captions, splits))
    out.print("", *_duplicate_lines(report), *_outlier_lines(report))


def _who(report: AuditReport) -> str:
    each = f"{report.repetitions} for each image" if report.repetitions > 1 else "one for each image"
    return f"Judged by {report.judges} networks ({report.recipe}), {each}, in {report.seconds:.0f} s."


def _drawn(
    out: Output, found: Sequence[Suspect | AmbiguousImage], captions: list[str], splits: Splits
) -> Any:
    if out.json:
        return ""
    import torch

    from firstlight.cli._run_result import canvas
    from firstlight.reports import half_blocks

    images = torch.stack([splits[one.split].images[one.index] for one in found])
    return half_blocks(images, captions, **canvas(out))


def _table(report: AuditReport, listed: int) -> str:
    from firstlight.cli._columns import aligned

    classes, is_both = report.classes, report.split == "all"
    rows = [
        [
            *([one.split] if is_both else []),
            str(one.index),
            classes[one.given],
            classes[one.suggested],
            _percent(one.probability),
            " ".join(classes[near.given] for near in one.neighbours),
        ]
        for one in report.suspects[:listed]
    ]
    head = [
        *(["split"] if is_both else []),
        "image",
        "label",
        "networks say",
        "wrong with",
        "look-alikes are",
    ]
    text = aligned([head, *rows], numbers=[1 if is_both else 0], indent=2)
    left = len(report.suspects) - len(rows)
    return f"{text}\n  and {left:,} more: --json lists them, --review shows them" if left > 0 else text


def _percent(probability: float) -> str:
    return "> 99.9 %" if probability > 0.999 else f"{100 * probability:.1f} %"


def _duplicate_lines(report: AuditReport) -> list[str]:
    groups = report.duplicates
    if not groups:
        return ["No image is there twice."]
    across = sum(group.crosses_splits for group in groups)
    differ = sum(group.labels_differ for group in groups)
    exact = sum(group.kind == "exact" for group in groups)
    head = (
        f"{len(groups):,} images are there again: {exact:,} exactly, {len(groups) - exact:,} nearly, "
        f"{across:,} in train and in test, {differ:,} with different labels."
    )
    lines = [
        f"  {group.kind}: "
        + ", ".join(
            f"{one.split} {one.index} ({report.classes[one.given]})" for one in group.members[:GROUPS]
        )
        for group in groups[:GROUPS]
    ]
    return [head, *lines]


def _outlier_lines(report: AuditReport) -> list[str]:
    found = report.outliers
    if not found:
        return ["No image is far from all others and unclear."]
    named = ", ".join(f"{one.split} {one.index} ({report.classes[one.given]})" for one in found[:GROUPS])
    more = f" and {len(found) - GROUPS:,} more" if len(found) > GROUPS else ""
    return [f"{len(found):,} images may be none of the classes: {named}{more}."]
