"""`firstlight compare` and `firstlight report`: two runs, two series of runs, a page; what they refuse."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

import firstlight as fl
from firstlight.cli import main
from firstlight.recipes import find_recipe
from firstlight.training import MemberRecord, load_run, save_run

Capture = pytest.CaptureFixture[str]


def called(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Run the command line in this process, which has torch already: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(words)
    code = stopped.value.code
    said = capsys.readouterr()
    return (code if isinstance(code, int) else 0), said.out, said.err


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two runs: one that held images out, and one that learnt from all."""
    parent = tmp_path_factory.mktemp("compared")
    pair = fl.load("mnist")
    for seed, validate in ((0, True), (1, False)):
        (parent / str(seed)).mkdir()
        save_run(
            fl.train("mlp-fast", dataset=pair, seed=seed, epochs=0.3, validate=validate), parent / str(seed)
        )
    return parent / "0", parent / "1"


@pytest.fixture
def many(runs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nine seeds each of two recipes, of which nobody trained more than one."""
    home = tmp_path / "many"
    fields = json.loads((runs[1] / "run.json").read_text())
    usual = {name: find_recipe(name).settings for name in ("mlp", "mlp-fast")}
    for recipe, level in (("mlp", 0.98), ("mlp-fast", 0.97)):
        for seed in range(9):
            folder = home / "runs" / f"{recipe}-{seed}"
            folder.mkdir(parents=True)
            changes = {"recipe": recipe, "seed": seed, "settings": usual[recipe]}
            changes["test_accuracy"] = level + (seed * 37 % 11) / 10_000
            (folder / "run.json").write_text(json.dumps(fields | changes))
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(home))
    return home


def test_two_runs_as_text(runs: tuple[Path, Path], capsys: Capture) -> None:
    code, text, said = called(capsys, "compare", *map(str, runs))
    assert code == 0
    assert f"first    {runs[0]}" in text
    for words in (
        "test accuracy",
        "calibration error",
        "disputed",
        "exact McNemar p =",
        "Only the first reads",
    ):
        assert words in text
    assert "No temperature: It learnt from every training image" in said
    assert called(capsys, "runs", *map(str, runs))[1] == text


def test_two_runs_as_json(runs: tuple[Path, Path], capsys: Capture) -> None:
    code, stdout, said = called(capsys, "compare", *map(str, runs), "--json", "--quiet")
    assert (code, said) == (0, "")
    fields = json.loads(stdout)
    assert (fields["schema"], fields["kind"]) == (1, "runs")
    assert (fields["first"], fields["second"]) == tuple(map(str, runs))
    assert len(fields["one_right"]) == fields["only_first"] + fields["only_second"]
    first, second = fields["evaluations"]
    assert first["accuracy"] - second["accuracy"] == pytest.approx(fields["difference"])
    assert first["rescaling"]["temperature"]["count"] == 5000
    assert second["rescaling"]["temperature"] is None
    assert "--validate" in second["rescaling"]["reason"]
    assert len(first["disputed"]["images"]) == 15
    assert len(first["classes"]) == len(first["confusion"]) == 10


def test_two_recipes(many: Path, capsys: Capture) -> None:
    code, text, said = called(capsys, "compare", "mlp", "mlp-fast")
    assert code == 0
    assert "test accuracy on mnist, 60,000 training images, 9 seeds that both have" in text
    assert "Paired permutation p = 0.00391 (every pattern of signs counted)" in text
    assert "The first is better over these seeds." in text
    assert "to choose between the two, take --validation" in said
    fields = json.loads(called(capsys, "compare", "mlp", "mlp-fast", "--json")[1])
    assert (fields["kind"], fields["names"]) == ("series", ["mlp", "mlp-fast"])
    assert fields["seeds"] == list(range(9))
    assert fields["paired"]["p_value"] == 2 / 2**9
    assert fields["first"]["mean"] - fields["second"]["mean"] == pytest.approx(0.01)


def test_ensembles_are_compared_by_what_all_members_reached_together(many: Path, capsys: Capture) -> None:
    member = MemberRecord("cnn", 1, 10, 1.0, 1.0, validation_accuracy=0.5)
    for path in (many / "runs").glob("*/run.json"):
        fields = json.loads(path.read_text())
        reached = 0.99 if fields["recipe"] == "mlp" else 0.97
        changes = {"validation_accuracy": reached, "members": [asdict(member)]}
        path.write_text(json.dumps(fields | changes))
    code, stdout, _ = called(capsys, "compare", "mlp", "mlp-fast", "--validation", "--json")
    assert code == 0
    fields = json.loads(stdout)
    assert fields["measured"] == "validation"
    assert fields["first"]["mean"] == pytest.approx(0.99)
    assert fields["second"]["mean"] == pytest.approx(0.97)


def test_one_seed_has_no_interval_in_json(many: Path, capsys: Capture) -> None:
    for seed in range(1, 9):
        (many / "runs" / f"mlp-{seed}" / "run.json").unlink()
    code, stdout, said = called(capsys, "compare", "mlp", "mlp-fast", "--json")
    assert code == 0
    assert json.loads(stdout)["paired"]["interval"] == [None, None]
    assert "8 seeds of mlp-fast have no partner and do not count." in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mlp", "mlp-0"), "mlp-0 is one run and mlp is many"),
        (("mlp", "mlp-fats"), "Did you mean 'mlp-fast'"),
        (("mlp", "mlp-fast", "--validation"), "No validation accuracy of the same seed"),
        (("mlp-0", "mlp-1", "--validation"), "--validation is for recipes and sweeps"),
    ],
)
def test_what_cannot_be_compared_exits_with_2(
    words: tuple[str, ...], message: str, many: Path, capsys: Capture
) -> None:
    code, stdout, stderr = called(capsys, "compare", *words, "--json")
    assert code == 2
    assert message in json.loads(stdout)["error"]["message"]
    assert message in stderr


def test_no_runs_at_all_exit_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))
    assert called(capsys, "compare", "mlp", "mlp-fast", "--json")[0] == 3
    assert called(capsys, "compare", "last", "last", "--json")[0] == 3


def test_a_page_is_written_again(runs: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    code, text, _ = called(capsys, "report", str(runs[0]))
    assert code == 0
    assert f"Report          {runs[0] / 'report.html'}" in text
    assert "mistakes are on images that people read otherwise" in text
    page = (runs[0] / "report.html").read_text(encoding="utf-8")
    assert "Divide its logits by" in page
    elsewhere = tmp_path / "page.html"
    fields = json.loads(called(capsys, "report", str(runs[1]), "--out", str(elsewhere), "--json")[1])
    assert fields["report"] == str(elsewhere)
    assert fields["evaluation"]["rescaling"]["temperature"] is None
    assert "No temperature: It learnt from every training image" in elsewhere.read_text(encoding="utf-8")


def test_other_data_of_the_same_name_are_refused(
    runs: tuple[Path, Path], tmp_path: Path, capsys: Capture
) -> None:
    kept = load_run(runs[1])
    other = save_run(replace(kept, record=replace(kept.record, test_count=5)), tmp_path)
    code, stdout, _ = called(capsys, "report", str(other.folder), "--json")
    assert code == 2
    assert "was tested on 5 images; mnist has 10,000" in json.loads(stdout)["error"]["message"]


def test_data_of_ones_own_are_asked_for(runs: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    kept = load_run(runs[1])
    (tmp_path / "own").mkdir()
    own = save_run(replace(kept, record=replace(kept.record, dataset="my-digits")), tmp_path / "own")
    code, stdout, _ = called(capsys, "report", str(own.folder), "--json")
    assert code == 2
    assert (
        "data of your own, 'my-digits'. Say where they lie now: --dataset"
        in json.loads(stdout)["error"]["message"]
    )
    assert called(capsys, "report", str(own.folder), "--dataset", "mnist", "--json")[0] == 0
    code, stdout, stderr = called(capsys, "runs", str(own.folder), "--json")
    assert code == 0
    assert "Say where they lie now" in stderr
