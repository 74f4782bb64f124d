"""Words and bars for what the sources tell. Kind: behaviour; the events are the sources' own."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from firstlight.cli import _progress
from firstlight.cli._output import Output
from firstlight.cli._source_progress import drawn_events
from firstlight.sources import Downloading, Found, Looking, Retrying, Skipped, SourceEvent, Verified, Waiting

HOST = "https://example.org/train.gz"
OTHER = "https://example.net/train.gz"


def downloading(done: int, seconds: float, place: str = HOST) -> Downloading:
    return Downloading("mnist", "train.gz", place, done, 10_000_000, seconds)


def said(events: list[SourceEvent], capsys: pytest.CaptureFixture[str], **options: bool) -> list[str]:
    quiet = options.pop("quiet", False)
    with drawn_events(Output(quiet=quiet), **options) as tell:
        for event in events:
            tell(event)
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    return stderr.splitlines()


def test_a_long_download_says_so_every_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    events: list[SourceEvent] = [downloading(n * 100_000, n / 10) for n in range(1, 101)]
    assert said(events, capsys) == [
        "train.gz: 5.0 MB of 10.0 MB, 1.0 MB/s from example.org",
        "train.gz: 10.0 MB of 10.0 MB, 1.0 MB/s from example.org",
    ]


def test_a_quick_one_says_only_where_it_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    events: list[SourceEvent] = [
        Looking("mnist", "train.gz", "official", HOST),
        downloading(10_000_000, 1.0),
        Verified("mnist", "train.gz", "00"),
        Found("mnist", "train", "official", HOST, "/home/train"),
    ]
    assert said(events, capsys) == ["mnist: train from official: example.org"]
    assert said(events, capsys, tell_found=False) == []
    assert said(events, capsys, quiet=True) == []


def test_what_was_in_the_cache_is_not_worth_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert said([Found("mnist", "train", "cache", "/home/train", "/home/train")], capsys) == []


def test_waits_retries_and_failures_are_told_failures_of_a_host_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events: list[SourceEvent] = [
        Waiting("mnist", "/home/mnist.lock"),
        Retrying("mnist", "train.gz", HOST, "HTTP 503", 2.0),
        Skipped("mnist", "train.gz", HOST, "HTTP 403"),
        Skipped("mnist", "test.gz", HOST.replace("train", "test"), "HTTP 403"),
        Skipped("mnist", "train.gz", OTHER, "HTTP 403"),
    ]
    assert said(events, capsys) == [
        "Another process is obtaining mnist; waiting for it",
        "train.gz: example.org: HTTP 503; trying again in 2.0 s",
        "train.gz: example.org: HTTP 403",
        "train.gz: example.net: HTTP 403",
    ]


class Terminal(Output):
    """An output on a terminal that keeps what was drawn."""

    is_live = True  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.file = io.StringIO()
        self.stderr = Console(file=self.file, force_terminal=True, width=120, markup=False)  # type: ignore[misc]


def test_on_a_terminal_every_place_that_is_asked_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: list[Progress] = []
    real = _progress.drawing
    monkeypatch.setattr(_progress, "drawing", lambda *words: drawings.append(real(*words)) or drawings[0])
    with drawn_events(Terminal()) as tell:
        tell(Looking("mnist", "train.gz", "folder", "/usb/train.gz"))
        assert drawings[0].tasks == [], "a folder is too quick for a bar"
        tell(Looking("mnist", "train.gz", "official", HOST))
        tell(Looking("mnist", "train.gz", "official", OTHER))
        tell(downloading(2_000_000, 1.0, OTHER))
        bars = [
            (task.description, task.completed, task.total, task.fields["note"]) for task in drawings[0].tasks
        ]
        assert bars == [
            ("train.gz", 0, None, "from example.org"),
            ("train.gz", 2_000_000, 10_000_000, "from example.net"),
        ]
        tell(Skipped("mnist", "train.gz", HOST, "HTTP 403"))
        assert [task.fields["note"] for task in drawings[0].tasks] == ["from example.net"]
        tell(Verified("mnist", "train.gz", "00"))
        assert drawings[0].tasks == []
    assert drawings[0].finished


def test_the_bar_shows_size_rate_and_time_left() -> None:
    terminal = Terminal()
    with drawn_events(terminal) as tell:
        tell(downloading(1_000_000, 1.0))
        tell(downloading(2_000_000, 2.0))
    drawn = terminal.file.getvalue()
    assert "2.0/10.0 MB" in drawn
    assert "train.gz" in drawn
    assert "from example.org" in drawn
    assert drawn.rstrip().endswith("\x1b[?25h") or "\x1b[?25h" in drawn, "the cursor is given back"
