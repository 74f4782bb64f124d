"""Two runs, or two recipes over seeds, side by side as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from firstlight.evaluation import Evaluation, OneRight, RunComparison, SeedSummary, SeriesComparison
from firstlight.reports._run_terminal import image_row
from firstlight.training import Run

if TYPE_CHECKING:
    from rich.text import Text

    from firstlight.datasets import ImageDataset

__all__ = ["one_right_drawing", "run_comparison_rows", "run_verdict", "series_rows", "series_verdict"]

SURE = 0.01  # below this we say that two differ
FACTS = (
    "test accuracy", "another test set", "mistakes", "... on disputed images", "accuracy as people read",
    "says it is sure", "calibration error", "... equal-mass bins", "neg. log-likelihood", "Brier score",
    "best temperature", "... error at that",
)  # fmt: skip


Row = tuple[str, ...]


def run_comparison_rows(comparison: RunComparison, first: Run, second: Run) -> list[Row]:
    """Return two runs side by side, a fact a row: what they are, how right and how sure they are."""
    rows: list[Row] = [
        ("recipe", *(run.record.recipe for run in (first, second))),
        ("seed", *(str(run.record.seed) for run in (first, second))),
        ("training", *(f"{run.train_seconds:.2f} s" for run in (first, second))),
        *zip(FACTS, _facts(comparison.first), _facts(comparison.second), strict=True),
    ]
    return [("", "first", "second"), *(row for row in rows if any(row[1:]))]


def run_verdict(comparison: RunComparison) -> str:
    """Say in words who read how many right, and whether the difference could be chance."""
    counts = comparison.comparison
    told = (
        "These two models differ. Whether their recipes do takes many seeds."
        if counts.p_value < SURE
        else "These two models cannot be told apart on these images."
    )
    return (
        f"Both right {counts.both:,}; only the first {counts.only_first:,}; "
        f"only the second {counts.only_second:,}; neither {counts.neither:,}.\n"
        f"Difference {100 * counts.difference:+.2f} points; exact McNemar p = {counts.p_value:.3g}.\n{told}"
    )


def one_right_drawing(
    found: tuple[OneRight, ...],
    test: ImageDataset,
    *,
    count: int = 5,
    width: int = 80,
    colour: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Draw some of the images that just one of two models read right, those of the first and of the second.

    Below each stands its place, its label, and what the other model took it for.
    """
    from rich.text import Text

    drawing = Text()
    for who in ("first", "second"):
        chosen = [image for image in found if getattr(image, who) == image.label]
        if not chosen:
            continue
        title = f"Only the {who} reads {len(chosen):,} right" + (
            ", the clearest of them:" if len(chosen) > count else ":"
        )
        captions = [_caption(image, test.classes) for image in chosen[:count]]
        images = test.images[torch.tensor([image.index for image in chosen[:count]])]
        row = image_row(images, captions, width=width, colour=colour, ascii_only=ascii_only)
        drawing.append("\n\n" if drawing else "").append(f"{title}\n").append_text(row)
    return drawing


def series_rows(comparison: SeriesComparison, names: tuple[str, str]) -> list[Row]:
    """Return two recipes, one a row: mean, spread and interval over the seeds that both have."""
    summaries = zip(names, (comparison.first, comparison.second), strict=True)
    head = ("", "seeds", "mean", "sd", "95 % of the mean", "worst", "best")
    return [head, *((name, *_summary_cells(summary)) for name, summary in summaries)]


def series_verdict(comparison: SeriesComparison) -> str:
    """Say in words how far two recipes are apart over seeds, and whether that could be chance."""
    paired = comparison.paired
    low, high = (100 * end for end in paired.interval)
    reach = f" (95 % interval {low:+.3f} to {high:+.3f})" if low == low else ""
    how = "every pattern of signs counted" if paired.exact else "signs drawn at random"
    measured = f"Difference {100 * paired.difference:+.3f} points{reach}.\n"
    p_value = f"Paired permutation p = {paired.p_value:.3g} ({how})."
    if paired.smallest_p >= SURE:
        few = f"{paired.n} seed{'s' if paired.n > 1 else ''}"
        told = f"Too few to tell: with {few} p cannot fall below {paired.smallest_p:.3g}, with 8 it can."
    elif paired.p_value < SURE:
        told = f"The {'first' if paired.difference > 0 else 'second'} is better over these seeds."
    else:
        told = "Over these seeds the two cannot be told apart."
    return f"{measured}{p_value}\n{told}"


def _facts(evaluation: Evaluation) -> Row:
    disputed, sure = evaluation.disputed, evaluation.calibration
    rescaling = evaluation.rescaling
    scaled = rescaling.after if rescaling else None
    return (
        _percent(evaluation.accuracy),
        f"{100 * evaluation.interval.low:.2f} to {100 * evaluation.interval.high:.2f} %",
        f"{len(evaluation.mistakes):,}",
        f"{disputed.mistakes_disputed}" if disputed else "",
        _percent(disputed.accuracy_people) if disputed else "",
        _percent(sure.confidence),
        _percent(sure.ece),
        _percent(sure.ece_equal_mass),
        f"{sure.nll:.4f}",
        f"{sure.brier:.4f}",
        f"{rescaling.temperature.value:.3f}" if rescaling and rescaling.temperature else "",
        _percent(scaled.ece) if scaled else "",
    )


def _caption(image: OneRight, classes: tuple[str, ...]) -> str:
    wrong = image.second if image.first == image.label else image.first
    return f"#{image.index} {classes[image.label]} not {classes[wrong]}"


def _summary_cells(summary: SeedSummary) -> Row:
    low, high = (100 * end for end in summary.interval)
    several = summary.n > 1
    return (
        str(summary.n),
        _percent(summary.mean),
        f"{100 * summary.sd:.3f}" if several else "-",
        f"{low:.2f} to {high:.2f} %" if several else "-",
        _percent(summary.min),
        _percent(summary.max),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
