"""Oracle: the formula by hand in float64; behaviour of the network between and after the returns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from firstlight.recipes import LookaheadSettings
from firstlight.training._averaging import Averaging, make_averaging
from firstlight.training._lookahead import Lookahead

STEPS = 40


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)).double()


def wander(model: nn.Module, step: int) -> None:
    """Change every number as training might."""
    random = torch.Generator().manual_seed(step)
    with torch.no_grad():
        for tensor in floats(model):
            tensor.add_(torch.randn(tensor.shape, dtype=tensor.dtype, generator=random))


def floats(model: nn.Module) -> list[Tensor]:
    return [each for each in [*model.parameters(), *model.buffers()] if each.is_floating_point()]


def copies(model: nn.Module) -> list[Tensor]:
    return [tensor.detach().clone() for tensor in floats(model)]


def test_every_fifth_step_the_network_goes_back() -> None:
    model = network()
    slow = copies(model)
    average = Lookahead(model, LookaheadSettings(decay=0.95, every=5))
    for t in range(1, STEPS + 1):
        wander(model, t)
        quick = copies(model)
        average.after_step(t, STEPS)
        if t % 5:
            assert all(map(torch.equal, copies(model), quick)), "nothing happens between the returns"
            continue
        keep = 0.95**5 * (t / STEPS) ** 3
        slow = [keep * old + (1 - keep) * new for old, new in zip(slow, quick, strict=True)]
        torch.testing.assert_close(copies(model), slow)
    torch.testing.assert_close(keep, 0.7737809375)


def test_the_slow_weights_are_the_result() -> None:
    model = network()
    average = Lookahead(model, LookaheadSettings(every=5))
    for step in range(1, 8):
        wander(model, step)
        average.after_step(step, 7)
        if step == 5:
            slow = copies(model)
    quick = copies(model)
    with average.applied():
        assert all(map(torch.equal, copies(model), slow))
    assert all(map(torch.equal, copies(model), quick))
    average.finish()
    assert all(map(torch.equal, copies(model), slow))


def test_a_share_of_nothing_changes_nothing() -> None:
    model, alone = network(), network()
    average = Lookahead(model, LookaheadSettings(decay=0.0))
    for step in range(1, 11):
        wander(model, step)
        wander(alone, step)
        average.after_step(step, 10)
    average.finish()
    torch.testing.assert_close(copies(model), copies(alone))


def test_a_state_continues_where_it_was_taken() -> None:
    through, model = network(), network()
    whole, half = (Lookahead(each, LookaheadSettings(every=3)) for each in (through, model))
    resumed = None
    for step in range(1, 11):
        if step == 5:
            resumed = Lookahead(model, LookaheadSettings(every=3))
            resumed.load_state({name: value.clone() for name, value in half.state().items()})
        for each, average in ((through, whole), (model, resumed or half)):
            wander(each, step)
            average.after_step(step, 10)
    assert all(map(torch.equal, copies(model), copies(through)))


def test_recipes_get_it() -> None:
    average = make_averaging(network(), LookaheadSettings())
    assert isinstance(average, Lookahead)
    assert isinstance(average, Averaging)
