"""Oracle: the formula by hand in float64, and torch's `AveragedModel` where it says the same; behaviour of swapping."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from firstlight.recipes import EMASettings
from firstlight.training._averaging import Averaging, make_averaging
from firstlight.training._ema import EMA


def network(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)).double()


def wander(model: nn.Module, step: int) -> None:
    """Change every parameter as training might."""
    random = torch.Generator().manual_seed(step)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, dtype=parameter.dtype, generator=random))


def copies(model: nn.Module) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in model.parameters()]


def test_the_average_is_the_papers() -> None:
    model = network()
    average = EMA(model, EMASettings(decay=0.9))
    expected = copies(model)
    for n in range(1, 100):
        wander(model, n)
        average.after_step(n, 1000)
        keep = min(0.9, (1 + n) / (10 + n))
        expected = [
            keep * old + (1 - keep) * new for old, new in zip(expected, model.parameters(), strict=True)
        ]
        torch.testing.assert_close(list(average.state().values()), expected)
    assert keep == 0.9
    assert (1 + 20) / (10 + 20) < 0.9, "both branches of the formula were taken"


def test_once_warmed_up_it_is_torchs() -> None:
    model = network()
    ours = EMA(model, EMASettings(decay=0.99))
    theirs = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99), use_buffers=False)
    theirs.update_parameters(model)  # the first only copies
    for step in range(1000, 1050):  # from 890 on, (1 + n) / (10 + n) is above 0.99
        wander(model, step)
        ours.after_step(step, 10_000)
        theirs.update_parameters(model)
    torch.testing.assert_close(list(ours.state().values()), list(theirs.module.parameters()))


@pytest.mark.parametrize("steps", [20, 23])
def test_a_look_every_five_steps_counts_as_five(steps: int) -> None:
    model, steady = network(), copies(network())
    average = EMA(model, EMASettings(decay=0.5, every=5))
    wander(model, 1)
    moved = copies(model)
    for step in range(1, steps + 1):
        average.after_step(step, steps)
    # From step 8 on 0.5 of it is kept; the look after step 5 keeps (6 / 15) ** 5.
    kept = (6 / 15) ** 5 * 0.5 ** (steps - 5)
    expected = [kept * old + (1 - kept) * new for old, new in zip(steady, moved, strict=True)]
    torch.testing.assert_close(list(average.state().values()), expected, rtol=1e-12, atol=0)


def test_applied_swaps_in_and_out_even_if_something_fails() -> None:
    model = network()
    average = EMA(model, EMASettings())
    first = copies(model)
    wander(model, 1)
    trained = copies(model)

    def look_and_fail() -> None:
        with average.applied():
            assert all(map(torch.equal, model.parameters(), first))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look_and_fail()
    assert all(map(torch.equal, model.parameters(), trained))
    assert all(map(torch.equal, average.state().values(), first)), "looking changes no average"
    average.finish()
    assert all(map(torch.equal, model.parameters(), first))


def test_gradients_still_flow_after_a_swap() -> None:
    model = network()
    average = EMA(model, EMASettings())
    with average.applied():
        model(torch.ones(2, 3, dtype=torch.float64))
    model(torch.ones(2, 3, dtype=torch.float64)).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_statistics_of_batch_normalisation_are_not_averaged() -> None:
    model = network()
    average = EMA(model, EMASettings())
    model(torch.randn(8, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    running = model[1].running_mean.clone()
    average.after_step(1, 2)
    average.finish()
    assert torch.equal(model[1].running_mean, running)
    assert not any("running" in name for name in average.state())


def test_frozen_parameters_are_left_out() -> None:
    model = network()
    model[0].weight.requires_grad_(False)
    assert "slow.0.weight" not in EMA(model, EMASettings()).state()


def test_a_state_continues_where_it_was_taken() -> None:
    through, model = network(), network()
    whole, half = EMA(through, EMASettings()), EMA(model, EMASettings())
    for step in range(1, 6):
        wander(through, step)
        whole.after_step(step, 10)
        wander(model, step)
        half.after_step(step, 10)
    resumed = EMA(model, EMASettings())
    resumed.load_state({name: value.clone() for name, value in half.state().items()})
    for step in range(6, 11):
        wander(through, step)
        whole.after_step(step, 10)
        wander(model, step)
        resumed.after_step(step, 10)
    assert all(map(torch.equal, whole.state().values(), resumed.state().values()))


def test_recipes_get_it() -> None:
    average = make_averaging(network(), EMASettings(every=3))
    assert isinstance(average, EMA)
    assert isinstance(average, Averaging)
