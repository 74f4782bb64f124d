"""A report as text and as a page says what matters, and is safe to open (behaviour)."""

from __future__ import annotations

import html
import json
import shlex
from html.parser import HTMLParser
from pathlib import Path

import torch

import firstlight as fl
from firstlight.checks import CheckReport, CheckResult, Diagnosis, report_page, report_text, write_page

FAILED = CheckResult(
    "O1",
    "golden lockstep",
    "fail",
    "bias-correction",
    "-0.1",
    "-0.316",
    "step 1, tensor 2",
    "no correction",
    "divide",
)
WRONG = CheckReport(
    "<b>mine</b>:Adam", "optimizer", "adam", "FAIL", 1.25, (FAILED, CheckResult("O5", "no-op", "pass")),
    Diagnosis("bias-correction", "The averages are not corrected."), printed="<script>alert(1)</script>",
    blind_spots=("Speed.",),
)  # fmt: skip
RIGHT = CheckReport(
    "mine:Adam", "optimizer", "adam", "PASS", 1.0, (CheckResult("O5", "no-op", "pass"),), dialect="eps inside",
    power={"sentence": "A drop of 0.26 points."}, blind_spots=("Speed.",), caught="a wrong formula",
)  # fmt: skip


def test_a_failure_is_told_first_and_whole() -> None:
    text = report_text(WRONG)
    assert text.startswith("FAIL  ")
    for part in (
        "likely",
        "bias-correction",
        "expected",
        "-0.316",
        "step 1, tensor 2",
        "no correction",
        "divide",
    ):
        assert part in text
    assert text.index("golden lockstep") < text.index("checked")
    assert max(map(len, text.splitlines())) <= 110


def test_a_pass_says_what_it_could_not_see() -> None:
    text = report_text(RIGHT)
    for part in ("PASS", "eps inside", "a wrong formula", "A drop of 0.26 points.", "Speed."):
        assert part in text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)


def test_the_page_holds_all_and_runs_nothing(tmp_path: Path) -> None:
    path = write_page(WRONG, tmp_path / "report.html")
    page = path.read_text()
    assert page == report_page(WRONG)
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.names
    assert "b" not in tags.names
    for part in ("golden lockstep", "-0.316", "step 1, tensor 2", "no correction", "divide", "Speed."):
        assert part in page


def test_the_page_of_a_pass() -> None:
    page = report_page(RIGHT)
    assert "They would have caught: a wrong formula" in page
    assert "A drop of 0.26 points." in page


def test_the_page_names_the_command_that_asks_the_same() -> None:
    report = fl.check(
        "torch.nn:LeakyReLU",
        kind="activation",
        like="leaky-relu",
        args={"negative_slope": 0.01},
        isolated=False,
    )
    words = shlex.split(report.command)
    assert words[:5] == ["firstlight", "check", "torch.nn:LeakyReLU", "--kind", "activation"]
    assert json.loads(words[words.index("--args") + 1]) == {"negative_slope": 0.01}
    assert report.command in html.unescape(report_page(report))


def test_an_object_of_this_process_has_no_such_command() -> None:
    report = fl.check(torch.relu, kind="activation", like="relu", isolated=False)
    assert report.command == ""
    assert "Again" not in report_page(report)
