"""The record's script. Oracle: votes counted one ensemble at a time; behaviour: it runs, and goes on, end to end."""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
from itertools import combinations, product
from pathlib import Path
from types import ModuleType

import pytest
import torch

SCRIPT = Path(__file__).parents[2] / "records" / "2026-11-22_paper-ensemble" / "script.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("paper_ensemble_record", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wrong() -> dict[str, torch.Tensor]:
    """Seven networks of each kind, each wrong about a tenth of the images, mostly the same ones."""
    random = torch.Generator().manual_seed(0)
    hard = torch.rand(10_000, generator=random) ** 4
    return {kind: torch.rand(7, 10_000, generator=random) < hard for kind in ("m3", "m5", "m7")}


def by_hand(*three: torch.Tensor) -> torch.Tensor:
    return three[0] & three[1] | three[0] & three[2] | three[1] & three[2]


def of_a_kind(each: torch.Tensor) -> list[torch.Tensor]:
    return [by_hand(*(each[member] for member in members)) for members in combinations(range(len(each)), 3)]


def test_votes_are_counted_as_by_hand(script, wrong) -> None:
    counts = script.count_votes(*wrong.values())
    assert counts.shape == (7, 7, 7)
    for i, j, k in product(range(7), repeat=3):
        expected = by_hand(wrong["m3"][i], wrong["m5"][j], wrong["m7"][k]).sum()
        assert counts[i, j, k] == expected
    groups = script.votes_of_a_kind(wrong["m5"])
    assert torch.equal(groups, torch.stack(of_a_kind(wrong["m5"])))


def test_what_is_selected_is_the_best_of_everything(script, wrong) -> None:
    found = script.selected(wrong)
    threes = {kind: of_a_kind(each) for kind, each in wrong.items()}
    assert found["choices of three"] == 343
    assert found["choices of nine"] == 35**3
    assert found["single"]["m7"] == 1 - int(wrong["m7"].sum(1).min()) / 10_000
    assert found["three of a kind"]["m3"] == 1 - min(int(each.sum()) for each in threes["m3"]) / 10_000
    some = [by_hand(*(threes[kind][place] for kind in threes)) for place in range(35)]
    assert found["nine votes"] >= 1 - min(int(each.sum()) for each in some) / 10_000
    assert found["nine votes"] > found["three votes"] > found["single"]["m3"]


def test_the_honest_figure_chooses_nothing(script, wrong) -> None:
    found = script.honest(wrong)
    counts = script.count_votes(*wrong.values())
    assert found["three votes"]["mean of all"] == pytest.approx(1 - counts.double().mean().item() / 10_000)
    apart = [by_hand(*(each[member] for each in wrong.values())) for member in range(7)]
    mean = statistics.fmean(1 - each.double().mean().item() for each in apart)
    assert found["three votes"]["apart"].startswith(f"{100 * mean:.2f} %")
    nine = [by_hand(*(by_hand(*each[first : first + 3]) for each in wrong.values())) for first in (0, 3)]
    mean = statistics.fmean(1 - each.double().mean().item() for each in nine)
    assert found["nine votes"]["apart"].startswith(f"{100 * mean:.2f} %")
    selected = script.selected(wrong)
    for name in ("three votes", "nine votes"):
        assert found[name]["mean of all"] < selected[name]


def test_two_networks_of_a_kind_make_no_nine_votes(script, wrong) -> None:
    few = {kind: each[:2] for kind, each in wrong.items()}
    assert "nine votes" not in script.selected(few)
    assert "nine votes" not in script.honest(few)
    assert "2 seeds" in script.honest(few)["three votes"]["apart"]


def test_the_best_epoch_is_the_first_of_the_best(script, monkeypatch) -> None:
    """As the paper's program, which keeps an epoch only if it is better than all before."""
    from firstlight.training import EpochDone

    said = [torch.tensor(epoch) for epoch in ([0, 0, 1], [0, 1, 1], [2, 1, 1], [0, 0, 0])]

    class State:
        validation_logits = None

    def fit(*_, **__):
        yield started
        for number, classes in enumerate(said, start=1):
            started.state.validation_logits = torch.nn.functional.one_hot(classes, 3).float()
            yield EpochDone(number, number, 0.0, 0.0, 0.0, float(number))

    started = object.__new__(script.Started)
    object.__setattr__(started, "state", State())
    monkeypatch.setattr(script, "fit", fit)
    images = type(
        "Images", (), {"labels": torch.tensor([0, 1, 1]), "image_shape": (1, 28, 28), "classes": "abc"}
    )
    net = script.trained(script.find_recipe("m7"), images, images, 0, "cpu")
    assert net.correct == (2, 3, 2, 1)
    assert net.best.tolist() == [0, 1, 1]
    assert net.last.tolist() == [0, 0, 0]


@pytest.mark.slow
def test_it_runs_and_goes_on_where_it_stopped(script, tmp_path, capsys) -> None:
    arguments = [
        "--epochs",
        "1",
        "--nets",
        "2",
        "--subset",
        "2000",
        "--device",
        "cpu",
        "--out",
        str(tmp_path),
    ]
    result = script.main(arguments)
    assert json.loads((tmp_path / "result.json").read_text()) == json.loads(json.dumps(result))
    assert result["train images"] == 2000
    kept = sorted(tmp_path.glob("*.safetensors"))
    assert len(kept) == 6
    times = [place.stat().st_mtime_ns for place in kept]
    kept[0].unlink()
    again = script.main(arguments)
    assert [place.stat().st_mtime_ns for place in sorted(tmp_path.glob("*.safetensors"))][1:] == times[1:]
    assert again["honest"] == result["honest"]
    assert "at best" in capsys.readouterr().out
