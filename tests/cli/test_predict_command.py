"""`firstlight predict`: the digits of pictures as text, as JSON and as steps; pictures that cannot be read."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from firstlight import predict
from firstlight.cli import main
from firstlight.recipes import find_recipe
from firstlight.training import Run, RunRecord, save_run

DATA = Path(__file__).parents[1] / "data"
SAMPLES: dict[str, str] = runpy.run_path(str(DATA / "make_pictures.py"))["EXPECTED"]
PATHS = [str(DATA / "pictures" / name) for name in SAMPLES]
CHALK, ROW = (str(DATA / "pictures" / name) for name in ("chalk.png", "three-in-a-row.png"))

Capture = pytest.CaptureFixture[str]


def called(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Run the command line in this process, which has torch already: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(["predict", *words])
    code = stopped.value.code
    said = capsys.readouterr()
    return (code if isinstance(code, int) else 0), said.out, said.err


def fields(capsys: Capture, *words: str, code: int = 0) -> dict[str, Any]:
    found, stdout, said = called(capsys, *words, "--json")
    assert found == code, said
    answer = json.loads(stdout)
    assert next(iter(answer)) == "schema"
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.png"
    path.write_bytes(Path(CHALK).read_bytes()[:300])
    return str(path)


def test_text_has_a_line_for_each_picture_and_says_how_sure_it_is(capsys: Capture) -> None:
    code, text, said = called(capsys, CHALK, ROW)
    assert (code, said) == (0, "")
    first, digit, second, digits, warning = text.splitlines()
    assert first == f"{CHALK}:"
    assert re.fullmatch(r"  2 \(\d+\.\d %\)", digit)
    assert second == f"{ROW}: 407"
    assert re.fullmatch(r"  4 \(.+ %\)  0 \(.+ %\)  7 \(.+ %\)", digits)
    assert warning.startswith("  ! Several digits were found, 3")


def test_json_has_one_entry_for_each_picture_in_the_order_given(capsys: Capture) -> None:
    paths = PATHS[::-1]
    found = fields(capsys, *paths, "--quiet")
    assert (found["model"], found["is_calibrated"], found["steps_path"]) == ("pretrained cnn", True, None)
    assert [one["path"] for one in found["predictions"]] == paths
    for one, answer in zip(found["predictions"], predict(list(paths)), strict=True):
        assert one["text"] == SAMPLES[Path(one["path"]).name] == answer.text
        assert one["warnings"] == list(answer.warnings)
        assert (one["size"], one["done"]) == (list(answer.size), answer.done)
        for shown, digit in zip(one["digits"], answer.digits, strict=True):
            assert set(shown) == {"label", "probability", "probabilities", "box"}
            assert shown["label"] == digit.label
            assert shown["box"] == list(digit.box)
            assert shown["probability"] == pytest.approx(digit.probability, abs=1e-5)
            assert shown["probability"] == shown["probabilities"][shown["label"]]


def test_a_picture_that_cannot_be_read_does_not_keep_the_others_from_it(capsys: Capture, broken: str) -> None:
    found = fields(capsys, CHALK, broken, ROW, code=3)
    first, second, third = found["predictions"]
    assert (first["text"], third["text"]) == ("2", "407")
    assert (second["path"], second["digits"], second["warnings"]) == (broken, [], [])
    assert second["error"]["type"] == "DataCorruptError"
    assert "broken.png is damaged or cut short" in second["error"]["message"]
    assert "error" not in first

    code, text, said = called(capsys, CHALK, broken, ROW, "--quiet")
    assert code == 3
    assert f"{ROW}: 407" in text
    assert said.startswith(f"Error: {broken} is damaged or cut short")


@pytest.mark.parametrize(("kind", "code"), [("folder", 2), ("missing", 3), ("both", 3)])
def test_the_exit_code_is_that_of_the_gravest_error(
    capsys: Capture, tmp_path: Path, kind: str, code: int
) -> None:
    missing = str(tmp_path / "nothing.png")
    words = {"folder": [str(tmp_path)], "missing": [missing], "both": [missing, str(tmp_path)]}[kind]
    errors = [one["error"]["type"] for one in fields(capsys, *words, code=code)["predictions"]]
    names = {"folder": ["UsageError"], "missing": ["DataMissingError"]}
    assert errors == names.get(kind, ["DataMissingError", "UsageError"])


def test_a_blank_page_is_no_error(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (80, 60), 255).save(path)
    (found,) = fields(capsys, str(path))["predictions"]
    assert (found["text"], found["digits"]) == ("", [])
    assert found["warnings"][0].startswith("Nothing was found")
    text = called(capsys, str(path))[1]
    assert text.startswith(f"{path}:\n  no digit found\n  ! Nothing was found")


def test_steps_are_drawn(capsys: Capture) -> None:
    code, text, _ = called(capsys, ROW, "--steps")
    assert code == 0
    plain = called(capsys, ROW)[1]
    assert "digits' strokes" in text
    assert all(f"digit {number}: {label}" in text for number, label in enumerate("407", start=1))
    assert "360 x 150 pixels; dark ink on light" in text
    assert len(text.splitlines()) > len(plain.splitlines()) + 14
    assert "digits' strokes" not in plain
    assert json.loads(called(capsys, ROW, "--steps", "--json")[1])["predictions"][0]["text"] == "407"


def test_steps_are_written_as_one_picture_with_a_row_for_each(
    capsys: Capture, tmp_path: Path, broken: str
) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    code, text, said = called(capsys, CHALK, "--steps-out", str(one))
    assert (code, said) == (0, f"Saved {one}\n")
    assert "digits' strokes" not in text
    found = fields(capsys, ROW, broken, CHALK, "--steps-out", str(two), code=3)
    assert found["steps_path"] == str(two)
    with Image.open(one) as first, Image.open(two) as second:
        first.load()
        second.load()
        assert first.height < second.height < 2.2 * first.height
        assert second.width > first.width  # three digits have two columns more
        assert len(np.unique(np.asarray(first))) > 20


def test_no_picture_is_written_where_none_can_be(capsys: Capture, tmp_path: Path, broken: str) -> None:
    found = fields(capsys, broken, "--steps-out", str(tmp_path / "none.png"), code=3)
    assert found["steps_path"] is None
    assert not (tmp_path / "none.png").exists()
    code, stdout, _ = called(capsys, CHALK, "--steps-out", str(tmp_path / "none.gif"), "--json")
    assert code == 2
    assert "png" in json.loads(stdout)["error"]["message"]


def test_another_run_reads_and_warns(capsys: Capture, tmp_path: Path) -> None:
    recipe = find_recipe("mlp-fast")
    record = RunRecord(
        recipe="mlp-fast", dataset="fashion-mnist", seed=0, settings=recipe.settings, status="finished",
        started="2026-11-22T10:00:00+00:00", classes=tuple("abcdefghij"),
    )  # fmt: skip
    model = recipe.model((1, 28, 28), 10, generator=torch.Generator().manual_seed(0))
    save_run(Run(model, record), tmp_path)
    found = fields(capsys, CHALK, "--run", str(tmp_path))
    assert (found["model"], found["is_calibrated"]) == ("mlp-fast on fashion-mnist", False)
    (answer,) = found["predictions"]
    assert answer["digits"][0]["label"] in "abcdefghij"
    assert "did not learn from drawings" in answer["warnings"][-1]
    assert re.search(
        r"\w \(\d+\.\d %\), or \w \(\d+\.\d %\)", called(capsys, CHALK, "--run", str(tmp_path))[1]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [((CHALK, "--run", "nobody"), "run"), ((), "PICTURE"), ((CHALK, "--stepps"), "No such option")],
)
def test_wrong_words(capsys: Capture, words: tuple[str, ...], message: str) -> None:
    code, stdout, _ = called(capsys, *words, "--json")
    assert code in (2, 3)
    assert message in json.loads(stdout)["error"]["message"]
