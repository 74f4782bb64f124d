"""Sweeps on real clusters on loopback, with a node killed in the middle. Kind: oracle (`train`) and behaviour."""

from __future__ import annotations

import contextlib
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch

from firstlight import load, train
from firstlight._errors import UsageError
from firstlight._seeds import derived_seed
from firstlight.models import MLP
from firstlight.recipes import Recipe, find_recipe
from firstlight.training import SweepEvent, SweepResult, SweepRun, SweepStarted, load_run, sweep
from firstlight.training._sweep_address import check_grpc, host_and_port
from firstlight.training._sweep_data import SplitPair

FAST = find_recipe("mlp-fast")
RUNS = 10
POISON = 6
PATIENCE_SECONDS = 120.0

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs pip install 'firstlight[cluster]'")
needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="needs pip install 'firstlight[cluster]'"
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, as a power cut would."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        whole = psutil.Process(process.pid)
        for each in [*whole.children(recursive=True), whole]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
    process.wait()


@contextlib.contextmanager
def programs(folder: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start programs that are all gone when the block ends."""
    started: list[subprocess.Popen[bytes]] = []
    folder.mkdir()
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "OMP_NUM_THREADS": "1"}

    def start(*words: str) -> subprocess.Popen[bytes]:
        with (folder / f"{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *words], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment
            )
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in reversed(started):
            kill_tree(process)


def poisoned() -> Recipe:
    """Return a recipe with which one seed kills the worker that trains it."""
    start = derived_seed(POISON, "weights")

    # A closure is sent by value, so that the workers need not find this module.
    def make(shape: Any, classes: int, *, generator: torch.Generator) -> MLP:
        if generator.initial_seed() == start:
            os.kill(os.getpid(), 9)
        return MLP(shape, classes, hidden=(256, 128), generator=generator)

    return replace(FAST, name="poisoned", model=make, epochs=40)


@pytest.fixture(scope="module")
def pair() -> SplitPair:
    train_images, test_images = load("mnist")
    return train_images[:2000], test_images[:200]


def survives(
    pair: SplitPair, out: Path, backend: str, address: str, kill: Callable[[], None], **options: Any
) -> SweepResult:
    """Sweep, kill a node after the third run, and check that nothing but the poisonous run is missing."""
    events: list[SweepEvent] = []

    def watch(event: SweepEvent) -> None:
        events.append(event)
        if len([one for one in events if isinstance(one, SweepRun)]) == 3 and isinstance(event, SweepRun):
            kill()

    result = sweep(
        poisoned(), seeds=RUNS, dataset=pair, backend=backend, address=address, out=out, on_event=watch,
        **options,
    )  # fmt: skip
    started = events[0]
    assert isinstance(started, SweepStarted)
    assert (started.workers.jobs, started.workers.threads) == (2, 1)
    assert "2 processors of the cluster" in started.workers.reason
    assert [run.task.seed for run in result.runs] == [seed for seed in range(RUNS) if seed != POISON]
    assert [failure.task.seed for failure in result.failures] == [POISON]
    assert result.failures[0].message.startswith("Its worker died: ")
    last = result.runs[-1]
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    single = train(replace(poisoned(), model=FAST.model), dataset=pair, seed=last.task.seed, device="cpu")
    torch.set_num_threads(before)
    kept = load_run(last.folder, recipe=FAST)
    assert all(map(torch.equal, kept.model.state_dict().values(), single.model.state_dict().values()))
    return result


@pytest.mark.slow
@needs_ray
def test_a_ray_cluster_of_two_nodes_that_loses_one(pair: SplitPair, tmp_path: Path) -> None:
    port = free_port()
    node = [
        "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1", "--disable-usage-stats",
        "--object-store-memory=80000000", "--min-worker-port=0", "--max-worker-port=0", "--include-log-monitor=false",
    ]  # fmt: skip
    # Ray makes sockets below its folder, and their paths must be short.
    with programs(tmp_path / "log") as start, short_folder() as place:
        start(*node, "--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={place}")
        wait_until(lambda: has_started(tmp_path / "log" / "0.log"), "Ray's head has started")
        second = start(*node, f"--address=127.0.0.1:{port}", "--node-ip-address=127.0.0.2")
        wait_until(lambda: has_started(tmp_path / "log" / "1.log"), "the second node has joined")
        survives(pair, tmp_path / "sweeps", "ray", f"127.0.0.1:{port}", lambda: kill_tree(second))


@contextlib.contextmanager
def short_folder() -> Iterator[str]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="fl-", ignore_cleanup_errors=True) as place:
        yield place


def has_started(log: Path) -> bool:
    return "Ray runtime started" in log.read_text(errors="replace")


@pytest.mark.slow
@needs_dask
@pytest.mark.parametrize("shares_disk", [True, False], ids=["shared disk", "no shared disk"])
def test_a_dask_cluster_of_two_workers_that_loses_one(
    shares_disk: bool, pair: SplitPair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shares_disk:
        # Workers that see no folder with the token take the sweep's for another machine's.
        module = sys.modules["firstlight.training._sweep"]
        monkeypatch.setattr(module, "SweepJob", lambda **fields: SweepJobOf({**fields, "token": ""}))
    port = free_port()
    with programs(tmp_path / "log") as start:
        start("-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        worker = ("-m", "dask", "worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard")
        first, _ = start(*worker), start(*worker)
        wait_until(lambda: dask_workers(port) == 2, "both workers have joined")
        result = survives(
            pair, tmp_path / "sweeps", "dask", f"tcp://127.0.0.1:{port}", lambda: kill_tree(first)
        )
    assert (result.folder / "unfinished").exists() == shares_disk


def SweepJobOf(fields: dict[str, Any]) -> Any:
    from firstlight.training._sweep_job import SweepJob

    return SweepJob(**fields)


def dask_workers(port: int) -> int:
    from distributed import Client

    try:
        with Client(f"tcp://127.0.0.1:{port}", timeout=2, set_as_default=False) as client:
            return len(client.ncores())
    except OSError:
        return 0


# Addresses where no cluster is


@pytest.fixture
def web_server() -> Iterator[str]:
    """A server of another kind."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("address", ["nowhere", "host:", ":6379", "host:seven", "host:70000", ""])
def test_an_address_has_a_host_and_a_port(address: str) -> None:
    with pytest.raises(UsageError, match="--address is host:port"):
        host_and_port(address)


def test_addresses_are_taken_as_ray_and_dask_print_them() -> None:
    assert host_and_port("tcp://10.0.0.1:8786") == ("10.0.0.1", 8786)
    assert host_and_port("ray://head.example:10001") == ("head.example", 10001)
    assert host_and_port("[::1]:6379") == ("::1", 6379)


def test_nobody_there_is_told_at_once() -> None:
    with pytest.raises(UsageError, match=r"Nothing answers at 127\.0\.0\.1:\d+ .*Start it\."):
        check_grpc(f"127.0.0.1:{free_port()}", cure="Start it.")


def test_somebody_who_says_nothing_is_told_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(UsageError, match=r"Nothing answers at .*timed out"):
            check_grpc(f"127.0.0.1:{server.getsockname()[1]}", cure="", seconds=0.2)
        assert time.monotonic() - began < 10


def test_a_server_of_another_kind_is_no_ray_head(web_server: str) -> None:
    with pytest.raises(UsageError, match=r"Something answers at .*, but not as Ray's head does"):
        check_grpc(web_server, cure="")


@needs_ray
def test_a_sweep_without_its_ray_cluster_says_how_to_start_one(pair: SplitPair, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(UsageError, match=r"Nothing answers at .*ray start --head"):
        sweep(FAST, seeds=1, dataset=pair, backend="ray", address=address, out=tmp_path)


@needs_dask
def test_a_sweep_without_its_dask_cluster_says_how_to_start_one(
    pair: SplitPair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firstlight.training._sweep_dask import DaskBackend

    with pytest.raises(UsageError, match=r"No Dask scheduler answers at .*dask scheduler"):
        DaskBackend(f"tcp://127.0.0.1:{free_port()}", jobs=None, seconds=0.5)
