"""The recipe for a Space, with a stand-in for gradio: only firstlight's part of it is held to anything here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageDraw

RECIPE = Path(__file__).parents[2] / "examples" / "08_gradio_space.py"


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    def kept(*given: Any, **options: Any) -> SimpleNamespace:
        return SimpleNamespace(given=given, **options)

    gradio = ModuleType("gradio")
    for name in ("Image", "Interface", "Label", "Sketchpad", "Textbox"):
        setattr(gradio, name, kept)
    monkeypatch.setitem(sys.modules, "gradio", gradio)
    spec = importlib.util.spec_from_file_location("gradio_space", RECIPE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_sketch_is_read(recipe: ModuleType) -> None:
    sketch = Image.new("RGBA", (280, 280), (0, 0, 0, 0))  # as the sketchpad gives it: ink on nothing
    ImageDraw.Draw(sketch).line([(80, 60), (200, 60), (130, 230)], fill=(0, 0, 0, 255), width=18)
    chances, seen, told = recipe.page.given[0]({"composite": sketch})
    assert max(chances, key=chances.__getitem__) == "7"
    assert seen.shape == (224, 224)
    assert "7" in told


def test_an_empty_sketch_is_told(recipe: ModuleType) -> None:
    chances, seen, told = recipe.read({"composite": Image.new("RGBA", (280, 280))})
    assert (chances, seen) == ({}, None)
    assert "Nothing was found" in told


def test_it_asks_for_no_trace_and_calls_nobody(recipe: ModuleType) -> None:
    assert recipe.page.analytics_enabled is False
    assert recipe.page.flagging_mode == "never"


def test_the_package_never_imports_gradio() -> None:
    import firstlight

    for path in Path(firstlight.__file__).parent.rglob("*.py"):
        assert "gradio" not in path.read_text(encoding="utf-8"), path
