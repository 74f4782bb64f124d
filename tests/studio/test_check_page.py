"""Page Check: code from the page is checked apart, and the report read by a student. Kind: oracle and behaviour."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import firstlight as fl
from firstlight._errors import DataCorruptError
from firstlight.checks import Limits, read_report
from firstlight.studio import Studio
from firstlight.studio._examples import EXAMPLES
from firstlight.studio._pasted import Pasted, target_in

VERDICTS = {"adam": "bias-correction", "softmax": "softmax", "dropout": "dropout-scaling", "sgd": None}
HOSTILE = """
import time
print("<script>document.title = 'taken'</script>")

def relu(x):
    raise ValueError("<img src=x onerror=alert(1)>")
"""
ENDLESS = "import time\n\ndef relu(x):\n    while True:\n        time.sleep(0.01)\n"


@pytest.fixture(scope="module")
def checking(run_studio: Any) -> Iterator[Any]:
    with run_studio(Studio()) as studio:
        studio.studio.once("check/limits", lambda: Limits(import_seconds=20, seconds=60))
        yield studio


def test_each_example_is_what_it_says(tmp_path: Path) -> None:
    for one in EXAMPLES:
        path = tmp_path / f"example_{one.name}.py"
        path.write_text(one.code())
        assert target_in(one.code()) == one.target
        report = fl.check(f"{path}:{one.target}", kind=one.kind, like=one.like, isolated=False)
        family = report.diagnosis.family if report.diagnosis else None
        assert (report.verdict, family) == ("FAIL" if VERDICTS[one.name] else "PASS", VERDICTS[one.name])


def test_an_example_is_checked_and_told(checking: Any, new_page: Any) -> None:
    page = new_page(checking.page("check"), viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert "your files and the network are open to it" in page.locator(".warning").inner_text()
    assert (page.get_by_test_id("kind").input_value(), page.get_by_test_id("like").input_value()) == (
        "optimizer", "adam",
    )  # fmt: skip
    page.get_by_test_id("start").click()
    answered(page, "FAIL")
    done = json.loads(checking.ask("/api/check/progress").body)["done"]
    assert {"id": "O1", "name": "lockstep with the reference", "status": "fail"} in done
    report = page.get_by_test_id("report").inner_text()
    assert "Neither running average is corrected for starting at zero." in report
    assert "What this cannot tell" in report
    assert "firstlight check mine.py:Adam --kind optimizer --like adam" in report
    assert "FAIL. Neither running average" in page.get_by_test_id("told").inner_text()
    page.reload()
    answered(page, "FAIL")
    page.get_by_role("button", name="SGD with momentum, right").click()
    page.wait_for_selector('[data-testid="report"]', state="hidden")
    page.get_by_role("button", name="Adam without its correction").click()
    page.wait_for_selector('[data-testid="report"]')
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_own_code_is_kept_and_what_it_writes_is_only_text(checking: Any, new_page: Any) -> None:
    page = new_page(checking.page("check", "example=own"))
    page.get_by_test_id("editor").fill(HOSTILE)
    page.get_by_test_id("kind").select_option("activation")
    page.get_by_test_id("like").locator("option[value=relu]").wait_for(state="attached")
    page.get_by_test_id("like").select_option("relu")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.get_by_test_id("editor").input_value() == HOSTILE
    assert page.get_by_test_id("like").input_value() == "relu"
    page.get_by_test_id("start").click()
    answered(page, "FAIL")
    report = page.get_by_test_id("report")
    assert "<img src=x onerror=alert(1)>" in report.inner_text()
    assert report.locator("img, script").count() == 0
    assert page.title() == "Check - firstlight studio"
    assert "firstlight-studio-" not in report.inner_text(), "the file that is gone is not named"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this process."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_an_endless_loop_is_stopped_with_its_process_and_its_files(
    checking: Any, new_page: Any, temporary: Path
) -> None:
    page = new_page(checking.page("check", "example=own"))
    page.get_by_test_id("editor").fill(ENDLESS)
    page.get_by_test_id("kind").select_option("activation")
    page.get_by_test_id("start").click()
    page.wait_for_selector('[data-testid="says"]:has-text("Starting a process for it.")')
    while not list(temporary.glob("*/mine.py")):  # the check has begun
        page.wait_for_timeout(20)
    again = checking.ask("/api/check/start", json.dumps({"code": ENDLESS}).encode())
    assert again.error == "One check at a time: another one runs. Stop it, or wait for its end."
    page.get_by_test_id("stop").click()
    page.wait_for_selector('[data-testid="says"]:has-text("Stopped. Its process was ended.")')
    assert list(temporary.iterdir()) == []
    assert page.get_by_test_id("start").is_enabled()


def test_what_takes_too_long_is_told(run_studio: Any, temporary: Path) -> None:
    with run_studio(Studio()) as studio:
        studio.studio.once("check/limits", lambda: Limits(import_seconds=0.5, seconds=1))
        body = {"code": "while True:\n    pass\n", "target": "relu", "kind": "activation"}
        assert studio.ask("/api/check/start", json.dumps(body).encode()).status == 200
        state = ended(studio)
    assert "was not imported and made within 0.5 s" in state["error"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 422, "The page sent no JSON"),
        (b"[]", 422, "Send the code, and what it is to be checked as."),
        (b'{"code": 7}', 422, "Send the code"),
        (b'{"code": "x", "kind": ["a"]}', 422, "are words"),
        (json.dumps({"code": "def f(:\n  pass"}).encode(), 422, "The code is no Python, line 1: "),
        (b'{"code": "\\u0000"}', 422, "The code is no Python"),
        (b'{"code": "x = 1"}', 422, "There is neither a class nor a function in the code to check."),
        (json.dumps({"code": "x" * 200_001}).encode(), 422, "That is more than 200,000 characters."),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused(checking: Any, body: bytes, status: int, message: str) -> None:
    answer = checking.ask("/api/check/start", body)
    assert answer.status == status
    assert message in answer.error


def test_nobody_runs_code_without_the_token_or_from_elsewhere(checking: Any, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    body = json.dumps({"code": f"open({str(trace)!r}, 'w')\ndef relu(x): ..."}).encode()
    for headers in (
        {"x_firstlight_token": None},
        {"x_firstlight_token": "guessed"},
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
    ):
        assert checking.ask("/api/check/start", body, **headers).status in (401, 403, 421)
    assert not json.loads(checking.ask("/api/check/progress").body)["is_running"]
    assert not trace.exists()


def test_a_report_from_a_file_is_shown(checking: Any, new_page: Any, tmp_path: Path) -> None:
    def relu(x: Any) -> Any:
        return x.abs()

    report = fl.check(relu, kind="activation", like="relu", isolated=False)
    fields = report.fields()
    fields["blind_spots"] = ["<b>bold</b>"]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(fields))
    page = new_page(checking.page("check"))
    page.get_by_test_id("file").set_input_files(path)
    page.wait_for_selector('[data-testid="says"]:has-text("From report.json.")')
    shown = page.get_by_test_id("report").inner_text()
    assert report.diagnosis is not None
    assert report.diagnosis.sentence in shown
    assert "<b>bold</b>" in shown
    path.write_text("{}")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["{}"], "empty.json"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector(
        '[data-testid="trouble"]:has-text("no report that firstlight check --json prints")'
    )


def test_a_report_outlives_json() -> None:
    report = fl.check("torch.nn:ReLU", kind="activation", like="relu", isolated=False)
    again = read_report(json.dumps(report.fields()))
    assert again.fields() == report.fields()


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "GREAT"},
        {"checks": [{"id": "O1"}]},
        {"kind": "soup"},
        {"blind_spots": [3]},
        {"power": {"sentence": 3}},
    ],
)
def test_odd_reports_are_refused(change: dict[str, Any]) -> None:
    report = fl.check("torch.nn:ReLU", kind="activation", like="relu", isolated=False, quick=True)
    with pytest.raises(DataCorruptError, match="This is no report"):
        read_report(json.dumps({**report.fields(), **change}))


@pytest.mark.parametrize("name", ["softmax", "own"])
def test_the_code_runs_as_it_is(
    checking: Any, new_page: Any, warm_python: Any, tmp_path: Path, name: str
) -> None:
    page = new_page(checking.page("check", f"example={name}"))
    if name == "own":
        page.get_by_test_id("editor").fill('def loss(x, y):\n    "a \\\\ and \\n"\n    return """x""" + 1')
    program = page.text_content('[data-testid="code"]')
    if name == "own":
        compile(program, "shown", "exec")
        written: dict[str, Any] = {}
        exec(program.split("Path(")[0].replace("import firstlight as fl", ""), written)
        assert written["code"] == page.get_by_test_id("editor").input_value()
        return
    code, said, stderr = warm_python(program, "check", tmp_path)
    assert code == 0, stderr
    assert "Softmax is taken twice" in said


def test_a_name_may_be_given() -> None:
    pasted = Pasted.of({"code": "def f(): ...\ndef g(): ...", "target": "f", "like": ""})
    assert (pasted.target, pasted.like) == ("f", None)


def answered(page: Any, verdict: str) -> None:
    """Wait for a report; a process has to start for it."""
    page.wait_for_selector(f'[data-testid="report"] .verdict:has-text("{verdict}")', timeout=60_000)


def ended(studio: Any) -> dict[str, Any]:
    while (state := json.loads(studio.ask("/api/check/progress").body))["is_running"]:
        time.sleep(0.02)
    return dict(state)
