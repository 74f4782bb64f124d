"""`firstlight map` on a folder of generated pictures, and all that may be wrong with what it is given.

Kind: behaviour.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from firstlight.cli import main
from firstlight.maps import load_map

Capture = pytest.CaptureFixture[str]
IMAGES = 300


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of noisy bars, each at a place of its own, so that a map must part them."""
    draw, folder = np.random.default_rng(0), tmp_path_factory.mktemp("own") / "bars"
    for label, name in enumerate(("left", "middle", "right")):
        (folder / name).mkdir(parents=True)
        for index in range(IMAGES // 3):
            pixels = draw.integers(0, 60, (12, 12))
            pixels[:, 4 * label : 4 * label + 3] += draw.integers(120, 190)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{index}.png")
    return folder


def called(capsys: Capture, *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["map", *map(str, words)])
    said = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), said.out, said.err


def refused(capsys: Capture, *words: object) -> str:
    code, stdout, stderr = called(capsys, *words)
    assert (code, stdout) == (2, "")
    assert "Traceback" not in stderr
    return stderr


def saved(path: Path, table: Any) -> Path:
    np.save(path, table)
    return path


@pytest.mark.parametrize("method", ["pca", "tsne", "umap"])
def test_a_folder_of_pictures(method: str, pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "new" / "map.npz"
    code, stdout, stderr = called(capsys, pictures, "--method", method, "-o", file)
    assert code == 0, stderr
    assert f"{IMAGES} images by {method} of pixels" in stdout
    assert re.search(r"10-NN accuracy +(9[5-9]|100)\.", stdout), stdout
    assert str(file) in stdout
    assert "Nearest neighbours" in stderr
    known = load_map(file)
    assert (len(known), known.method, known.classes) == (IMAGES, method, ("left", "middle", "right"))
    assert known.settings["dataset"] == str(pictures)
    assert len(known.images_at_hand()) == IMAGES


def test_json_is_one_object_and_quiet_is_quiet(pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    words = (pictures, "--method", "pca", "--seed", 3, "-o", tmp_path / "a.npz", "-o", tmp_path / "b.png")
    code, stdout, stderr = called(capsys, *words, "--json", "--quiet")
    assert (code, stderr) == (0, "")
    found = json.loads(stdout)
    assert next(iter(found)) == "schema"
    assert (found["schema"], found["images"], found["settings"]["seed"]) == (1, IMAGES, 3)
    assert found["quality"]["map"]["accuracy"] > 0.9
    assert found["files"] == [str(tmp_path / "a.npz"), str(tmp_path / "b.png")]
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_gives_the_same_map(pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    files = [tmp_path / f"{name}.npz" for name in "abc"]
    for file, seed in zip(files, (1, 1, 2), strict=True):
        words = ("--split", "test", "--initialisation", "random", "--exact", "--seed", seed, "-o", file)
        assert called(capsys, pictures, *words)[0] == 0
    one, again, other = (load_map(file).points for file in files)
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_features_of_your_own(pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    rows = np.random.default_rng(0).normal(size=(IMAGES, 7))
    file = saved(tmp_path / "rows.npy", rows)
    page = called(capsys, pictures, "--from", file, "--method", "pca", "-o", tmp_path / "both.npz")
    assert page[0] == 0, page[2]
    assert load_map(tmp_path / "both.npz").classes == ("left", "middle", "right")


def test_features_alone_become_a_picture(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = saved(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(50, 7)))
    code, stdout, stderr = called(capsys, "--from", file, "--method", "pca")
    assert code == 0, stderr
    assert "features of your own: 50 images" in stdout
    assert "10-NN accuracy" not in stdout, "there are no labels to be right about"
    assert (tmp_path / "map.png").is_file()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (np.ones((IMAGES - 1, 3)), "299 rows of features for 300 images"),
        (np.ones((IMAGES, 3)), "All 300 rows of features are equal"),
        (np.ones(IMAGES), r"must be a table \[n, d\]"),
        (np.ones((IMAGES, 0)), r"must be a table \[n, d\]"),
        (np.full((IMAGES, 3), "a"), "must be a table of numbers"),
        (np.where(np.arange(3 * IMAGES).reshape(IMAGES, 3) == 31, np.nan, 1.0), "the first at row 10"),
        (np.where(np.arange(3 * IMAGES).reshape(IMAGES, 3) == 31, np.inf, 1.0), "NaN or infinity"),
    ],
    ids=["short", "equal", "flat", "empty", "text", "nan", "infinite"],
)
def test_wrong_features(table: Any, said: str, pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    file = saved(tmp_path / "rows.npy", table)
    stderr = refused(capsys, pictures, "--from", file, "-o", tmp_path / "map.npz")
    assert re.search(said, stderr), stderr
    assert not (tmp_path / "map.npz").exists()


def test_a_file_that_is_no_table(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "rows.npy").write_text("1 2 3")
    words = ("-o", tmp_path / "map.png")
    assert "no array of numbers" in refused(capsys, "--from", tmp_path / "rows.npy", *words)
    assert "There is no file" in refused(capsys, "--from", tmp_path / "none.npy", *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--method", "mds"), "method"),
        (("--split", "dev"), "split"),
        (("--features", "deep"), "kind of features"),
        (("--initialisation", "spectral"), "initialisation"),
        (("--features", "pixels", "--from", "x.npy"), "one of --features and --from"),
        (("--seed", "-1"), "seed"),
    ],
)
def test_wrong_words(
    words: tuple[str, ...], said: str, pictures: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert said in refused(capsys, pictures, *words, "-o", tmp_path / "map.npz")


def test_files_are_looked_at_before_the_work(
    pictures: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the map was begun")

    monkeypatch.setattr("firstlight.maps.map", work)
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.npz").mkdir()
    assert "saved as .html, .png, .npz; got 'map.pdf'" in refused(capsys, pictures, "-o", "map.pdf")
    assert "got 'map'" in refused(capsys, pictures, "-o", tmp_path / "a.npz", "-o", "map")
    assert "is a file, not a folder" in refused(capsys, pictures, "-o", tmp_path / "file" / "map.npz")
    assert "is a folder" in refused(capsys, pictures, "-o", tmp_path / "folder.npz")
    page = refused(capsys, "--from", "rows.npy", "-o", tmp_path / "map.html")
    assert "name the data set too" in page
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "you may not write to" in refused(capsys, pictures, "-o", tmp_path / "map.npz")


def test_a_full_disk_is_seen_before_the_work(
    pictures: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    assert "Free some space" in refused(capsys, pictures, "-o", tmp_path / "map.npz")


@pytest.mark.parametrize(
    ("package", "words"), [("matplotlib", ("-o", "a.png")), ("openTSNE", ("--method", "tsne"))]
)
def test_a_missing_extra_is_named(
    package: str, words: tuple[str, ...], pictures: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("firstlight.cli._map_files.find_spec", lambda _: None)
    page = refused(capsys, pictures, *words)
    assert f"needs {package}" in page
    assert "pip install 'firstlight[maps]'" in page


def test_too_few_images_or_all_equal(tmp_path: Path, capsys: Capture) -> None:
    for name, value in (("few", 5), ("same", 30)):
        for label in ("x", "y"):
            (tmp_path / name / label).mkdir(parents=True)
            for index in range(value):
                shade = 7 if name == "same" else 9 * index + 3 * (label == "x")
                Image.new("L", (6, 6), shade).save(tmp_path / name / label / f"{index}.png")
    few = refused(capsys, tmp_path / "few", "-o", tmp_path / "a.npz")
    assert "needs at least 16 images" in few
    assert "equal" in refused(capsys, tmp_path / "same", "-o", tmp_path / "a.npz")


def test_ctrl_c_leaves_no_map(
    pictures: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("firstlight.maps._map.lay_out", interrupted)
    code, stdout, stderr = called(capsys, pictures, "-o", tmp_path / "map.npz", "--json")
    assert (code, json.loads(stdout)["error"]["message"]) == (130, "Interrupted.")
    assert "Interrupted." in stderr
    assert list(tmp_path.iterdir()) == []


def test_data_that_are_not_there(tmp_path: Path, capsys: Capture) -> None:
    assert "mnits" in refused(capsys, "mnits", "-o", tmp_path / "map.npz")
