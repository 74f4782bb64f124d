"""Page Audit: an audit on request, kept, and asked about by keyboard. Kind: oracle and behaviour."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import firstlight as fl
from firstlight.datasets import read_corrections
from firstlight.studio import Studio
from firstlight.studio._job import Job
from firstlight.studio._kept_audit import DEPTHS, audit_file, kept_audit

PLANTED = range(5, 200, 25)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few images of MNIST in a file of their own; some test labels are wrong."""
    train, test = fl.load("mnist")
    labels = test.labels[:200].numpy().copy()
    labels[PLANTED] = (labels[PLANTED] + 3) % 10
    path = tmp_path_factory.mktemp("audited") / "mislabelled.npz"
    np.savez(
        path,
        x_train=middle(train, 500),
        y_train=train.labels[:500].numpy(),
        x_test=middle(test, 200),
        y_test=labels,
    )
    return path


def middle(part: fl.ImageDataset, count: int) -> Any:
    """The first images without their margin, which networks learn in half the time."""
    return part.images[:count, 0, 4:24, 4:24].numpy()


@pytest.fixture(scope="module")
def audited(run_studio: Any, archive: Path) -> Iterator[Any]:
    """A studio in which the test labels were audited once, quickly, by networks that learn for a moment."""
    with pytest.MonkeyPatch.context() as patch, run_studio(Studio(dataset=str(archive))) as studio:
        patch.setattr("firstlight.audits._recipe.LEAST_STEPS", 60)
        answer = studio.ask("/api/audit/start?split=test&depth=quick", b"{}")
        assert answer.status == 200, answer.error
        again = studio.ask("/api/audit/start?split=train", b"{}")
        assert (again.status, again.error) == (
            422,
            "One audit at a time: another one runs. Stop it, or wait for its end.",
        )
        ended(studio)
        yield studio


def test_it_finds_the_planted_errors(audited: Any) -> None:
    answer = json.loads(audited.ask("/api/audit/found?split=test&depth=quick").body)
    worst = {one["index"] for one in answer["review"]["suspects"][: len(PLANTED)]}
    assert len(worst & set(PLANTED)) >= len(PLANTED) - 1
    low, high = answer["found"]["interval"]
    assert low <= len(PLANTED) <= high
    audit = kept_audit(audit_file(audited.studio, "test", DEPTHS["quick"]))
    assert audit is not None
    assert np.argsort(audit.suspicion)[-1] in PLANTED, "places count within the test split"


def test_it_is_kept_for_the_next_start_and_for_other_pages(
    audited: Any, archive: Path, run_studio: Any
) -> None:
    with run_studio(Studio(dataset=str(archive))) as later:
        known = json.loads(later.ask("/api/audit/found?split=test&depth=quick").body)
        assert known == json.loads(audited.ask("/api/audit/found?split=test&depth=quick").body)
        assert json.loads(later.ask("/api/audit/found?split=train&depth=quick").body) == {"found": None}
        train, test = later.studio.images()
    with run_studio(Studio()) as other:
        other.studio.once("images", lambda: (train, test[:100]))
        assert json.loads(other.ask("/api/audit/found?split=test&depth=quick").body) == {"found": None}


def test_verdicts_by_keyboard_become_corrections_that_load_takes(
    audited: Any, new_page: Any, tmp_path: Path
) -> None:
    page = new_page(audited.page("audit", "depth=quick"))
    shown(page)
    assert text(page, "summary").startswith("About ")
    count = page.locator('[data-testid="strip"] li').count()
    first = page.get_by_test_id("where").inner_text()
    assert text(page, "count") == f"1 of {count}; 0 judged"
    for key in ("f", "k", "7", "ArrowLeft", "u"):
        page.keyboard.press(key)
    assert text(page, "count") == f"3 of {count}; 2 judged"
    page.locator('[data-testid="depth"]').focus()
    page.keyboard.press("k")
    assert text(page, "count").endswith("2 judged"), "a key for a list of choices is no verdict"
    page.get_by_test_id("where").click()
    page.reload()
    shown(page)
    assert text(page, "count") == f"3 of {count}; 2 judged", "a reload keeps place and verdicts"
    assert "image=3" in page.url
    with page.expect_download() as saved:
        page.get_by_test_id("export").click()
    assert saved.value.suggested_filename in text(page, "load")
    path = tmp_path / "corrections.json"
    saved.value.save_as(path)
    test = audited.studio.images()[1]
    before = int(first.rsplit(" ", 1)[1])
    assert [one["verdict"] for one in json.loads(path.read_text())["verdicts"]].count("fix") == 1
    fixed = read_corrections(path).apply(test)
    assert int(fixed.labels[before]) != int(test.labels[before])


def test_an_audit_is_followed_over_a_reload_and_stopped(
    audited: Any, new_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstlight.audits._recipe.LEAST_STEPS", 5000)
    page = new_page(audited.page("audit", "split=train"), viewport={"width": 360, "height": 740})
    shown(page)
    assert text(page, "summary") == "These labels have not been audited yet."
    page.get_by_test_id("start").click()
    page.wait_for_selector('[data-testid="words"]:has-text("Network 1 of 20: step")')
    assert page.get_by_test_id("start").is_disabled()
    page.goto(audited.page("draw"))
    page.goto(audited.page("audit"))
    page.wait_for_selector('[data-testid="words"]:has-text("Network 1 of 20: step")')
    assert page.get_by_test_id("split").input_value() == "train", "it shows what is being audited"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_test_id("stop").click()
    page.wait_for_selector('[data-testid="told"]:has-text("The audit was stopped.")', state="attached")
    assert page.get_by_test_id("start").is_enabled()
    assert text(page, "summary") == "These labels have not been audited yet.", "no network was done"


def test_what_networks_found_before_the_stop_is_shown_and_not_kept(
    audited: Any, archive: Path, run_studio: Any
) -> None:
    audited.ask("/api/audit/start?split=test&depth=thorough", b"{}")
    while json.loads(audited.ask("/api/audit/progress").body).get("judge", 0) < 2:
        time.sleep(0.02)
    audited.ask("/api/audit/stop", b"")
    assert ended(audited)["is_stopped"]
    found = json.loads(audited.ask("/api/audit/found?split=test&depth=thorough").body)["found"]
    assert (found["is_complete"], found["judges"]) == (False, 1)
    later = Studio(dataset=str(archive))
    later.once("images", audited.studio.images)
    with run_studio(later) as studio:
        answer = json.loads(studio.ask("/api/audit/found?split=test&depth=thorough").body)
        assert answer == {"found": None}


def test_the_code_runs_as_it_is(audited: Any, new_page: Any, warm_python: Any, tmp_path: Path) -> None:
    page = new_page(audited.page("audit", "split=test&depth=quick"))
    shown(page)
    code, said, stderr = warm_python(page.text_content('[data-testid="code"]'), "audit", tmp_path)
    assert code == 0, stderr
    assert said.startswith("About ")
    assert sum(f"test {index}: " in said for index in PLANTED) >= len(PLANTED) - 1, (
        "more steps, much the same"
    )
    assert (tmp_path / "work" / "review.html").is_file()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("split=all", "split is test or train; got 'all'."),
        ("depth=deep", "depth is thorough or quick; got 'deep'."),
    ],
)
def test_odd_questions_are_refused(audited: Any, query: str, message: str) -> None:
    answer = audited.ask(f"/api/audit/start?{query}", b"{}")
    assert (answer.status, answer.error) == (422, message)


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "audit.npz"
    assert kept_audit(path) is None
    path.write_bytes(b"PK no archive")
    assert kept_audit(path) is None
    np.savez(
        path, facts=np.frombuffer(b'{"summary": {"images": 3}, "review": {}}', np.uint8), suspicion=np.ones(2)
    )
    assert kept_audit(path) is None


def test_a_job_tells_what_broke() -> None:
    job = Job("test")
    job.start(lambda _: {"answer": 1 // 0})
    job.wait()
    state = job.state()
    assert (
        state["error"] == "That went wrong in Python: ZeroDivisionError: integer division or modulo by zero"
    )
    job.start(lambda job: job.tell(step=1) or {"answer": 2}, what="again")
    job.wait()
    state = job.state()
    assert (state["number"], state["error"], state["what"], state["step"], state["answer"]) == (
        2,
        None,
        "again",
        1,
        2,
    )


def ended(studio: Any) -> dict[str, Any]:
    """Wait for the end of an audit."""
    while (state := json.loads(studio.ask("/api/audit/progress").body))["is_running"]:
        time.sleep(0.02)
    assert state["error"] is None, state["error"]
    return dict(state)


def shown(page: Any) -> None:
    page.wait_for_selector("html[data-shown]", state="attached")


def text(page: Any, name: str) -> str:
    return str(page.get_by_test_id(name).inner_text())
