"""Oracle: the network itself, on images that the exporter did not see, in other numbers than it was traced with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import firstlight as fl
from firstlight._errors import CacheError, FirstlightError, UsageError
from firstlight.datasets import ImageDataset
from firstlight.deployment import PixelsToLogits, export_network
from firstlight.models import ConvNet, ConvStage, ManyViews


@pytest.fixture(scope="module")
def images() -> ImageDataset:
    return fl.load("mnist")[1][:40]


@pytest.fixture(scope="module")
def network() -> nn.Module:
    generator = torch.Generator().manual_seed(3)
    stages = [ConvStage(4), ConvStage(6, pool=True)]
    return ManyViews(ConvNet((1, 28, 28), 10, stages=stages, generator=generator), directions=4).eval()


def expected(network: nn.Module, images: ImageDataset, part: slice) -> Tensor:
    with torch.inference_mode():
        normalised = (images.images[part].float() / 255 - images.mean[0]) / images.std[0]
        answers: Tensor = network(normalised)
    return answers


def test_onnx_gives_the_networks_answers(network: nn.Module, images: ImageDataset, tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    done = export_network(network, tmp_path / "net.onnx", images=images, count=20)
    assert (done.format, done.images) == ("ONNX", 20)
    assert 0 <= done.largest_difference < 1e-4
    session = onnxruntime.InferenceSession(done.path, providers=["CPUExecutionProvider"])
    for part in (slice(20, 21), slice(20, 40)):
        pixels = images.images[part].numpy().astype(np.float32) / 255
        (answers,) = session.run(["logits"], {"images": pixels})
        torch.testing.assert_close(
            torch.from_numpy(answers), expected(network, images, part), rtol=1e-4, atol=1e-5
        )
    facts = session.get_modelmeta().custom_metadata_map
    assert json.loads(facts["classes"]) == list(images.classes)


def test_torch_export_gives_the_networks_answers(
    network: nn.Module, images: ImageDataset, tmp_path: Path
) -> None:
    done = export_network(network, tmp_path / "net.pt2", images=images)
    module = torch.export.load(done.path).module()
    for part in (slice(0, 1), slice(3, 40)):
        answers = module(images.images[part].float() / 255)
        torch.testing.assert_close(answers, expected(network, images, part), rtol=1e-4, atol=1e-5)


class _Forgetful(nn.Module):
    """Answers otherwise each time, as no exported file can."""

    calls = 0

    def forward(self, images: Tensor) -> Tensor:
        _Forgetful.calls += 1
        return images.flatten(1)[:, :10] + _Forgetful.calls


def test_a_file_that_answers_otherwise_is_not_written(images: ImageDataset, tmp_path: Path) -> None:
    with pytest.raises(FirstlightError, match="gives other answers than the network: a logit differs by"):
        export_network(_Forgetful(), tmp_path / "net.pt2", images=images)
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(network: nn.Module, images: ImageDataset, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends with \.onnx or \.pt2; got 'net\.txt'"):
        export_network(network, tmp_path / "net.txt", images=images)


def test_an_impossible_place_is_explained(network: nn.Module, images: ImageDataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="a file lies where a folder must be"):
        export_network(network, tmp_path / "file" / "net.pt2", images=images)


def test_pixels_are_normalised_by_channel() -> None:
    whole = PixelsToLogits(nn.Flatten(), (0.5, 0.25), (0.5, 0.25))
    assert whole(torch.ones(1, 2, 1, 1)).tolist() == [[1.0, 3.0]]
