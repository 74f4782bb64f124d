"""Behaviour on real MNIST: it learns, keeps its promises about seeds and Ctrl-C, and refuses nonsense early."""

from __future__ import annotations

import math

import pytest
import torch

from firstlight import load, train
from firstlight._errors import UnknownNameError, UsageError
from firstlight.training import EpochDone, Event, StepDone, TrainingInterrupted


def test_the_fast_network_passes_97_percent_minus_its_spread() -> None:
    run = train("mlp-fast", seed=0, device="cpu")
    assert 0.970 < run.test_accuracy < 0.990
    assert run.record.test_correct == round(run.test_accuracy * 10000)
    assert run.test_logits is not None
    assert run.test_logits.shape == (10000, 10)
    assert run.history[-1].epoch == pytest.approx(1.25, abs=0.01)
    assert run.train_seconds > 0
    assert run.record.train_count == 60000
    assert len(run.record.loss_curve) == 100
    assert run.record.loss_curve[-1] < run.record.loss_curve[0] / 3
    assert {part["file"] for part in run.record.data} >= {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}
    assert "% on test" in repr(run)


def test_a_seed_decides_everything() -> None:
    pair = load("mnist")[0][:2000], load("mnist")[1][:500]
    one, again, other = (
        train("mlp-fast", dataset=pair, seed=seed, device="cpu").test_logits for seed in (5, 5, 6)
    )
    assert one is not None
    assert again is not None
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_validation_images_are_held_out() -> None:
    run = train("mlp-fast", epochs=0.2, validate=True, device="cpu")
    assert (run.record.train_count, run.record.validation_count) == (55000, 5000)
    assert run.history[-1].validation_accuracy is not None
    assert 0.8 < run.history[-1].validation_accuracy < 1
    assert run.record.validation_accuracy == run.history[-1].validation_accuracy
    assert train("mlp-fast", epochs=0.02, device="cpu").record.validation_accuracy is None


def interrupt_at(step: int) -> object:
    def watch(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == step:
            raise KeyboardInterrupt

    return watch


def test_ctrl_c_keeps_the_best_epoch() -> None:
    pair = load("mnist")[0][:2560], load("mnist")[1][:500]
    kept: list[torch.Tensor] = []

    def watch(event: Event) -> None:
        if isinstance(event, EpochDone) and event.epoch == 1:
            raise_at.append(event.step + 3)
        if isinstance(event, StepDone) and raise_at and event.step == raise_at[0]:
            raise KeyboardInterrupt

    raise_at: list[int] = []
    with pytest.raises(TrainingInterrupted, match="interrupted") as stopped:
        train("mlp-fast", dataset=pair, epochs=2, on_event=watch, device="cpu")
    run = stopped.value.run
    kept = list(run.model.state_dict().values())
    # One whole epoch of the same two-epoch schedule, stopped there by hand, has the same weights.
    with pytest.raises(TrainingInterrupted) as by_hand:
        train("mlp-fast", dataset=pair, epochs=2, on_event=interrupt_at(10), device="cpu")  # type: ignore[arg-type]
    assert all(map(torch.equal, kept, by_hand.value.run.model.state_dict().values()))
    assert run.record.status == "interrupted"
    assert len(run.history) == 1
    assert run.test_logits is None
    assert math.isnan(run.test_accuracy)
    assert "interrupted" in repr(run)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipe": "mpl"}, "Did you mean 'mlp'"),
        ({"dataset": "fashion-mnits"}, "Did you mean 'fashion-mnist'"),
        ({"seed": -1}, "A seed is an integer"),
        ({"epochs": 0}, "epochs is a number above 0"),
        ({"batch_size": 0}, "batch_size is a whole number"),
        ({"device": "toaster"}, "names no device"),
    ],
)
def test_nonsense_is_refused_before_anything_is_done(arguments: dict[str, object], message: str) -> None:
    def fail(event: Event) -> None:
        raise AssertionError("training began")

    with pytest.raises((UsageError, UnknownNameError), match=message):
        train(**arguments, on_event=fail)  # type: ignore[arg-type]
