"""The shipped bands, and how they are read. Kind: behaviour; the oracle for intervals is scipy's Student's t."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from scipy import stats

from firstlight._errors import DataCorruptError, UnknownNameError, UsageError
from firstlight.evaluation import Band, band, bands
from firstlight.evaluation import _bands as module
from firstlight.recipes import RECIPES

SIZES = (1000, 4000, 16000, 60000)


def made(train_size: int, mean: float, sd: float = 0.002, seeds: int = 20, **more: object) -> Band:
    extremes = {"min": mean - sd, "max": mean + sd, "quantiles": (mean,) * 5}
    return Band("mnist", "toy", "", train_size, 10_000, seeds, mean, sd, **(extremes | more))  # type: ignore[arg-type]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> tuple[Band, ...]:
    """Errors of 8 % and 2 % on 1,000 and 16,000 images; then all 60,000, of which nothing is drawn."""
    known = (
        made(1000, 0.92, 0.004),
        made(16000, 0.98, 0.001, seeds=5),
        made(60000, 0.99, 0.0, 1, is_fixed=True),
    )
    monkeypatch.setattr(module, "_measured", lambda path: known)
    return known


@pytest.mark.parametrize(
    "found", bands(), ids=lambda found: f"{found.dataset}-{found.algorithm}-{found.train_size}"
)
def test_every_shipped_band_is_sound(found: Band) -> None:
    assert found.train_size in SIZES
    assert found.test_size == 10_000
    assert found.min is not None
    assert found.max is not None
    assert found.quantiles is not None
    assert 0.5 < found.min <= found.mean <= found.max < 1
    assert list(found.quantiles) == sorted(found.quantiles)
    assert found.min <= found.quantiles[0] <= found.quantiles[-1] <= found.max
    assert found.algorithm in RECIPES or found.algorithm == "mlp-100"
    assert found.summary
    if found.is_fixed:
        assert (found.seeds, found.sd) == (1, 0.0)
    else:
        assert found.seeds >= 3
        assert 0 < found.sd < 0.02
    low, high = found.interval()
    assert low < found.mean < high


def test_published_accuracies_are_met() -> None:
    """Bounds from the literature on all 60,000 images, in percent."""
    expected = {
        "linear": (91.7, 92.9), "knn": (97.0, 97.2), "decision-tree": (87.3, 88.5),
        "random-forest": (96.6, 97.3), "extra-trees": (96.8, 97.5), "svm": (98.2, 98.7),
    }  # fmt: skip
    measured = {
        found.algorithm: 100 * found.mean for found in bands(dataset="mnist") if found.train_size == 60_000
    }
    for name, (low, high) in expected.items():
        if name in measured:
            assert low <= measured[name] <= high, name
    assert {"linear", "knn"} <= set(measured)


def test_more_images_help_every_algorithm() -> None:
    for name in {found.algorithm for found in bands(dataset="mnist")}:
        means = [found.mean for found in bands(name, dataset="mnist")]
        assert means == sorted(means), name


@pytest.mark.parametrize("seeds", [2, 3, 20])
@pytest.mark.parametrize("confidence", [0.95, 0.99])
def test_the_interval_is_students_prediction_interval(seeds: int, confidence: float) -> None:
    found = made(1000, 0.9, 0.0003, seeds=seeds)
    scale = 0.0003 * math.sqrt(1 + 1 / seeds)
    low, high = stats.t.interval(confidence, seeds - 1, loc=0.9, scale=scale)
    assert found.interval(confidence) == pytest.approx((low, high))


def test_runs_that_happen_to_agree_prove_no_certainty() -> None:
    low, high = made(1000, 0.9, 0.0, seeds=3).interval()
    assert high - low > 0.0002


def test_a_fixed_band_allows_a_tenth_of_a_point(toy: tuple[Band, ...]) -> None:
    assert toy[-1].interval(0.5) == pytest.approx((0.989, 0.991))


def test_a_measured_size_is_not_interpolated(toy: tuple[Band, ...]) -> None:
    assert band("toy", train_size=16_000) == toy[1]


def test_between_two_sizes_errors_are_geometric(toy: tuple[Band, ...]) -> None:
    found = band("TOY", train_size=4000)
    assert found.mean == pytest.approx(0.96)
    assert found.sd == pytest.approx(0.002)
    assert (found.seeds, found.train_size, found.is_interpolated) == (5, 4000, True)
    assert (found.min, found.quantiles, found.cpu_seconds) == (None, None, None)


def test_below_a_fixed_size_the_spread_is_that_of_the_smaller(toy: tuple[Band, ...]) -> None:
    found = band("toy", train_size=30_000)
    assert 0.98 < found.mean < 0.99
    assert (found.sd, found.seeds, found.is_fixed) == (pytest.approx(0.001), 5, False)


@pytest.mark.parametrize("size", [999, 60_001, 0, -5])
def test_nothing_is_said_beyond_what_was_measured(size: int, toy: tuple[Band, ...]) -> None:
    with pytest.raises(
        UsageError, match=rf"measured on 1,000 to 60,000 images of mnist; got train_size {size}"
    ):
        band("toy", train_size=size)


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no algorithm with a band 'knm'\. Did you mean 'knn'"):
        band("knm")
    with pytest.raises(UnknownNameError, match="no data set with bands 'mnits'"):
        bands(dataset="mnits")
    assert bands("Random_Forest")[0].algorithm == "random-forest"


def test_an_algorithm_of_another_data_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Band("fashion-mnist", "other", "", 1000, 10_000, 3, 0.9, 0.01)
    monkeypatch.setattr(module, "_measured", lambda path: (made(1000, 0.9), other))
    with pytest.raises(UsageError, match=r"other was not measured on mnist. There are: toy"):
        band("other", train_size=1000)


@pytest.mark.parametrize("text", ["", "[]", '{"bands": [{"dataset": "mnist"}]}', '{"bands": 3}'])
def test_a_damaged_file_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "bands.json").write_text(text)
    with pytest.raises(DataCorruptError, match=r"a part of firstlight, is damaged: .* Install it again"):
        module._measured(tmp_path / "bands.json")
