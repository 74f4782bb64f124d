"""Whole processes that are killed, that come eight at once, or that meet a full or read-only disk.

By behaviour: whatever happened, the next call gives the right bytes or one clear error, and nothing
half-written is ever taken for a member.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import time

import pytest

from firstlight.sources import DataFile, Member, member_path
from firstlight.sources import _cache as cache

pytestmark = pytest.mark.usefixtures("clean_parts", "nothing_else")

# What a process of its own runs first: the tiny data set in its registry, and quick patience.
PREAMBLE = """
import json, os, signal, sys
from dataclasses import replace
from firstlight import _atomic
from firstlight._errors import FirstlightError
from firstlight.sources import DataFile, Member, REGISTRY, member_path, remove
from firstlight.sources import _adopt, _cache, _decode, _explain, _fetch, _registry, _take
import filelock, requests, urllib3
facts = json.loads(os.environ["TINY"])
member = Member(**facts.pop("member"))
file = DataFile(**{**facts, "urls": tuple(facts["urls"]), "members": (member,)})
_registry.REGISTRY = {**REGISTRY, "tiny": (file,)}
_adopt.adoptable = lambda file, member: iter(())
_take.WHEELS = {}
_take.PATIENCE = replace(_take.PATIENCE, hedge_seconds=0.2, backoff_seconds=0.01, attempts=2)
"""


def facts_of(tiny, *urls):
    (member,) = tiny.file.members
    parts = {name: getattr(tiny.file, name) for name in ("dataset", "name", "size_bytes", "sha256")}
    facts = {name: getattr(member, name) for name in ("name", "path", "size_bytes", "sha256")}
    return json.dumps({**parts, "urls": urls, "members": (), "member": facts})


@pytest.fixture
def process(data_home, tiny, python_env, server):
    """Start a process that runs a script after the preamble."""
    started = []

    def start(script, *urls):
        env = {**python_env(), "TINY": facts_of(tiny, *urls)}
        command = [sys.executable, "-c", PREAMBLE + script]
        running = subprocess.Popen(
            command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill()
        running.communicate()


GET = "print(member_path('tiny', 'tiny-images'))"
GET_OR_SAY = f"""
try:
    {GET}
except FirstlightError as error:
    print(type(error).__name__, error)
"""


def test_eight_processes_at_once_fetch_once_and_all_succeed(process, data_home, server, kit, tiny):
    def slow(handler, number):
        time.sleep(0.3)
        kit.whole(tiny.packed)(handler, number)

    url = server.serve("/tiny", slow)
    running = [process(GET, url) for _ in range(8)]
    said = [one.communicate(timeout=60)[0].strip() for one in running]
    assert said == [str(data_home / "datasets" / "tiny" / "tiny-images")] * 8
    assert server.count("/tiny") == 1


def test_killed_in_the_middle_of_a_download(process, server, kit, tiny, register):
    stalled = kit.stalled(tiny.packed, 150_000, server.released)
    url = server.serve("/tiny", kit.in_turn(stalled, kit.whole(tiny.packed)))
    running = process(GET, url)
    folder = cache.dataset_folder("tiny")
    deadline = time.monotonic() + 20
    while not any(part.stat().st_size for part in folder.glob(".part-*/*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.kill()
    running.wait()
    assert list(folder.glob(".part-*"))  # it was indeed in the middle
    register(tiny.at(url))
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded
    asked = server.requests[-1][1]["Range"]
    assert int(asked.removeprefix("bytes=").rstrip("-")) == 150_000  # only the rest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks to be quick")
def test_killed_at_every_single_step_on_the_disk(process, server, kit, tiny):
    # One process after the other is killed (SIGKILL) at its n-th step: before a file is opened, renamed or
    # removed, and in the middle of each write. After each, a healthy one must give the right bytes.
    script = """
import hashlib
home = os.environ["FIRSTLIGHT_HOME"]
write_whole = _cache.write_whole

def run(kill_at):
    steps = 0
    def step(half=lambda: None):
        nonlocal steps
        steps += 1
        if steps == kill_at:
            half()
            os.kill(os.getpid(), signal.SIGKILL)
    def audit(event, args):
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} and str(args[0]).startswith(home):
            step()
    def write(out, piece, path):
        step(lambda: out.write(memoryview(piece)[: len(piece) // 2]))
        write_whole(out, piece, path)
    _cache.write_whole = _fetch.write_whole = write
    sys.addaudithook(audit)
    member_path("tiny", "tiny-images")

def in_child(action, *args):
    pid = os.fork()
    if pid == 0:
        try:
            action(*args)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def check():
    found = _cache.fresh_stamp(_cache.member_file("tiny", "tiny-images"))
    data = member_path("tiny", "tiny-images").read_bytes()
    parts = [str(p) for p in _cache.dataset_folder("tiny").glob(".part-*")]
    # A member that was finished before the kill is simply used; then nobody had a reason to sweep.
    right = hashlib.sha256(data).hexdigest() == member.sha256 and (found or not parts)
    print("right" if right else parts, flush=True)
    remove("tiny")
    if list(_cache.dataset_folder("tiny").glob(".part-*")):
        print("not swept", flush=True)

import shutil
for n in range(1, 200):
    shutil.rmtree(home, ignore_errors=True)
    code = in_child(run, n)
    if code == 0:
        print("steps", n - 1, flush=True)
        break
    assert code == -signal.SIGKILL, code
    in_child(check)
"""
    running = process(script, server.serve("/tiny", kit.whole(tiny.packed)))
    said = running.communicate(timeout=60)[0].split("\n")
    steps = int(said[-2].removeprefix("steps "))
    assert steps >= 10
    assert said[:-2] == ["right"] * steps


def test_a_disk_that_is_full_while_downloading(process, server, kit, tiny, data_home):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    running = process(limit + GET_OR_SAY, server.serve("/tiny", kit.whole(tiny.packed)))
    said = running.communicate(timeout=30)[0]
    assert said.startswith(f"CacheError Cannot write {data_home}")
    assert "ulimit -f" in said
    assert {path.name for path in cache.dataset_folder("tiny").iterdir()} == {".lock"}


def test_a_disk_that_is_full_while_decoding(process, server, kit, tiny):
    # The packed file is as long as the decoded one, so the limit strikes at the first write of the member.
    script = """
write_whole = _cache.write_whole
def full(out, piece, path):
    with _atomic.explained(path):
        raise OSError(28, os.strerror(28))
_cache.write_whole = full
"""
    running = process(script + GET_OR_SAY, server.serve("/tiny", kit.whole(tiny.packed)))
    said = running.communicate(timeout=30)[0]
    assert said.startswith("CacheError")
    assert "the disk is full: free some space, or set FIRSTLIGHT_HOME" in said
    assert {path.name for path in cache.dataset_folder("tiny").iterdir()} == {".lock"}


def test_a_read_only_cache_that_has_everything_is_enough(process, server, kit, tiny, register, data_home):
    url = server.serve("/tiny", kit.whole(tiny.packed))
    register(tiny.at(url))
    path = member_path("tiny", "tiny-images")
    for place in (path.parent, path.parent.parent, data_home, path):
        place.chmod(0o555)
    try:
        assert process(GET, url).communicate(timeout=30)[0].strip() == str(path)
    finally:
        for place in (data_home, path.parent.parent, path.parent):
            place.chmod(0o755)
    assert server.count("/tiny") == 1


def test_a_gzip_bomb_with_the_registered_hash_is_stopped(data_home, server, kit, register):
    # Even if the registry itself were fooled, no more is written than the member has.
    bomb = gzip.compress(bytes(100_000_000), 1)
    file = DataFile(
        "bomb",
        "bomb.gz",
        len(bomb),
        hashlib.sha256(bomb).hexdigest(),
        (server.serve("/bomb", kit.whole(bomb)),),
        (Member("bomb", size_bytes=1000),),
    )
    register(file)
    with pytest.raises(OSError, match="unpacks to more than 1000 bytes"):
        member_path("bomb", "bomb")
    assert {path.name for path in cache.dataset_folder("bomb").iterdir()} == {".lock"}
