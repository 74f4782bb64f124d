"""Fetching one file from one URL. By behaviour, against a real server on the loopback that misbehaves."""

from __future__ import annotations

import datetime
import email.utils
import gzip
import hashlib
import threading
import time
from dataclasses import replace

import pytest

from firstlight._errors import CacheError
from firstlight.sources import Downloading, Retrying
from firstlight.sources._cancelling import CancelledError, Cancelling
from firstlight.sources._fetch import fetch
from firstlight.sources._http import PlaceError, redacted


@pytest.fixture
def get(tmp_path, kit, tiny):
    """Fetch the tiny file into a temporary place, with quick patience; events are kept."""

    def run(url, **options):
        run.events.clear()
        options.setdefault("patience", kit.quick)
        file = options.pop("file", tiny.file)
        return fetch(url, tmp_path / "part", file, tell=run.events.append, **options)

    run.events, run.part = [], tmp_path / "part"
    return run


def test_a_good_file_arrives_whole_with_its_hash(get, server, kit, tiny):
    assert get(server.serve("/f", kit.whole(tiny.packed))) == tiny.file.sha256
    assert get.part.read_bytes() == tiny.packed


def test_progress_is_told_from_the_first_byte_to_the_last(get, server, kit, tiny):
    get(server.serve("/f", kit.whole(tiny.packed)))
    progress = [event for event in get.events if isinstance(event, Downloading)]
    assert progress[0].done_bytes > 0
    assert progress[-1].done_bytes == progress[-1].total_bytes == len(tiny.packed)
    assert (progress[0].dataset, progress[0].name) == ("tiny", "tiny-images.gz")


def test_the_body_is_never_unpacked_on_the_way(get, server, kit, tiny):
    # Some servers say that a .gz file is a gzip-encoded something, and clients then unpack it.
    answer = kit.whole(tiny.packed, **{"Content-Encoding": "gzip"})
    assert get(server.serve("/f", answer)) == tiny.file.sha256
    assert server.requests[0][1]["Accept-Encoding"] == "identity"


def test_chunked_answers_without_a_length_are_read(get, server, tiny):
    def chunked(handler, number):
        handler.head(200, {"Transfer-Encoding": "chunked"})
        for i in range(0, len(tiny.packed), 50_000):
            piece = tiny.packed[i : i + 50_000]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    assert get(server.serve("/f", chunked)) == tiny.file.sha256


def test_a_refused_connection_is_said_and_not_tried_again(get, clean_network, refused_url):
    with pytest.raises(PlaceError, match="connection refused"):
        get(refused_url)
    assert get.events == []


def test_a_host_without_an_address_is_said(get, clean_network):
    with pytest.raises(PlaceError, match=r"no such host: the name nowhere\.invalid"):
        get("https://nowhere.invalid/file.gz")


def test_an_unknown_certificate_is_refused(get, tls_server, kit, tiny):
    url = tls_server.serve("/f", kit.whole(tiny.packed))
    with pytest.raises(PlaceError, match=r"TLS failed: .*certificate"):
        get(url)
    assert tls_server.requests == []


def test_a_certificate_of_the_given_bundle_is_accepted(get, tls_server, kit, tiny, trusted_bundle):
    assert get(tls_server.serve("/f", kit.whole(tiny.packed)), verify=trusted_bundle) == tiny.file.sha256


def test_a_bundle_that_does_not_exist_is_said(get, tls_server, kit, tiny):
    with pytest.raises(PlaceError, match=r"cannot be asked: .*no-bundle\.pem"):
        get(tls_server.serve("/f", kit.whole(tiny.packed)), verify="/no-bundle.pem")


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_a_lasting_refusal_is_not_asked_again(get, server, kit, code):
    with pytest.raises(PlaceError, match=f"HTTP {code}"):
        get(server.serve("/f", kit.status(code)))
    assert server.count("/f") == 1


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_passing_refusal_is_asked_again(get, server, kit, tiny, code):
    url = server.serve("/f", kit.in_turn(kit.status(code), kit.status(code), kit.whole(tiny.packed)))
    assert get(url) == tiny.file.sha256
    assert [event.reason[:8] for event in get.events if isinstance(event, Retrying)] == [f"HTTP {code}"] * 2


def test_a_refusal_that_does_not_pass_ends_after_the_attempts(get, server, kit):
    with pytest.raises(PlaceError, match="HTTP 503"):
        get(server.serve("/f", kit.status(503)))
    assert server.count("/f") == kit.quick.attempts


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_kept_to(get, server, kit, tiny, as_date):
    when = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)
    value = email.utils.format_datetime(when, usegmt=True) if as_date else "0.4"
    url = server.serve("/f", kit.in_turn(kit.status(429, Retry_After=value), kit.whole(tiny.packed)))
    started = time.monotonic()
    get(url)
    assert time.monotonic() - started >= 0.4
    assert get.events[0].wait_seconds >= 0.4


def test_a_retry_after_beyond_all_patience_ends_it(get, server, kit):
    with pytest.raises(PlaceError, match=r"HTTP 429 .*asks us to come back in 3600 s"):
        get(server.serve("/f", kit.status(429, Retry_After="3600")))
    assert server.count("/f") == 1


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><title>Log in</title>", b"\n  <html><body>moved</body></html>"]
)
def test_an_html_page_with_status_200_is_recognised(get, server, kit, page):
    with pytest.raises(PlaceError, match="got an HTML page, probably a captive portal"):
        get(server.serve("/f", kit.status(200, page)))


def test_another_length_is_refused_before_it_is_read(get, server, kit, tiny):
    with pytest.raises(PlaceError, match=f"offers {len(tiny.packed) - 7} bytes, expected {len(tiny.packed)}"):
        get(server.serve("/f", kit.whole(tiny.packed[:-7])))


def test_the_right_length_with_wrong_bytes_is_refused(get, server, kit, tiny):
    wrong = tiny.packed[:-1] + bytes([tiny.packed[-1] ^ 1])
    with pytest.raises(
        PlaceError, match=rf"wrong bytes .*expected SHA-256 {tiny.file.sha256}, got [0-9a-f]{{64}}"
    ):
        get(server.serve("/f", kit.whole(wrong)))
    assert server.count("/f") == 1


def test_a_known_file_in_the_wrong_place_is_named(get, server, kit, tiny, register):
    other = b"other" * 1000
    register(
        replace(tiny.file, dataset="neighbour", name="other.gz", sha256=hashlib.sha256(other).hexdigest())
    )
    file = replace(tiny.file, size_bytes=None)
    with pytest.raises(PlaceError, match=r"this is neighbour's other\.gz"):
        get(server.serve("/f", kit.whole(other)), file=file)


def test_an_md5_decides_where_no_sha256_is_known(get, server, kit, tiny):
    md5 = hashlib.md5(tiny.packed, usedforsecurity=False).hexdigest()
    file = replace(tiny.file, size_bytes=None, sha256=None, md5=md5)
    url = server.serve("/f", kit.whole(tiny.packed))
    assert get(url, file=file) == tiny.file.sha256
    with pytest.raises(PlaceError, match=f"expected MD5 {'0' * 32}, got {md5}"):
        get(url, file=replace(file, md5="0" * 32))


@pytest.mark.parametrize("reset", [False, True])
def test_the_rest_is_asked_for_after_the_connection_broke(get, server, kit, tiny, reset):
    url = server.serve(
        "/f", kit.in_turn(kit.broken_off(tiny.packed, 100_000, reset=reset), kit.whole(tiny.packed))
    )
    assert get(url) == tiny.file.sha256
    again = server.requests[1][1]
    assert int(again["Range"].removeprefix("bytes=").rstrip("-")) > 0
    assert again["If-Range"] == '"one"'


def test_a_server_that_cannot_resume_starts_again_from_the_first_byte(get, server, kit, tiny):
    full = kit.status(200, tiny.packed)  # ignores Range
    assert (
        get(server.serve("/f", kit.in_turn(kit.broken_off(tiny.packed, 100_000), full))) == tiny.file.sha256
    )
    assert get.part.read_bytes() == tiny.packed


def test_a_rest_from_the_wrong_place_is_not_glued_on(get, server, kit, tiny):
    lying = kit.status(
        206, tiny.packed[5:], Content_Range=f"bytes 5-{len(tiny.packed) - 1}/{len(tiny.packed)}"
    )
    url = server.serve("/f", kit.in_turn(kit.broken_off(tiny.packed, 100_000), lying, kit.whole(tiny.packed)))
    assert get(url) == tiny.file.sha256


def test_a_rest_of_another_version_is_thrown_away(get, server, kit, tiny):
    other = kit.whole(bytes(len(tiny.packed)))
    url = server.serve("/f", kit.in_turn(kit.broken_off(tiny.packed, 100_000), other, kit.whole(tiny.packed)))
    assert get(url) == tiny.file.sha256


def test_a_range_that_is_refused_starts_again(get, server, kit, tiny):
    url = server.serve(
        "/f", kit.in_turn(kit.broken_off(tiny.packed, 100_000), kit.status(416), kit.whole(tiny.packed))
    )
    assert get(url) == tiny.file.sha256


def test_a_file_that_is_always_cut_off_ends_after_the_attempts(get, server, kit, tiny):
    def cut(handler, number):
        handler.head(200, {"Content-Length": str(len(tiny.packed))})
        handler.wfile.write(tiny.packed[:1000])

    with pytest.raises(PlaceError, match=r"connection broken after 1000 bytes|cut off after 1000 of"):
        get(server.serve("/f", cut))
    assert server.count("/f") == kit.quick.attempts


def test_an_end_that_comes_early_is_asked_for_as_long_as_it_gets_further(get, server, kit, tiny):
    def a_bit_more(handler, number):
        asked = handler.headers.get("Range", "bytes=0-")
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        end = len(tiny.packed)
        headers = {"Content-Length": str(end - start), "Content-Range": f"bytes {start}-{end - 1}/{end}"}
        handler.head(206 if start else 200, headers)
        handler.wfile.write(tiny.packed[start : start + 60_000])

    assert get(server.serve("/f", a_bit_more)) == tiny.file.sha256
    assert server.count("/f") == 6 > kit.quick.attempts


def test_a_stalled_transfer_is_given_up(get, server, kit, tiny):
    url = server.serve("/f", kit.stalled(tiny.packed, 1000, server.released))
    with pytest.raises(PlaceError, match=r"stalled: no byte for 0\.3 s"):
        get(url, patience=replace(kit.quick, read_seconds=0.3))
    assert server.count("/f") == kit.quick.attempts


def test_a_dripping_transfer_is_given_up(get, server, kit, tiny):
    with pytest.raises(PlaceError, match=r"too slow: .*less than 1000 bytes/s"):
        get(server.serve("/f", kit.dripping(tiny.packed, server.released)))


def test_no_more_is_written_than_the_file_has(get, server, tiny):
    def endless(handler, number):
        handler.head(200, {"Transfer-Encoding": "chunked"})
        while True:
            handler.wfile.write(b"%x\r\n%s\r\n" % (100_000, bytes(100_000)))

    with pytest.raises(PlaceError, match=f"sends more than the {len(tiny.packed)} bytes"):
        get(server.serve("/f", endless))
    assert get.part.stat().st_size <= len(tiny.packed)


def test_a_file_of_unknown_size_is_bounded_too(get, server, kit, tiny, monkeypatch):
    monkeypatch.setattr("firstlight.sources._fetch.UNKNOWN_SIZE_MOST_BYTES", 1000)
    with pytest.raises(PlaceError, match="sends more than the 1000 bytes"):
        get(server.serve("/f", kit.whole(tiny.packed)), file=replace(tiny.file, size_bytes=None))


def test_redirects_are_followed(get, server, kit, tiny):
    server.serve("/there", kit.whole(tiny.packed))
    assert get(server.serve("/f", kit.status(302, Location="/there"))) == tiny.file.sha256


def test_a_circle_of_redirects_ends(get, server, kit):
    with pytest.raises(PlaceError, match="redirects more than 8 times"):
        get(server.serve("/f", kit.status(302, Location="/f")))


def test_a_redirect_from_https_to_http_is_refused(get, server, tls_server, kit, tiny, trusted_bundle):
    plain = server.serve("/f", kit.whole(tiny.packed))
    secure = tls_server.serve("/f", kit.status(302, Location=plain))
    with pytest.raises(PlaceError, match=r"redirects from https to http://.* refused"):
        get(secure, verify=trusted_bundle)
    assert server.requests == []


def test_a_redirect_from_http_to_https_is_followed(get, server, tls_server, kit, tiny, trusted_bundle):
    secure = tls_server.serve("/f", kit.whole(tiny.packed))
    assert (
        get(server.serve("/f", kit.status(301, Location=secure)), verify=trusted_bundle) == tiny.file.sha256
    )


def test_cancelling_wakes_a_transfer_that_waits_for_bytes(get, server, kit, tiny):
    cancelling = Cancelling()
    patience = replace(kit.quick, read_seconds=30.0, slow_window_seconds=60.0)
    threading.Timer(0.3, cancelling.cancel).start()
    started = time.monotonic()
    with pytest.raises(CancelledError):
        get(
            server.serve("/f", kit.stalled(tiny.packed, 1000, server.released)),
            cancelling=cancelling,
            patience=patience,
        )
    assert time.monotonic() - started < 5


def test_a_part_that_cannot_be_opened_is_the_caches_fault(server, kit, tiny, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    url = server.serve("/f", kit.whole(tiny.packed))
    with pytest.raises(CacheError, match="FIRSTLIGHT_HOME"):
        fetch(url, tmp_path / "file" / "part", tiny.file, tell=lambda event: None)


def test_an_address_that_makes_no_sense_is_said(get, clean_network):
    with pytest.raises(PlaceError, match="cannot be asked"):
        get("gopher://example.invalid/file.gz")


def test_passwords_in_urls_are_not_told():
    assert redacted("https://me:secret@example.org/a?b=c") == "https://example.org/a?b=c"


def test_a_gzip_bomb_of_the_right_name_is_bounded_by_the_published_size(get, server, kit, tiny):
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(PlaceError, match=f"offers {len(bomb)} bytes, expected"):
        get(server.serve("/f", kit.whole(bomb)))
