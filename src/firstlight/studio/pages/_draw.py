"""Page Draw: a pad, what the network sees of it, and what it says.

The network that comes with firstlight, and the fitting, are computed in the page: on two cores 4 ms from a
stroke to the bars (median; 95th percentile 7), against 13 ms (26) through Python, measured by
benchmarks/studio.py. Any other network is asked here.
"""

from __future__ import annotations

import json
import threading
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from firstlight._errors import DataCorruptError, TargetError, UsageError
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from firstlight.neighbours import FeatureSpace

__all__ = ["PAGE"]

SHIPPED = "cnn"
PAD = 252  # pixels of a side
NEAREST = 8
SPLITS = ("train", "test")
DIGIT_SHAPE = (1, 28, 28)
# Pictures are decoded two at a time: each may take 200 MB.
_decoding = threading.BoundedSemaphore(2)


def shown(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say which network is shown; of the shipped one, all that the page needs to compute it."""
    fields: dict[str, Any] = {
        "run": studio.run and str(studio.run),
        "model": studio.model,
        "dataset": studio.dataset,
    }
    if studio.is_shipped:
        record = json.loads(_shipped(f"{SHIPPED}.json"))
        network = {
            "mean": record["mean"][0],
            "std": record["std"][0],
            "temperature": record["temperature"],
            **record["network"],
        }
        named = {"name": f"pretrained {SHIPPED}", "classes": record["classes"], "is_calibrated": True}
        return {**fields, **named, "network": network}
    reader = studio.reader()
    named = {"name": reader.name, "classes": list(reader.classes), "is_calibrated": reader.is_calibrated}
    return {**fields, **named, "network": None}


def weights(_studio: Studio, _asked: Asked) -> bytes:
    """Send the weights of the shipped network as they lie in the package, safetensors."""
    return _shipped(f"{SHIPPED}.safetensors")


def _shipped(name: str) -> bytes:
    # Named as a file, not as a part of `firstlight.models`, whose import would load torch.
    return resources.files("firstlight").joinpath("models", "pretrained", name).read_bytes()


async def probabilities(request: Request) -> Response:
    """Read images of 784 bytes: a float32 for each class of each."""
    from firstlight.studio._asking import Asking, image_rows

    images = image_rows(await request.body())
    studio: Studio = request.app.state.studio
    asking = studio.once("asking", lambda: Asking(studio))
    return Response((await asking.probabilities(images)).tobytes(), media_type="application/octet-stream")


def first_layer(studio: Studio, asked: Asked) -> bytes:
    """Send what the first layer answers to one image: maps of float32."""
    from firstlight.studio._answers import packed
    from firstlight.studio._asking import image_rows
    from firstlight.studio._first_layer import first_response

    image = image_rows(asked.body)[0]
    try:
        maps = first_response(studio.reader(), image)
    except TargetError:
        raise
    except Exception as error:
        raise TargetError(f"{studio.reader().name} raises {type(error).__name__}: {error}") from error
    return packed(dict(zip(("maps", "height", "width"), maps.shape, strict=True)), maps)


def prepare(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Make what the nearest digits are found with, so that who draws does not wait for it."""
    features, _ = studio.once("draw/nearest", lambda: _pixel_features(studio))
    return {"images": len(features)}


def nearest(studio: Studio, asked: Asked) -> bytes:
    """Send the training images that look most like an image, nearest first: 784 bytes each."""
    import torch

    from firstlight.neighbours import nearest_of
    from firstlight.studio._answers import packed
    from firstlight.studio._asking import image_rows

    image = torch.from_numpy(image_rows(asked.body)[:1].copy()).view(1, 1, 28, 28)
    features, space = studio.once("draw/nearest", lambda: _pixel_features(studio))
    places, distances = nearest_of(space.of(image), features, min(NEAREST, len(features)))
    train = studio.images()[0]
    found = [
        {"index": index, "label": train.classes[int(train.labels[index])], "distance": round(distance, 3)}
        for index, distance in zip(places[0].tolist(), distances[0].tolist(), strict=True)
    ]
    return packed({"nearest": found, "dataset": train.name}, train.images[places[0]].numpy())


def image(studio: Studio, asked: Asked) -> bytes:
    """Send one image of the data set, and its label."""
    from firstlight.studio._answers import packed

    split, number = asked.query.get("split", "test"), asked.query.get("index", "0")
    if split not in SPLITS:
        raise UsageError(f"split is {' or '.join(SPLITS)}; got {split[:40]!r}.")
    part = studio.images()[SPLITS.index(split)]
    if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) < len(part)):
        raise UsageError(f"{split} has images 0 to {len(part) - 1:,}; got {number[:40]!r}.")
    if part.image_shape != DIGIT_SHAPE:
        raise UsageError(
            f"The pad holds images of {list(DIGIT_SHAPE)}; {studio.dataset} has {list(part.image_shape)}."
        )
    at = int(number)
    fields = {"split": split, "index": at, "label": part.classes[int(part.labels[at])]}
    return packed(fields, part.images[at].numpy())


def _pixel_features(studio: Studio) -> tuple[NDArray[np.float32], FeatureSpace]:
    from firstlight.neighbours import pixel_features

    return pixel_features(studio.images()[0])


def warnings(_studio: Studio, asked: Asked) -> dict[str, Any]:
    """Say what the reader of pictures finds odd about the ink on the pad."""
    import numpy as np

    from firstlight.pictures import find_digits

    if len(asked.body) != PAD * PAD:
        raise UsageError(f"The pad has {PAD} x {PAD} pixels, {PAD * PAD:,} bytes; got {len(asked.body):,}.")
    found = find_digits(np.frombuffer(asked.body, np.uint8).reshape(PAD, PAD))
    return {"warnings": found.warnings, "done": found.done, "digits": len(found.digits)}


def picture(_studio: Studio, asked: Asked) -> bytes:
    """Find the digits in a picture file: each as 784 bytes, then the whole picture shrunk to 784."""
    import numpy as np
    from PIL import Image

    from firstlight.pictures import find_digits, read_picture
    from firstlight.pictures._grey import to_grey
    from firstlight.studio._answers import packed

    with _decoding:
        try:
            found = find_digits(asked.body)
            grey = to_grey(read_picture(asked.body))
        except MemoryError as error:
            raise DataCorruptError("The picture needs more memory than there is. Save it smaller.") from error
    small = np.asarray(Image.fromarray(grey).resize((28, 28), Image.Resampling.BOX))
    fields = {
        "size": found.size,
        "boxes": [list(digit.box) for digit in found.digits],
        "stroke_widths": [digit.stroke_width for digit in found.digits],
        "warnings": found.warnings,
        "done": found.done,
    }
    images = [digit.image for digit in found.digits]
    return packed(fields, *images, (255 * small).round().clip(0, 255).astype(np.uint8))


PAGE = Page(
    name="draw",
    title="Draw",
    place=1,
    purpose="Draw a digit. See what a network sees of it, and how sure it is.",
    routes=(
        api("draw/shown", shown),
        api("draw/weights", weights, method="GET"),
        Route("/api/draw/probabilities", probabilities, methods=["POST"]),
        api("draw/first-layer", first_layer),
        api("draw/prepare", prepare),
        api("draw/nearest", nearest),
        api("draw/image", image, method="GET"),
        api("draw/warnings", warnings),
        api("draw/picture", picture),
    ),
)
