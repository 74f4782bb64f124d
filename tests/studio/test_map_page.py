"""Page Map: made on the first visit, kept, and walked about in. Kind: oracle and behaviour."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import firstlight as fl
from firstlight.maps import map as real_map
from firstlight.prediction import load_reader
from firstlight.studio import Studio
from firstlight.studio._kept_audit import KeptAudit, audit_file, keep_audit

TRAIN, TEST = 400, 100
# What the large picture shows: the red of each pixel.
LARGE = """() => { const c = document.querySelector('[data-testid="large"]');
  return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0) }"""


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Maps are laid out by PCA, in no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("firstlight.maps.map", lambda *given, **more: real_map(*given, method="pca", **more))
        yield


@pytest.fixture(scope="module")
def images() -> tuple[fl.ImageDataset, fl.ImageDataset]:
    train, test = fl.load("mnist")
    return train[:TRAIN], test[:TEST]


@pytest.fixture(scope="module")
def mapped(run_studio: Any, quick: None, images: Any) -> Iterator[Any]:
    """A studio whose map is made, and whose test labels were audited: by 0.9, only the last is wrong."""
    shown = Studio()
    shown.once("images", lambda: images)
    suspicion = np.full(TEST, 0.1, np.float32)
    suspicion[-1] = 0.9
    keep_audit(KeptAudit({"images": TEST}, {}, suspicion), audit_file(shown, "test", None))
    with run_studio(shown) as studio:
        assert not ask(studio, "shown", b"{}")["is_kept"]
        assert studio.ask("/api/map/facts").error == "The map is not made yet. Load the page again."
        ask(studio, "start", b"{}")
        assert ended(studio)["error"] is None
        yield studio


@pytest.fixture
def page(mapped: Any, new_page: Callable[..., Any]) -> Any:
    return opened(new_page, mapped)


def test_what_is_sent_is_the_map_and_what_the_network_reads(mapped: Any, images: Any) -> None:
    facts = ask(mapped, "facts")["facts"]
    assert facts["splits"] == [["train", TRAIN], ["test", TEST]]
    columns = {column["name"]: column for column in facts["columns"]}
    assert list(columns) == ["prediction", "suspicion", "suspicion by the audit"]
    reader = load_reader()
    wanted = np.concatenate([reader.probabilities(part.images).argmax(1).numpy() for part in images])
    np.testing.assert_array_equal(part(mapped, columns["prediction"]["part"], "<i2"), wanted)
    shades = part(mapped, columns["suspicion by the audit"]["part"], "u1")
    assert set(shades[:TRAIN]) == {255}, "nobody audited the train labels"
    assert (set(shades[TRAIN:-1]), shades[-1]) == ({25}, 229)


def test_it_is_kept_by_images_and_network(mapped: Any, images: Any, run_studio: Any, tmp_path: Path) -> None:
    again = Studio()
    again.once("images", lambda: images)
    with run_studio(again) as later:
        assert ask(later, "shown", b"{}")["is_kept"]
        assert ask(later, "facts") == ask(mapped, "facts")
    own = tmp_path / "studio_mapped.py"
    own.write_text(NET)
    other = Studio(model=f"{own}:Net")
    other.once("images", lambda: images)
    with run_studio(other) as later:
        assert not ask(later, "shown", b"{}")["is_kept"]
    fewer = Studio()
    fewer.once("images", lambda: (images[0], images[1][:50]))
    with run_studio(fewer) as later:
        assert not ask(later, "shown", b"{}")["is_kept"]


NET = """\
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 10)
    def forward(self, images):
        return self.first(images.flatten(1))
"""


def ask(studio: Any, what: str, body: bytes | None = None) -> dict[str, Any]:
    answer = studio.ask(f"/api/map/{what}", body)
    assert answer.status == 200, answer.error
    return dict(json.loads(answer.body))


def part(studio: Any, name: str, kind: str) -> Any:
    return np.frombuffer(gzip.decompress(studio.ask(f"/api/map/part?name={name}").body), kind)


def ended(studio: Any) -> dict[str, Any]:
    """Wait for the end of the making."""
    while (state := ask(studio, "progress"))["is_running"]:
        time.sleep(0.02)
    return state


def opened(new_page: Callable[..., Any], studio: Any, state: str = "", **settings: Any) -> Any:
    page = new_page(studio.page("map", state), **settings)
    page.wait_for_selector("html[data-ready=true]", state="attached")
    return page


def text(page: Any, name: str) -> str:
    return str(page.get_by_test_id(name).inner_text())
