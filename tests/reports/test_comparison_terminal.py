"""Behaviour of the comparisons as text: each number stands in its column, and words fit the numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from rich.console import Console

from firstlight import ImageDataset, Run, load
from firstlight._metrics import Interval
from firstlight.evaluation import (
    PairedSeeds,
    RunComparison,
    SeriesComparison,
    compare,
    evaluate,
    one_right,
    rescale,
    summarise_seeds,
)
from firstlight.recipes import find_recipe
from firstlight.reports import (
    one_right_drawing,
    run_comparison_rows,
    run_verdict,
    series_rows,
    series_verdict,
)
from firstlight.training import RunRecord


def shown(drawing: object, width: int = 100) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(drawing)
    return capture.get()


@pytest.fixture(scope="module")
def test() -> ImageDataset:
    return load("mnist")[1][:400]


@pytest.fixture(scope="module")
def logits(test: ImageDataset) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    right = 4.0 * torch.nn.functional.one_hot(test.labels, 10)
    first, second = (right + scale * torch.randn(400, 10, generator=random) for scale in (1.0, 1.5))
    return first, second


@pytest.fixture(scope="module")
def comparison(test: ImageDataset, logits: tuple[torch.Tensor, torch.Tensor]) -> RunComparison:
    one, two = (evaluate(part, test.labels) for part in logits)
    one = replace(one, rescaling=rescale(logits[0], test.labels, held_out=(logits[0], test.labels)))
    return RunComparison(one, two, compare(*logits, test.labels), one_right(*logits, test.labels))


def run(recipe: str, seed: int) -> Run:
    settings = find_recipe(recipe).settings
    record = RunRecord(
        recipe, "mnist", seed, settings, "finished", "2026-11-22T10:00:00+00:00", train_seconds=1.5
    )
    return Run(torch.nn.Identity(), record)


def test_two_runs_side_by_side(comparison: RunComparison) -> None:
    rows = run_comparison_rows(comparison, run("mlp", 3), run("mlp-fast", 4))
    assert rows[0] == ("", "first", "second")
    cells = {name: (one, two) for name, one, two in rows}
    assert cells["recipe"] == ("mlp", "mlp-fast")
    assert cells["seed"] == ("3", "4")
    first, second = comparison.first, comparison.second
    assert cells["mistakes"] == (str(len(first.mistakes)), str(len(second.mistakes)))
    assert cells["test accuracy"] == (f"{100 * first.accuracy:.2f} %", f"{100 * second.accuracy:.2f} %")
    assert cells["calibration error"][1] == f"{100 * second.calibration.ece:.2f} %"
    assert first.rescaling is not None
    assert first.rescaling.temperature is not None
    assert cells["best temperature"] == (f"{first.rescaling.temperature.value:.3f}", "")
    assert "... on disputed images" not in cells  # 400 images are not the whole test split


def test_the_verdict_on_two_runs(comparison: RunComparison) -> None:
    counts = comparison.comparison
    text = run_verdict(comparison)
    assert f"only the first {counts.only_first:,}; only the second {counts.only_second:,}" in text
    assert "exact McNemar p = " in text
    for p_value, words in ((0.009, "These two models differ"), (0.011, "cannot be told apart")):
        changed = replace(comparison, comparison=replace(counts, p_value=p_value))
        assert words in run_verdict(changed)


def test_the_drawing_shows_who_is_right(comparison: RunComparison, test: ImageDataset) -> None:
    text = shown(one_right_drawing(comparison.one_right, test, colour=False))
    counts = comparison.comparison
    assert f"Only the first reads {counts.only_first} right" in text
    for who in ("first", "second"):
        clearest = next(i for i in comparison.one_right if getattr(i, who) == i.label)
        wrong = clearest.second if who == "first" else clearest.first
        assert f"#{clearest.index} {clearest.label} not {wrong}" in text
    only_first = tuple(image for image in comparison.one_right if image.first == image.label)
    assert "Only the second" not in one_right_drawing(only_first, test).plain
    assert one_right_drawing((), test).plain == ""


def paired(p_value: float, *, n: int = 9, difference: float = 0.002, exact: bool = True) -> SeriesComparison:
    interval = Interval(difference - 0.001, difference + 0.001) if n > 1 else Interval(math.nan, math.nan)
    seeds = PairedSeeds(n, difference, interval, p_value, exact, 2.0 ** (1 - n) if exact else 1e-5)
    return SeriesComparison(
        dataset="mnist", measured="test", train_count=60_000, seeds=tuple(range(n)),
        first=summarise_seeds([0.99 + seed / 1e5 for seed in range(n)]), second=summarise_seeds([0.988] * n),
        paired=seeds, unpaired=(0, 0),
    )  # fmt: skip


def test_two_recipes_side_by_side() -> None:
    _, first, second = series_rows(paired(0.004), ("cnn", "mlp"))
    assert first[:4] == ("cnn", "9", "99.00 %", "0.003")
    assert second == ("mlp", "9", "98.80 %", "0.000", "98.80 to 98.80 %", "98.80 %", "98.80 %")
    alone = series_rows(paired(1.0, n=1), ("cnn", "mlp"))[1]
    assert alone == ("cnn", "1", "99.00 %", "-", "-", "99.00 %", "99.00 %")


def test_the_verdict_on_two_recipes() -> None:
    better = series_verdict(paired(0.004))
    assert (
        "Difference +0.200 points (95 % interval +0.100 to +0.300).\nPaired permutation p = 0.004 (" in better
    )
    assert "every pattern of signs counted" in better
    assert "The first is better over these seeds." in better
    assert "The second is better" in series_verdict(paired(0.004, difference=-0.002))
    assert "signs drawn at random" in series_verdict(paired(0.004, n=30, exact=False))
    assert "cannot be told apart" in series_verdict(paired(0.2))
    few = series_verdict(paired(0.0625, n=5))
    assert "Too few to tell: with 5 seeds p cannot fall below 0.0625, with 8 it can." in few
    assert "cannot be told apart" not in few
    assert "interval" not in series_verdict(paired(1.0, n=1))
    assert "Too few" not in series_verdict(paired(0.3, n=8))
