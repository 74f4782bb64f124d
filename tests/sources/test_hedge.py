"""One file on several mirrors. By behaviour, against a real server on the loopback that misbehaves."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from firstlight._errors import CacheError
from firstlight.sources import Downloading, Looking, Retrying, Skipped, Verified
from firstlight.sources._hedge import PlacesError, fetched


@pytest.fixture
def race(tmp_path, kit, tiny):
    """Race the URLs for the tiny file; returns the winner's URL and bytes."""

    def run(*urls, **options):
        options.setdefault("patience", kit.quick)
        tell = options.pop("tell", run.events.append)
        with fetched(tiny.file, urls, tmp_path / "cache", kind="official", tell=tell, **options) as got:
            return got.url, got.path.read_bytes()

    run.events, run.folder = [], tmp_path / "cache"
    return run


def kinds(events, kind):
    return [event for event in events if isinstance(event, kind)]


def test_the_first_mirror_alone_is_asked_when_it_works(race, server, kit, tiny):
    first, second = (server.serve(path, kit.whole(tiny.packed)) for path in ("/1", "/2"))
    assert race(first, second, patience=replace(kit.quick, hedge_seconds=30.0)) == (first, tiny.packed)
    assert server.count("/2") == 0
    assert kinds(race.events, Verified) == [Verified("tiny", "tiny-images.gz", tiny.file.sha256)]


def test_the_next_mirror_starts_at_once_when_one_fails(race, server, kit, tiny):
    bad = server.serve("/1", kit.status(403))
    good = server.serve("/2", kit.whole(tiny.packed))
    patience = replace(kit.quick, hedge_seconds=30.0)
    started = time.monotonic()
    assert race(bad, good, patience=patience) == (good, tiny.packed)
    assert time.monotonic() - started < 5
    assert [(e.place, e.reason) for e in kinds(race.events, Skipped)] == [(bad, "HTTP 403 Forbidden")]


def test_the_next_mirror_starts_when_no_byte_comes(race, server, kit, tiny):
    silent = server.serve("/1", kit.stalled(tiny.packed, 0, server.released))
    good = server.serve("/2", kit.whole(tiny.packed))
    patience = replace(kit.quick, read_seconds=30.0)
    started = time.monotonic()
    assert race(silent, good, patience=patience) == (good, tiny.packed)
    assert kit.quick.hedge_seconds <= time.monotonic() - started < 5


def test_the_next_mirror_starts_when_the_bytes_stop_coming(race, server, kit, tiny):
    stopping = server.serve("/1", kit.stalled(tiny.packed, 100_000, server.released))
    good = server.serve("/2", kit.whole(tiny.packed))
    assert race(stopping, good, patience=replace(kit.quick, read_seconds=30.0)) == (good, tiny.packed)


def test_no_other_mirror_starts_while_bytes_keep_coming(race, server, kit, tiny):
    def slow(handler, number):
        handler.head(200, {"Content-Length": str(len(tiny.packed))})
        for i in range(0, len(tiny.packed), 30_000):
            handler.wfile.write(tiny.packed[i : i + 30_000])
            time.sleep(0.2)

    steady = server.serve("/1", slow)
    other = server.serve("/2", kit.whole(tiny.packed))
    patience = replace(kit.quick, hedge_seconds=1.2)
    assert race(steady, other, patience=patience)[0] == steady
    assert server.count("/2") == 0


def test_a_mirror_that_crawls_gets_company(race, server, kit, tiny):
    def crawling(handler, number):
        handler.head(200, {"Content-Length": str(len(tiny.packed))})
        for i in range(0, len(tiny.packed), 2000):
            handler.wfile.write(tiny.packed[i : i + 2000])
            if server.released.wait(0.1):
                return

    slow = server.serve("/1", crawling)  # 20 kB/s, so 15 seconds in all
    good = server.serve("/2", kit.whole(tiny.packed))
    patience = replace(kit.quick, hedge_seconds=30.0, hedge_remaining_seconds=5.0)
    started = time.monotonic()
    assert race(slow, good, patience=patience)[0] == good
    assert time.monotonic() - started < 8
    assert int(server.requests[1][1].get("Range", "bytes=0-")[6:-1]) < len(tiny.packed) / 2


def test_a_first_mirror_that_recovers_may_still_win(race, server, kit, tiny):
    def late(handler, number):
        time.sleep(0.8)
        kit.whole(tiny.packed)(handler, number)

    slow = server.serve("/1", late)
    stuck = server.serve("/2", kit.stalled(tiny.packed, 1000, server.released))
    patience = replace(kit.quick, read_seconds=10.0, slow_window_seconds=10.0)
    assert race(slow, stuck, patience=patience)[0] == slow


def test_the_next_mirror_starts_while_one_waits_to_ask_again(race, server, kit, tiny):
    busy = server.serve("/1", kit.status(503, Retry_After="1.5"))
    good = server.serve("/2", kit.whole(tiny.packed))
    patience = replace(kit.quick, hedge_seconds=30.0)
    started = time.monotonic()
    assert race(busy, good, patience=patience)[0] == good
    assert time.monotonic() - started < 1.4
    assert kinds(race.events, Retrying)[0].reason == "HTTP 503 Service Unavailable"


def test_wrong_bytes_never_win_even_when_they_come_first(race, server, kit, tiny):
    wrong = server.serve("/1", kit.whole(bytes(len(tiny.packed))))
    good = server.serve("/2", kit.whole(tiny.packed))
    assert race(wrong, good) == (good, tiny.packed)


def test_when_all_fail_each_place_is_listed_with_its_reason(race, server, kit, tiny, refused_url):
    missing = server.serve("/1", kit.status(404))
    page = server.serve("/2", kit.status(200, b"<html>"))
    with pytest.raises(PlacesError, match="HTTP 404") as caught:
        race(missing, page, refused_url, "https://nowhere.invalid/f")
    assert [reason[:12] for _, reason in caught.value.reasons] == [
        *("HTTP 404 Not", "got an HTML ", "connection r", "no such host"),
    ]
    assert [place for place, _ in caught.value.reasons][:2] == [missing, page]


def test_a_place_that_drips_its_headers_is_given_up(race, server, kit, tiny):
    def dripping_headers(handler, number):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.released.wait(0.05):
            handler.wfile.write(b"X-More: yes\r\n")
            handler.wfile.flush()

    url = server.serve("/1", dripping_headers)
    started = time.monotonic()
    with pytest.raises(
        PlacesError, match=r"no sign of life for 1 s|cannot be asked|got more than 100 headers"
    ):
        race(url, patience=replace(kit.quick, silence_seconds=1.0))
    assert time.monotonic() - started < 8


def test_events_come_from_the_calling_thread(race, server, kit, tiny):
    threads = set()
    race(
        server.serve("/1", kit.status(404)),
        server.serve("/2", kit.whole(tiny.packed)),
        tell=lambda event: threads.add(threading.current_thread()),
    )
    assert threads == {threading.current_thread()}


def test_progress_never_goes_back_to_a_loser(race, server, kit, tiny):
    stopping = server.serve("/1", kit.stalled(tiny.packed, 200_000, server.released))
    race(stopping, server.serve("/2", kit.whole(tiny.packed)), patience=replace(kit.quick, read_seconds=30.0))
    done = [event.done_bytes for event in kinds(race.events, Downloading)]
    assert done == sorted(done)
    assert done[-1] == len(tiny.packed)


def test_what_the_listener_raises_stops_the_race(race, server, kit, tiny):
    def interrupt(event):
        if not isinstance(event, Looking):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        race(server.serve("/1", kit.stalled(tiny.packed, 9000, server.released)), tell=interrupt)
    assert list(race.folder.iterdir()) == []


def test_nothing_is_left_behind(race, server, kit, tiny):
    silent = server.serve("/1", kit.stalled(tiny.packed, 1000, server.released))
    race(silent, server.serve("/2", kit.whole(tiny.packed)), patience=replace(kit.quick, read_seconds=30.0))
    assert list(race.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_the_caches_fault(race, server, kit, tiny):
    race.folder.write_bytes(b"a file, not a folder")
    with pytest.raises(CacheError, match="FIRSTLIGHT_HOME"):
        race(server.serve("/1", kit.whole(tiny.packed)))
    assert server.requests == []


def test_a_cache_that_cannot_be_written_stops_all_mirrors(race, server, kit, tiny, monkeypatch):
    def full(*args):
        raise CacheError("Cannot write the cache: the disk is full")

    monkeypatch.setattr("firstlight.sources._fetch.write_whole", full)
    with pytest.raises(CacheError, match="the disk is full"):
        race(*(server.serve(f"/{i}", kit.whole(tiny.packed)) for i in range(3)))
    assert len(server.requests) == 1


def test_a_mirror_goes_on_from_what_another_gave(race, server, kit, tiny):
    broken = server.serve("/1", kit.stalled(tiny.packed, 200_000, server.released))
    good = server.serve("/2", kit.whole(tiny.packed))
    assert race(broken, good, patience=replace(kit.quick, read_seconds=30.0)) == (good, tiny.packed)
    assert server.requests[1][1]["Range"] == "bytes=200000-"


def test_a_wrong_start_from_another_mirror_does_no_harm(race, server, kit, tiny):
    lying = server.serve("/1", kit.stalled(bytes(len(tiny.packed)), 200_000, server.released))
    good = server.serve("/2", kit.whole(tiny.packed))
    assert race(lying, good, patience=replace(kit.quick, read_seconds=30.0)) == (good, tiny.packed)


def test_what_came_before_all_failed_is_a_start_for_the_next_time(race, server, kit, tiny):
    url = server.serve("/1", kit.stalled(tiny.packed, 200_000, server.released))
    with pytest.raises(PlacesError, match="stalled"):
        race(url, patience=replace(kit.quick, read_seconds=0.3))
    assert [path.name for path in race.folder.iterdir()] == [".resume-tiny-images.gz"]
    server.serve("/1", kit.whole(tiny.packed))
    assert race(url) == (url, tiny.packed)
    assert server.requests[-1][1]["Range"] == "bytes=200000-"
    assert list(race.folder.iterdir()) == []
