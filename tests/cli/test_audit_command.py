"""`firstlight audit`: answers, files and exit codes. Kind: behaviour, on a few real digits with planted errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

import firstlight as fl
from firstlight.cli import app


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four hundred digits, of which twenty are labelled one too high; one train image is in test, too."""
    train = fl.load("mnist")[0]
    images, labels = train.images[:520, 0].numpy().copy(), train.labels[:520].numpy().copy()
    labels[:400:20] = (labels[:400:20] + 1) % 10
    images[400] = images[7]
    path = tmp_path_factory.mktemp("audit") / "digits.npz"
    np.savez(path, x_train=images[:400], y_train=labels[:400], x_test=images[400:], y_test=labels[400:])
    return path


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstlight.audits._recipe.LEAST_STEPS", 60)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, words), "--seconds", "0.1"])


def test_it_tells_and_writes_what_was_asked_for(digits: Path, tmp_path: Path) -> None:
    page, picture = tmp_path / "page.html", tmp_path / "picture.png"
    told = run(digits, "--split", "all", "--top", 30, "--review-file", page, "--picture", picture)
    assert told.exit_code == 0, told.stderr
    assert "of the labels of 520 images are wrong" in told.stdout
    for said in (
        "The surest wrong labels",
        "look-alikes are",
        "The most ambiguous images",
    ):
        assert said in told.stdout
    assert len(re.findall(r"(?m)^ *(?:train|test) +\d+ +\d ", told.stdout)) == 30  # as many as were asked for
    assert "exact: train 7 (" in told.stdout
    assert "▀" in told.stdout or "█" in told.stdout
    assert f"Saved {page}" in told.stderr
    with Image.open(picture) as drawn:
        assert drawn.width > 800
    assert '"index":' in page.read_text()


def test_json_is_one_object_with_everything(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(digits, "--top", 5, "--review", "--json", "--quiet")
    assert told.stderr == ""
    fields = json.loads(told.stdout)
    assert fields["schema"] == 1
    assert (fields["dataset"], fields["split"], len(fields["suspects"])) == ("digits", "train", 5)
    assert {"index", "given", "suggested", "probability", "score", "neighbours"} <= set(fields["suspects"][0])
    assert fields["interval"][0] <= fields["estimated_errors"] <= fields["interval"][1]
    assert {"duplicates", "outliers", "ambiguous"} <= set(fields)
    assert fields["review"] == "review-digits-train.html"
    assert (tmp_path / "review-digits-train.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["mnit"], 2, "Did you mean 'mnist'"),
        (["mnist", "--split", "tran"], 2, "There is no split to audit 'tran'"),
        (["mnist", "--top", "0"], 2, "top is a whole number"),
        (["mnist", "--picture", "x.jpg"], 2, "ends with .png"),
        (["none.npz"], 3, "none.npz"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(words: list[str], code: int, said: str) -> None:
    told = run(*words)
    assert told.exit_code == code, told.stderr
    assert said in told.stderr


def test_ctrl_c_tells_what_was_found_and_exits_130(digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from firstlight.audits import AuditInterrupted, audit

    train, test = fl.load(digits)
    report = audit((train, test), seconds=0.1, top=3)

    def interrupted(*_: object, **__: object) -> None:
        raise AuditInterrupted(report)

    monkeypatch.setattr("firstlight.audits.audit", interrupted)
    monkeypatch.setattr("firstlight.cli._audit.LISTED", 2)
    told = run(digits)
    assert told.exit_code == 130
    assert "this is what was found by then" in told.stderr
    assert "The surest wrong labels" in told.stdout
    assert "and 1 more: --json lists them" in told.stdout
    monkeypatch.setattr("firstlight.audits.audit", lambda *_, **__: interrupted_at_once())
    assert run(digits, "--json").exit_code == 130


def interrupted_at_once() -> None:
    from firstlight.audits import AuditInterrupted

    raise AuditInterrupted(None)
