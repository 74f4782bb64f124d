"""What page Draw asks of Python. Kind: behaviour, and attack; a real server on loopback answers."""

from __future__ import annotations

import io
import json
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import firstlight as fl
from firstlight._errors import TargetError
from firstlight.prediction import load_reader
from firstlight.studio import Studio

NETWORKS = '''
import torch
from torch import nn


class Mean(nn.Module):
    """Says 1 where the image is bright, 0 where it is dark."""

    def forward(self, images):
        bright = images.mean(dim=(1, 2, 3))
        logits = torch.zeros(len(images), 10)
        logits[:, 1] = 100 * bright
        return logits


class Fragile(Mean):
    def forward(self, images):
        if (images.amax(dim=(1, 2, 3)) > 2.82).any():  # somewhere all white
            raise RuntimeError("too bright for me")
        return super().forward(images)


class Nan(Mean):
    def forward(self, images):
        return super().forward(images) / (images.amax(dim=(1, 2, 3)) <= 2.82)[:, None]


def units():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def wide():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 3))


def raising():
    raise ValueError("no weights here")
'''


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "studio_networks.py"
    path.write_text(NETWORKS)
    return path


def test_what_is_shown(served: Any) -> None:
    told = json.loads(served.ask("/api/draw/shown", b"").body)
    assert told["name"] == "pretrained cnn"
    assert told["classes"] == list("0123456789")
    assert told["network"]["stages"][0] == [16, 3, 0, False]
    sent = served.ask("/api/draw/weights")
    assert len(sent.body) == 120_912
    assert served.ask("/api/draw/weights", x_firstlight_token=None).status == 401


def test_images_are_read_as_the_reader_reads_them(served: Any) -> None:
    images = fl.load("mnist")[1].images[:30]
    read = np.frombuffer(served.ask("/api/draw/probabilities", images.numpy().tobytes()).body, np.float32)
    wanted = load_reader().probabilities(images).numpy()
    np.testing.assert_allclose(read.reshape(-1, 10), wanted, atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 783, 785, 501 * 784])
def test_bytes_that_are_no_images_are_refused(served: Any, count: int) -> None:
    refused = served.ask("/api/draw/probabilities", b"\0" * count)
    assert refused.status == 422
    assert f"1 to 500 images of 28 x 28 bytes, one after the other; got {count:,} bytes" in refused.error


def test_questions_of_many_at_once_are_not_mixed_up(served: Any) -> None:
    images = fl.load("mnist")[1].images[:64]
    with ThreadPoolExecutor(16) as threads:
        asked = [image.numpy().tobytes() for image in images]
        answers = list(threads.map(lambda body: served.ask("/api/draw/probabilities", body).body, asked))
    read = np.stack([np.frombuffer(body, np.float32) for body in answers])
    np.testing.assert_allclose(read, load_reader().probabilities(images).numpy(), atol=1e-5)


def test_one_image_that_a_network_fails_on_does_not_spoil_the_others(networks: Path, run_studio: Any) -> None:
    black, white = bytes(784), b"\xff" * 784
    for name, said in (
        ("Fragile", "raises RuntimeError on this image: too bright for me"),
        ("Nan", "answers what is no number"),
    ):
        with run_studio(Studio(model=f"{networks}:{name}")) as studio, ThreadPoolExecutor(8) as threads:
            asked = [white if number % 4 == 0 else black for number in range(24)]
            answers = list(threads.map(lambda body: studio.ask("/api/draw/probabilities", body), asked))
            for body, answer in zip(asked, answers, strict=True):
                assert answer.status == (422 if body == white else 200)
            assert said in answers[0].error
            assert name in answers[0].error


def test_a_network_of_ones_own_is_tried_first(networks: Path) -> None:
    reader = Studio(model=f"{networks}:Mean").reader()
    bright = torch.stack([torch.zeros(1, 28, 28), torch.full((1, 28, 28), 255.0)]).byte()
    assert reader.probabilities(bright).argmax(1).tolist() != [1, 1]
    assert reader.probabilities(bright)[1].argmax() == 1
    assert reader.classes == tuple("0123456789")
    for name, message in (
        ("wide", r"logits \[2, 10\] for images of \[2, 1, 28, 28\]; got \[2, 3\]"),
        ("raising", "raises ValueError: no weights here"),
        ("nn", "is a module, no network"),
    ):
        with pytest.raises(TargetError, match=message):
            Studio(model=f"{networks}:{name}").reader()


def test_the_first_layer(served: Any, networks: Path, run_studio: Any) -> None:
    image = fl.load("mnist")[1].images[0]
    fields, values = unpacked(served.ask("/api/draw/first-layer", image.numpy().tobytes()).body, np.float32)
    assert fields == {"maps": 16, "height": 12, "width": 12}
    reader = load_reader()
    network: Any = reader.model.network  # type: ignore[union-attr]
    with torch.no_grad():
        wanted = network.conv1(network[0]((image[None].float() / 255 - reader.mean) / reader.std))
    np.testing.assert_allclose(values, wanted.numpy().ravel(), atol=1e-5)
    with run_studio(Studio(model=f"{networks}:units")) as studio:
        fields, values = unpacked(studio.ask("/api/draw/first-layer", bytes(784)).body, np.float32)
        assert fields == {"maps": 1, "height": 1, "width": 10}
    with run_studio(Studio(model=f"{networks}:Mean")) as studio:
        refused = studio.ask("/api/draw/first-layer", bytes(784))
        assert (refused.status, "neither a convolution nor a linear layer" in refused.error) == (422, True)


def test_the_nearest_digit_to_a_training_image_is_itself(served: Any) -> None:
    assert json.loads(served.ask("/api/draw/prepare", b"").body) == {"images": 2000}
    train = served.studio.images()[0]
    fields, images = unpacked(
        served.ask("/api/draw/nearest", train.images[7].numpy().tobytes()).body, np.uint8
    )
    first = fields["nearest"][0]
    assert (first["index"], first["label"]) == (7, str(int(train.labels[7])))
    assert len(fields["nearest"]) == 8
    distances = [one["distance"] for one in fields["nearest"]]
    assert distances == sorted(distances)
    np.testing.assert_array_equal(images[:784], train.images[7].numpy().ravel())


def test_a_picture_is_read_as_predict_reads_it(served: Any) -> None:
    content = png(page())
    fields, images = unpacked(served.ask("/api/draw/picture", content).body, np.uint8)
    found = fl.predict(content)
    assert fields["boxes"] == [list(digit.box) for digit in found.digits]
    assert fields["warnings"] == list(found.warnings)
    assert fields["size"] == [300, 200]
    np.testing.assert_array_equal(
        images.reshape(-1, 28, 28)[:-1], np.stack([digit.image for digit in found.digits])
    )
    assert images.reshape(-1, 28, 28)[-1, 0, 0] > 240, "shrunk only: the paper stays white"


def test_what_is_no_picture_is_refused(served: Any) -> None:
    bomb = png_of_size(60_000, 60_000)
    for content, said in (
        (b"", "is empty"),
        (b"<svg onload=alert(1)>", "no picture that can be read"),
        (png(page())[:300], "damaged or cut short"),
        (bomb, "million are decoded"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "picture"),
    ):
        refused = served.ask("/api/draw/picture", content)
        assert 400 <= refused.status < 600
        assert said in refused.error
    assert len(bomb) < 1000
    assert served.ask("/draw").status == 200


def test_ink_on_the_pad_that_looks_odd(served: Any) -> None:
    ink = np.zeros((252, 252), np.uint8)
    ink[60:180, 40:60] = ink[60:180, 180:200] = 255
    told = json.loads(served.ask("/api/draw/warnings", ink.tobytes()).body)
    assert told["digits"] == 2
    assert told["warnings"][0].startswith("Several digits were found, 2")
    assert "252 x 252" in served.ask("/api/draw/warnings", ink[:20].tobytes()).error


def unpacked(body: bytes, kind: Any) -> tuple[dict[str, Any], Any]:
    end = 4 + int.from_bytes(body[:4], "little")
    return json.loads(body[4:end]), np.frombuffer(body[end:], kind)


def page() -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Paper with a one and a minus sign under a roof: two digits."""
    paper = np.full((200, 300), 250, np.uint8)
    paper[40:160, 60:72] = 20
    paper[40:52, 180:250] = 20
    paper[40:160, 238:250] = 20
    return paper


def png(image: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels, and is as small as a file can be."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
