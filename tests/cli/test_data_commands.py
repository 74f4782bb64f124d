"""`firstlight data ...` on real MNIST. Kind: behaviour."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pexpect
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

import firstlight as fl
from firstlight import sources
from firstlight.cli import app
from firstlight.datasets import Corrections, Verdict

MEMBERS = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.fixture(scope="module")
def mnist_folder() -> Path:
    """The folder of real MNIST in the session's home."""
    sources.get("mnist")
    return sources.where("mnist")


@pytest.fixture
def labels_home(mnist_folder: Path, data_home: Path) -> Path:
    """A home of the test's own that holds one small file of MNIST."""
    sources.adopt(mnist_folder / "t10k-labels-idx1-ubyte")
    return data_home


@pytest.fixture
def own_data(tmp_path: Path) -> Path:
    generator = np.random.default_rng(0)
    path = tmp_path / "My Digits.npz"
    np.savez(
        path,
        x_train=generator.integers(0, 256, (30, 8, 8), dtype=np.uint8),
        y_train=np.arange(30) % 3,
        x_test=generator.integers(0, 256, (6, 8, 8), dtype=np.uint8),
        y_test=np.arange(6) % 3,
    )
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["data", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    """Run a command with --json; check that its one line on stdout is one object that begins with the schema."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("\n") == 1
    fields = json.loads(result.stdout)
    assert next(iter(fields)) == "schema"
    assert fields.pop("schema") == 1
    return dict(fields)


def process(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "firstlight", *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **variables},
    )


@pytest.mark.parametrize(
    "words",
    ["list", "get mnist", "show mnist", "verify mnist", "where", "where mnist", "where emnist-letters"],
)
def test_each_command_answers_in_words_and_in_json(words: str, mnist_folder: Path) -> None:
    assert answer(*words.split())
    in_words = run(*words.split(), "--quiet")
    assert (in_words.exit_code, in_words.stderr) == (0, "")
    assert len(in_words.stdout) > 20
    assert "\x1b" not in in_words.stdout


def test_get_lists_the_files_with_hash_and_origin(mnist_folder: Path) -> None:
    fields = answer("get", "MNIST")
    assert set(fields) == {"dataset", "files", "seconds"}
    assert fields["dataset"] == "mnist"
    assert [file["name"] for file in fields["files"]] == MEMBERS
    labels = fields["files"][-1]
    assert labels["path"] == str(mnist_folder / labels["name"])
    assert labels["size_bytes"] == 10_008
    assert labels["sha256"] == "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    assert ": " in labels["origin"]
    assert 0 <= fields["seconds"] < 60


def test_get_takes_several(mnist_folder: Path) -> None:
    fields = answer("get", "mnist", "mnist")
    assert [one["dataset"] for one in fields["datasets"]] == ["mnist", "mnist"]


def test_get_names_the_nearest_before_anything_is_fetched(data_home: Path) -> None:
    result = run("get", "kmnist", "mnsit")
    assert result.exit_code == 2
    assert "Did you mean 'mnist'?" in result.stderr
    assert not data_home.exists()


def test_offline_with_an_empty_cache_exits_3_and_says_what_to_do(data_home: Path) -> None:
    done = process("data", "get", "mnist", "--json", FIRSTLIGHT_OFFLINE="1")
    assert done.returncode == 3
    fields = json.loads(done.stdout)
    assert fields["error"]["type"] == "DataMissingError"
    for cure in ("unset FIRSTLIGHT_OFFLINE", "FIRSTLIGHT_DATA", "train-images-idx3-ubyte.gz"):
        assert cure in fields["error"]["message"]
        assert cure in done.stderr


def test_list_knows_what_is_here(mnist_folder: Path) -> None:
    rows = {row["name"]: row for row in answer("list")["datasets"]}
    assert (rows["mnist"]["train_count"], rows["mnist"]["is_cached"]) == (60_000, True)
    assert rows["cifar10"]["image_shape"] == [3, 32, 32]
    line = next(line for line in run("list").stdout.splitlines() if line.startswith("mnist "))
    assert line.split()[:9] == ["mnist", "60,000", "10,000", "10", "28", "x", "28", "ready", "none"]


def test_show_draws_the_digits_with_labels_counts_and_licence(mnist_folder: Path) -> None:
    text = run("show", "mnist", "--split", "test", "--count", 3).stdout
    lines = text.splitlines()
    assert lines[14].split() == ["7", "2", "1"]
    assert set("".join(lines[:14])) == set(" ░▒▓█")
    assert "60,000" in text
    assert all(f"{count:,}" in text for count in TEST_COUNTS)
    assert "Licence: none stated" in text


def test_show_tells_json_what_it_shows(mnist_folder: Path) -> None:
    fields = answer("show", "mnist", "--split", "test", "--start", 3, "--count", 2)
    assert (fields["split"], fields["start"], fields["labels"]) == ("test", 3, [0, 4])
    assert fields["images"] == {"train": 60_000, "test": 10_000}
    assert fields["class_counts"]["test"] == TEST_COUNTS
    assert fields["image_shape"] == [1, 28, 28]
    assert fields["picture"] is None


def test_show_saves_the_picture(mnist_folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "digits.png"
    assert answer("show", "mnist", "--save", target)["picture"] == str(target)
    with Image.open(target) as picture:
        pixels = np.asarray(picture.crop((12, 12, 124, 124)).convert("L"))
    assert np.array_equal(pixels[::4, ::4], fl.load("mnist")[0].images[0, 0].numpy())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show mnist --split validation", "There is no split 'validation'"),
        ("show mnist --start 70000", "images 0 to 59999"),
        ("show mnist --count 0", "--count"),
        ("show mnist --save digits.bmp", "ends with .png"),
        ("where ../../etc", "There is no data set '../../etc'"),
        ("rm ../mnist --yes", "There is no data set '../mnist'"),
        ("rm emnist-letters --yes", "part of emnist"),
        ("verify nosuch", "There is no data set 'nosuch'"),
    ],
)
def test_wrong_words_exit_2(words: str, said: str, mnist_folder: Path) -> None:
    result = run(*words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def terminal(*words: str, **variables: str) -> str:
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **variables}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "firstlight", *words],
        env=environment,
        dimensions=(60, 120),
        timeout=60,
        encoding="utf-8",
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    return str(child.before)


def test_show_on_a_terminal_paints_two_pixels_a_cell(mnist_folder: Path) -> None:
    seen = terminal("data", "show", "mnist", "--count", "1")
    assert seen.count("▀") == 28 * 14
    pixel = int(fl.load("mnist")[0].images[0, 0].amax())
    assert f"\x1b[38;2;{pixel};{pixel};{pixel}" in seen or f"48;2;{pixel};{pixel};{pixel}" in seen


def test_show_on_a_terminal_under_no_color_has_no_escape_codes(mnist_folder: Path) -> None:
    seen = terminal("data", "show", "mnist", "--count", "1", "--quiet", NO_COLOR="1")
    assert "\x1b" not in seen
    assert "█" in seen


def test_show_where_the_encoding_has_no_blocks_is_plain_ascii(mnist_folder: Path) -> None:
    done = process("data", "show", "mnist", "--count", "1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    picture = "".join(done.stdout.splitlines()[:14])
    assert picture.isascii()
    assert "@" in picture
    assert "?" not in picture


def test_verify_finds_a_changed_byte(labels_home: Path) -> None:
    assert [file["status"] for file in answer("verify")["files"]] == ["ok"]
    path = labels_home / "datasets" / "mnist" / "t10k-labels-idx1-ubyte"
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # nothing but its hash betrays it
    result = run("verify")
    assert result.exit_code == 3
    assert "damaged" in result.stdout
    assert "firstlight data rm mnist --yes && firstlight data get mnist" in result.stderr
    told = json.loads(run("verify", "mnist", "--json").stdout)
    assert told["is_ok"] is False
    assert [file["status"] for file in told["files"]] == ["missing", "missing", "missing", "damaged"]


def test_verify_of_a_data_set_that_is_not_here_exits_3_and_of_nothing_0(data_home: Path) -> None:
    missing = run("verify", "kmnist")
    assert (missing.exit_code, "Get it: firstlight data get kmnist" in missing.stderr) == (3, True)
    nothing = run("verify")
    assert (nothing.exit_code, "the cache is empty" in nothing.stdout) == (0, True)


def test_where_tells_the_folders(data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("where", "Fashion_MNIST").stdout == f"{data_home / 'datasets' / 'fashion-mnist'}\n"
    assert answer("where", "kmnist") == {
        "dataset": "kmnist",
        "path": str(data_home / "datasets" / "kmnist"),
        "exists": False,
    }
    monkeypatch.setenv("FIRSTLIGHT_DATA", f"/a{os.pathsep}/b")
    assert answer("where")["data_folders"] == ["/a", "/b"]


def test_adopt_recognises_a_file_whatever_it_is_called(
    mnist_folder: Path, data_home: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copy(mnist_folder / "t10k-labels-idx1-ubyte", stick / "something.bin")
    (stick / "notes.txt").write_text("no data")
    fields = answer("adopt", stick)
    assert fields["files"] == [
        {"dataset": "mnist", "name": "t10k-labels-idx1-ubyte", "from": str(stick / "something.bin")}
    ]
    assert (data_home / "datasets" / "mnist" / "t10k-labels-idx1-ubyte").stat().st_size == 10_008
    nothing = run("adopt", stick / "notes.txt")
    assert nothing.exit_code == 3


def test_rm_frees_what_is_ours_and_nothing_else(labels_home: Path) -> None:
    folder = labels_home / "datasets" / "mnist"
    (folder / "mine.txt").write_text("keep me")
    assert answer("rm", "mnist", "--yes")["freed_bytes"] >= 10_008
    assert (folder / "mine.txt").read_text() == "keep me"
    assert not (folder / "t10k-labels-idx1-ubyte").exists()
    assert "was not here" in run("rm", "mnist", "--yes").stdout


def test_rm_follows_no_link_out_of_the_cache(data_home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    folder = data_home / "datasets" / "mnist"
    folder.mkdir(parents=True)
    (folder / "t10k-labels-idx1-ubyte").symlink_to(outside)
    assert run("rm", "mnist", "--yes").exit_code == 0
    assert outside.read_bytes() == b"precious"


def test_rm_asks_and_without_anybody_to_ask_changes_nothing(labels_home: Path) -> None:
    path = labels_home / "datasets" / "mnist" / "t10k-labels-idx1-ubyte"
    result = run("rm", "mnist")
    assert (result.exit_code, "Add --yes" in result.stderr, path.exists()) == (2, True, True)


@pytest.mark.parametrize(("typed", "remains"), [("n", True), ("", True), ("y", False)])
def test_rm_on_a_terminal_takes_yes_or_no(typed: str, remains: bool, labels_home: Path) -> None:
    child = pexpect.spawn(
        sys.executable, ["-m", "firstlight", "data", "rm", "mnist"], timeout=60, encoding="utf-8"
    )
    child.expect(r"Remove mnist from .*\?")
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert (labels_home / "datasets" / "mnist" / "t10k-labels-idx1-ubyte").exists() is remains


def test_imported_data_has_a_name_everywhere(own_data: Path, data_home: Path) -> None:
    fields = answer("import", own_data)
    assert fields["dataset"] == "my-digits"
    assert fields["images"] == {"train": 30, "test": 6}
    assert fields["path"] == str(data_home / "imported" / "my-digits")
    own_data.unlink()
    assert answer("show", "my-digits", "--count", 2)["class_counts"] == {
        "train": [10, 10, 10],
        "test": [2, 2, 2],
    }
    assert answer("get", "my-digits")["files"][0]["origin"] == f"imported: {own_data}"
    assert {row["name"]: row["is_cached"] for row in answer("list")["datasets"]}["my-digits"] is True
    assert answer("verify", "my-digits")["is_ok"] is True
    assert "my-digits" in CliRunner().invoke(app, []).stdout
    (data_home / "imported" / "my-digits" / "test-labels.idx").write_bytes(b"\0\0\x08\x01\0\0\0\0")
    damaged = run("verify")
    assert (damaged.exit_code, "firstlight data import PATH my-digits" in damaged.stderr) == (3, True)
    assert answer("rm", "my-digits", "--yes")["freed_bytes"] > 30 * 64
    assert not (data_home / "imported" / "my-digits").exists()


@pytest.mark.parametrize("name", ["mnist", "FashionMNIST", "emnist", "../x", "a b", ""])
def test_names_that_cannot_be_given_are_refused(name: str, own_data: Path, data_home: Path) -> None:
    result = run("import", own_data, name) if name else run("import", own_data, "-")
    assert result.exit_code == 2
    assert "name" in result.stderr
    assert not data_home.exists()


@pytest.mark.parametrize(
    ("kind", "target"), [("idx", "out"), ("png", "out"), ("npz", "out.npz"), ("parquet", "out")]
)
def test_what_is_exported_can_be_loaded(
    kind: str, target: str, own_data: Path, data_home: Path, tmp_path: Path
) -> None:
    place = tmp_path / target
    fields = answer("export", own_data, place, "--format", kind)
    assert (fields["path"], fields["images"]) == (str(place), {"train": 30, "test": 6})
    train, test = fl.load(place)
    assert (len(train), len(test)) == (30, 6)
    assert train.class_counts().tolist() == [10, 10, 10]
    again = run("export", own_data, place, "--format", kind)
    assert again.exit_code == 2
    assert str(place) in again.stderr
    assert run("export", own_data, place, "--format", kind, "--overwrite").exit_code == 0


def test_export_takes_one_split_and_goes_by_the_ending(
    own_data: Path, data_home: Path, tmp_path: Path
) -> None:
    fields = answer("export", own_data, tmp_path / "test.parquet", "--split", "test")
    assert fields["images"] == {"test": 6}
    assert run("export", own_data, tmp_path / "x", "--split", "all").exit_code == 2
    assert "--format" in run("export", own_data, tmp_path / "x", "--format", "gif").stderr
    assert not (tmp_path / "x").exists()


def test_export_writes_corrected_labels(own_data: Path, data_home: Path, tmp_path: Path) -> None:
    train, _ = fl.load(own_data)
    mine = Corrections.of(train, [Verdict(0, 0, "fix", 1), Verdict(1, 1, "drop")]).save(
        tmp_path / "mine.json"
    )
    fields = answer("export", own_data, tmp_path / "x.npz", "--corrections", mine)
    assert fields["images"] == {"train": 29, "test": 6}
    assert np.load(tmp_path / "x.npz")["y_train"].tolist() == [1, 2, *(np.arange(3, 30) % 3)]
    refused = run("export", tmp_path / "x.npz", tmp_path / "y.npz", "--corrections", mine)
    assert refused.exit_code == 2
    assert "These corrections are of My Digits train; got x train" in refused.stderr
    mine.write_text("{")
    assert run("export", own_data, tmp_path / "y.npz", "--corrections", mine).exit_code == 3


def test_import_brings_pictures_to_a_size(tmp_path: Path, data_home: Path) -> None:
    for split in ("train", "test"):
        for number in range(4):
            folder = tmp_path / "pets" / split / ("cat" if number % 2 else "dog")
            folder.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (20 + number, 30), (number, 99, 200)).save(folder / f"{number}.png")
    assert run("import", tmp_path / "pets", "pets").exit_code != 0, "pictures of different sizes"
    fields = answer("import", tmp_path / "pets", "pets", "--size", "16x12", "--channels", 1)
    assert (fields["image_shape"], fields["classes"]) == ([1, 16, 12], ["cat", "dog"])
    for size in ("big", "0", "28x", "28x28x3", "-3"):
        refused = run("import", tmp_path / "pets", "again", f"--size={size}")
        assert (refused.exit_code, "such as 28x32" in refused.stderr) == (2, True)
