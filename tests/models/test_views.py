"""Oracle: views cut by hand with numpy, averaged by hand; behaviour of training mode, shares, states and export."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from firstlight.models import MLP, ManyViews

ALL_AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
MOVES = {2: [(-1, -1), (1, 1)], 4: [(-1, 0), (1, 0), (0, -1), (0, 1)], 8: ALL_AROUND}
NUMPY_PAD = {"replicate": "edge", "reflect": "reflect"}


class Counting(nn.Module):
    """A network that counts the images it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
        self.head = nn.Linear(4 * 6 * 5, 3)
        self.seen = 0

    def forward(self, images: Tensor) -> Tensor:
        self.seen += len(images)
        logits: Tensor = self.head(self.layers(images))
        return logits


def network() -> Counting:
    torch.manual_seed(0)
    return Counting().double()


def pictures(count: int = 20) -> Tensor:
    return torch.randn(count, 2, 8, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def moved(images: Tensor, down: int, right: int, pad: str) -> Tensor:
    """Pixel (y, x) of the result is pixel (y - down, x - right) of the padded image."""
    edge = max(abs(down), abs(right))
    wide = np.pad(images.numpy(), ((0, 0), (0, 0), (edge, edge), (edge, edge)), mode=NUMPY_PAD[pad])
    rows, columns = np.arange(8) - down + edge, np.arange(7) - right + edge
    return torch.from_numpy(wide[:, :, rows][:, :, :, columns].copy())


@pytest.mark.parametrize("pad", ["replicate", "reflect"])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(("shift", "directions"), [(1, 2), (2, 4), (1, 8)])
def test_the_answer_is_the_weighted_mean(pad, flip, shift, directions) -> None:
    plain, images = network().eval(), pictures()
    model = ManyViews(plain, shift=shift, directions=directions, flip=flip, pad=pad).eval()
    views = [moved(images, shift * down, shift * right, pad) for down, right in MOVES[directions]]
    expected = torch.zeros(20, 3, dtype=torch.float64)
    for mirrored in (False, True) if flip else (False,):
        answers = [plain(view.flip(-1) if mirrored else view) for view in [images, *views]]
        expected += (answers[0] / 2 + sum(answers[1:]) / (2 * directions)) / (1 + flip)
    torch.testing.assert_close(model(images), expected)


def test_no_shift_and_no_mirror_is_the_network_itself() -> None:
    plain, images = network().eval(), pictures()
    assert torch.equal(ManyViews(plain, shift=0).eval()(images), plain(images))


def test_mirrored_images_get_the_same_answer() -> None:
    model, images = ManyViews(network(), shift=0, flip=True).eval(), pictures()
    torch.testing.assert_close(model(images), model(images.flip(-1)))


def test_in_training_it_is_the_network_itself() -> None:
    model, plain, images = ManyViews(network()), network(), pictures()
    assert torch.equal(model.train()(images), plain.train()(images))
    assert model.network.seen == 20
    assert torch.equal(model.network.layers[1].running_mean, plain.layers[1].running_mean)
    model(images).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize(("share", "count"), [(0.25, 5), (0.01, 1), (0.26, 6)])
def test_only_the_closest_calls_get_more_views(share: float, count: int) -> None:
    plain, images = network().eval(), pictures()
    logits = plain(images)
    whole = ManyViews(plain, directions=8).eval()(images)
    plain.seen = 0
    partly = ManyViews(plain, directions=8, share=share).eval()(images)
    assert plain.seen == 20 + 8 * count
    best = logits.sort(dim=1, descending=True).values
    order = (best[:, 0] - best[:, 1]).argsort()
    torch.testing.assert_close(partly[order[:count]], whole[order[:count]])
    assert torch.equal(partly[order[count:]], logits[order[count:]])
    assert not torch.allclose(partly[order[:count]], logits[order[:count]])


def test_a_share_of_one_is_exactly_all_views() -> None:
    plain, images = network().eval(), pictures()
    whole, share = ManyViews(plain).eval()(images), ManyViews(plain, share=1).eval()(images)
    assert torch.equal(whole, share)


def test_its_state_is_the_networks_own() -> None:
    model, plain = ManyViews(network()), network()
    with torch.no_grad():
        plain.head.bias.fill_(7)
    assert list(model.state_dict()) == list(plain.state_dict())
    model.load_state_dict(plain.state_dict())
    assert model.network.head.bias[0].item() == 7
    again = network()
    again.load_state_dict(model.state_dict())
    assert again.head.bias[0].item() == 7


def test_its_state_is_the_networks_own_inside_another_model_too() -> None:
    around, bare = nn.Sequential(ManyViews(network())), nn.Sequential(network())
    with torch.no_grad():
        bare[0].head.bias.fill_(7)
    assert list(around.state_dict()) == list(bare.state_dict())
    around.load_state_dict(bare.state_dict())
    assert around[0].network.head.bias[0].item() == 7


def test_a_state_that_lacks_a_part_is_refused() -> None:
    model = ManyViews(network())
    state = model.state_dict()
    del state["head.bias"]
    with pytest.raises(RuntimeError, match=r"Missing key.*network\.head\.bias"):
        model.load_state_dict(state)


def test_views_keep_the_memory_format() -> None:
    seen: list[bool] = []

    def look(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0].permute(0, 2, 3, 1).stride(-1) == 1)

    plain = network().eval()
    plain.register_forward_pre_hook(look)
    ManyViews(plain).eval()(pictures().contiguous(memory_format=torch.channels_last))
    assert seen == [True] * 3


def test_it_can_be_exported() -> None:
    model = ManyViews(MLP((1, 28, 28), 10, hidden=(4,)), directions=4).eval()
    images = torch.randn(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    exported = torch.export.export(model, (images,), dynamic_shapes={"images": {0: torch.export.Dim("n")}})
    other = torch.randn(5, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(exported.module()(other), model(other))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shift": -1}, r"shift is a whole number of pixels, at least 0; got -1"),
        ({"directions": 3}, r"directions is 2, 4 or 8; got 3"),
        ({"pad": "zeros"}, r"pad is 'replicate' or 'reflect'; got 'zeros'"),
        ({"share": 0}, r"share is None or a number above 0, at most 1; got 0"),
        ({"share": 1.5}, r"share is None or a number above 0, at most 1; got 1\.5"),
    ],
)
def test_settings_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ManyViews(network(), **options)  # type: ignore[arg-type]
