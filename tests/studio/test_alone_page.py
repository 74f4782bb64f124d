"""Page Draw as one file: what is inside, what it computes, and what cannot be put there. Kind: behaviour, oracle."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from typer.testing import CliRunner

import firstlight as fl
from benchmarks._strokes import scripted_drawings
from firstlight._errors import UsageError
from firstlight.cli._main import app
from firstlight.models import MLP, ConvNet, ConvStage, ManyViews
from firstlight.prediction import Reader, load_reader
from firstlight.studio import write_draw_page
from firstlight.studio._alone import draw_page
from firstlight.studio._bundle import bundled
from firstlight.studio._page_network import page_network

DIGIT = (1, 28, 28)
READ = """
async ([facts, weights, images]) => {
  const { networkOf, readTensors } = await import("/static/draw/network.js");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const network = networkOf(readTensors(bytes(weights).buffer), facts);
  return images.map((image) => { const { probabilities, first } = network.read(bytes(image)); return { probabilities: [...probabilities], width: first.width }; });
}
"""
STAGES = (ConvStage(8, 3), ConvStage(12, 5, pool=True), ConvStage(4, 3))
KNOWN: dict[str, Callable[[], nn.Module]] = {
    "mlp": lambda: MLP(DIGIT, 10),
    "mlp, normalised, moved along a diagonal": lambda: ManyViews(
        MLP(DIGIT, 7, hidden=(32,), norm=True), shift=2
    ),
    "convolutions": lambda: ConvNet(DIGIT, 10, stages=STAGES),
    "convolutions, moved all around": lambda: ManyViews(ConvNet(DIGIT, 10, stages=STAGES), directions=8),
}
UNKNOWN: dict[str, Callable[[], nn.Module]] = {
    "another kind": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    "padded": lambda: ConvNet(DIGIT, 10, stages=[ConvStage(8, 3, 1)]),
    "without blocks": lambda: ConvNet(DIGIT, 10, stages=STAGES, blocks=False),
    "an odd number of filters": lambda: ConvNet(DIGIT, 10, stages=[ConvStage(6)]),
    "mirrored": lambda: ManyViews(MLP(DIGIT, 10), flip=True),
    "views of some": lambda: ManyViews(MLP(DIGIT, 10), share=0.5),
    "reflected": lambda: ManyViews(MLP(DIGIT, 10), pad="reflect"),
    "colours": lambda: MLP((3, 28, 28), 10),
}


def lived(make: Callable[[], nn.Module]) -> nn.Module:
    """A network whose normalisation has seen something."""
    torch.manual_seed(0)
    model = make().train()
    for _ in range(3):
        model(torch.randn(16, *DIGIT))
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(norm.weight, 1, 0.2)
            nn.init.normal_(norm.bias, 0, 0.2)
    return model.eval()


@pytest.mark.parametrize("kind", KNOWN)
def test_a_page_computes_what_torch_computes(kind: str, served: Any, new_page: Any) -> None:
    model = lived(KNOWN[kind])
    reader = Reader("ours", model, tuple("0123456789"), "mnist", mean=0.13, std=0.31, temperature=0.7)
    images = fl.load("mnist")[1].images[:6]
    network = page_network(model)
    assert network is not None
    facts = {"mean": 0.13, "std": 0.31, "temperature": 0.7, **network.facts}
    sent = [base64.b64encode(image.numpy().tobytes()).decode() for image in images]
    page = new_page(served.page("check"))
    found = page.evaluate(READ, [facts, base64.b64encode(network.weights).decode(), sent])
    wanted = reader.probabilities(images).numpy()
    np.testing.assert_allclose([one["probabilities"] for one in found], wanted, atol=3e-6)


@pytest.mark.parametrize("kind", UNKNOWN)
def test_other_networks_are_told_apart(kind: str) -> None:
    assert page_network(UNKNOWN[kind]()) is None


def test_a_network_that_a_page_cannot_compute_is_refused() -> None:
    reader = Reader("vit on mnist", lived(UNKNOWN["another kind"]), tuple("0123456789"), "mnist", 0.13, 0.31)
    with pytest.raises(
        UsageError, match=r"vit on mnist is a Sequential, which a page cannot compute.*cnn-fast"
    ):
        draw_page(reader)


def test_the_file_works_from_disk_on_a_phone_without_a_network(tmp_path: Path, browser: Any) -> None:
    path = write_draw_page(tmp_path / "page.html")
    text = path.read_text()
    assert path.stat().st_size < 500_000
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text), "nothing of it lies elsewhere"
    context = browser.new_context(offline=True, has_touch=True, viewport={"width": 360, "height": 740})
    asked, broken = [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for missing in ("open", "camera", "to-map", "near"):
        assert page.get_by_test_id(missing).count() == 0
    seven = next(one for one in scripted_drawings(20, seed=5) if one.label == 7)
    box = page.get_by_test_id("pad").bounding_box()
    scale = (box["width"] - 4) / 252
    for stroke in seven.strokes:
        (x, y), *others = [(box["x"] + 2 + scale * x, box["y"] + 2 + scale * y) for x, y in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place)
        page.mouse.up()
    page.wait_for_selector("html[data-settled=true]", state="attached")
    assert page.get_by_test_id("answer").inner_text().startswith("7, ")
    assert page.get_by_test_id("told").inner_text().startswith("The network says 7, ")
    assert page.get_by_test_id("first").get_attribute("width") != "1"
    page.get_by_test_id("fit").uncheck()
    assert "Only shrunk" in page.get_by_test_id("fit-says").inner_text()
    page.reload()
    page.wait_for_selector("html[data-settled=true]", state="attached")
    assert not page.get_by_test_id("fit").is_checked(), "what was drawn and chosen stands in the address"
    page.get_by_test_id("undo").click()
    context.close()
    assert asked
    assert all(url.startswith("file:") for url in asked)
    assert broken == []


def test_a_run_is_written_with_its_own_facts(tmp_path: Path) -> None:
    train, test = fl.load("mnist")
    run = fl.train("mlp-fast", dataset=(train[:500], test[:100]), epochs=1, seed=0, folder=tmp_path / "run")
    told = CliRunner().invoke(
        app, ["studio", "export", str(tmp_path / "a.html"), "--run", str(run.folder), "--json", "--quiet"]
    )
    assert told.exit_code == 0, told.stderr
    fields = json.loads(told.stdout)
    assert fields["path"] == str(tmp_path / "a.html")
    assert fields["size_bytes"] == (tmp_path / "a.html").stat().st_size
    held = re.search(r'id="shown">(.*?)</script>', (tmp_path / "a.html").read_text())
    assert held is not None
    shown, reader = json.loads(held[1]), load_reader(run.folder)
    assert (shown["name"], tuple(shown["classes"])) == (fields["network"], reader.classes)
    assert shown["network"] == {
        "mean": reader.mean, "std": reader.std, "temperature": reader.temperature,
        "views": {"shift": 0, "directions": 0}, "layers": 3,
    }  # fmt: skip
    assert not shown["is_calibrated"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["export", "a.html", "--run", "none"], 3, "There is no run yet"),
        (["export", "a.html", "--run", "last", "--model", "a.py:Net"], 2, "one network"),
        (["--run", "last", "export", "a.html"], 2, "Options go behind the command"),
        (["export"], 2, "PAGE.html"),
        (["export", "folder"], 3, "folder"),
    ],
)
def test_what_cannot_be_written_is_said(
    words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path / "home"))
    (tmp_path / "folder").mkdir()
    told = CliRunner().invoke(app, ["studio", *words])
    assert told.exit_code == code, told.output
    assert said in told.output + told.stderr
    assert not (tmp_path / "a.html").exists()


def test_modules_become_one_script_in_which_names_do_not_meet() -> None:
    modules = {
        "a.js": 'import { twice } from "./b/twice.js";\nimport { name } from "./c.js";\n'
        "const SIDE = 3;\nresult = [twice(SIDE), name];\n",
        "b/twice.js": 'import { name } from "../c.js";\nconst SIDE = 2;\nexport function twice(x) { return SIDE * x; }\n',
        "c.js": "export const name = 'c', other = 1;\n",
        "d.js": "export const name = 'd';\n",
    }
    script = bundled("a.js", modules.__getitem__, instead={"c.js": "d.js"})
    assert script == (
        "const module0 = (() => {\nexport const name = 'd';\nreturn { name };\n})();\n".replace("export ", "")
        + "const module1 = (() => {\nconst { name } = module0;\nconst SIDE = 2;\n"
        "function twice(x) { return SIDE * x; }\nreturn { twice };\n})();\n"
        "const module2 = (() => {\nconst { twice } = module1;\nconst { name } = module0;\n"
        "const SIDE = 3;\nresult = [twice(SIDE), name];\nreturn {  };\n})();\n"
    )
