"""Runs on a Ray cluster: each is a task of Ray's, which starts it again elsewhere if its node is lost."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from importlib import import_module
from typing import Any

from firstlight._errors import FirstlightError, UsageError
from firstlight.training._sweep_address import check_grpc
from firstlight.training._sweep_backend import ATTEMPTS, Batch, SweepBackend, lost
from firstlight.training._sweep_job import SweepOutcome
from firstlight.training._sweep_plan import SweepTask

__all__ = ["RayBackend"]

LOOK_SECONDS = 0.1
CURE = "Start a head with `ray start --head --port=6379`, and give its address as Ray prints it."


class RayBackend(SweepBackend):
    """Tasks on a Ray cluster that is already there; made to be used once.

    Not the backend that Ray registers with joblib: that one hands out no result before the last one is there,
    asks for no processor, so that all its workers may lie on one node, and is broken by the loss of any.

    Parameters
    ----------
    address
        ``host:port`` of the head, ``ray://host:port``, or ``auto`` for the cluster that this machine is in.
    jobs
        How many runs are under way at once; ``None`` fills the cluster's processors.
    threads
        Processors that each run takes.
    needs_gpu
        Whether each run takes a GPU besides; Ray shows it no other.

    Raises
    ------
    UsageError
        No cluster answers at the address, or it has no processor free for us.
    """

    def __init__(self, address: str, *, jobs: int | None, threads: int, needs_gpu: bool = False) -> None:
        self._ray = import_module("ray")
        self._connected = _connect(self._ray, address)
        resources = self._ray.cluster_resources()
        self.processors, gpus = int(resources.get("CPU", 0)), int(resources.get("GPU", 0))
        places = min(self.processors // threads, gpus if needs_gpu else self.processors)
        if not places:
            self.stop()
            raise UsageError(
                f"The Ray cluster at {address} has {self.processors} processors and {gpus} GPUs; "
                f"a run takes {threads} and {int(needs_gpu)}."
            )
        super().__init__(jobs or places)
        self._remote = self._ray.remote(_called).options(
            num_cpus=threads, num_gpus=int(needs_gpu), max_retries=ATTEMPTS - 1, scheduling_strategy="SPREAD"
        )
        self._waiting: dict[Any, tuple[Future[list[SweepOutcome]], SweepTask]] = {}
        self._collector: threading.Thread | None = None

    def start(self, batch: Batch, task: SweepTask) -> Future[list[SweepOutcome]]:
        """Hand a run to Ray."""
        future: Future[list[SweepOutcome]] = Future()
        self._waiting[self._remote.remote(batch)] = (future, task)
        if self._collector is None:
            self._collector = threading.Thread(target=self._collect, daemon=True)
            self._collector.start()
        return future

    def stop(self) -> None:
        """Cancel what still runs and leave the cluster."""
        if self._connected:
            self._connected = False
            for reference in list(getattr(self, "_waiting", ())):
                self._ray.cancel(reference, force=True)
            if collector := getattr(self, "_collector", None):
                collector.join()
            self._ray.shutdown()

    def _collect(self) -> None:
        """Settle the futures of finished runs, one after the other, until we leave."""
        while self._connected:
            if not self._waiting:
                threading.Event().wait(LOOK_SECONDS)
                continue
            try:
                ready, _ = self._ray.wait(list(self._waiting), num_returns=1, timeout=LOOK_SECONDS)
            except Exception as error:
                self._give_up(error)
                return
            for reference in ready:
                self._settle(reference)

    def _settle(self, reference: Any) -> None:
        future, task = self._waiting.pop(reference)
        errors = self._ray.exceptions
        try:
            future.set_result(self._ray.get(reference))
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError) as error:
            future.set_result(lost(task, f"{ATTEMPTS} times, {str(error).splitlines()[0]}"))
        except Exception as error:
            future.set_exception(_cluster_lost(error))

    def _give_up(self, error: Exception) -> None:
        for future, _ in self._waiting.values():
            future.set_exception(_cluster_lost(error))
        self._waiting.clear()


def _called(batch: Batch) -> list[SweepOutcome]:
    return batch()


def _cluster_lost(error: Exception) -> FirstlightError:
    return FirstlightError(
        f"The Ray cluster was lost ({type(error).__name__}: {error}). What is finished is kept; "
        "give the same command again when the cluster is back."
    )


def _connect(ray: Any, address: str) -> bool:
    if address != "auto" and not os.environ.get("RAY_USE_TLS"):
        check_grpc(address, cure=CURE)
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError, ValueError, ImportError) as error:
        raise UsageError(f"Cannot join the Ray cluster at {address}: {error} {CURE}") from error
    return True
