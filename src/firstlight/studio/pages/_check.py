"""Page Check: is this implementation right? Code from the page runs in a process of its own, with limits.

It runs with the rights of whoever started the studio, and the page says so. What keeps others from sending
code is the guard: the token, the Host header, the origin; see `firstlight.studio._security`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from firstlight._errors import UsageError
from firstlight.studio._job import Job
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    from firstlight.checks import CheckReport, CheckResult, Limits
    from firstlight.studio._pasted import Pasted

__all__ = ["PAGE"]

IMPORT_SECONDS, SECONDS = 30.0, 150.0


def shown(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say what can be chosen, and whether a check runs."""
    from firstlight.checks import KINDS
    from firstlight.checks._kinds import noun_of
    from firstlight.studio._examples import EXAMPLES

    examples = [
        {
            "name": one.name, "title": one.title, "target": one.target, "kind": one.kind, "like": one.like,
            "code": one.code(),
        }
        for one in EXAMPLES
    ]  # fmt: skip
    kinds = [{"name": kind, "noun": noun_of(kind)} for kind in KINDS]
    return {"examples": examples, "kinds": kinds, "job": _job(studio).state()}


def references(_studio: Studio, asked: Asked) -> dict[str, Any]:
    """Send the references that a kind knows."""
    from firstlight.checks._kinds import find_kind

    return {"references": list(find_kind(asked.query.get("kind", "")).references())}


def progress(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say how far a check is."""
    return _job(studio).state()


def start(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Begin a check."""
    from firstlight.studio._pasted import Pasted

    given = _json(asked.body)
    pasted = Pasted.of(given)
    job = _job(studio)
    job.start(lambda job: _checked(studio, pasted, given, job), done=[])
    return job.state()


def stop(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """End a check, its process and all that it started."""
    _job(studio).stop()
    return {}


def report(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Send the last report and what was asked; nothing where there is none."""
    last = _last(studio)
    return {"asked": last["asked"], **_sent(last["report"])} if last else {"report": None}


def read(_studio: Studio, asked: Asked) -> dict[str, Any]:
    """Send a report that the page was given as JSON, in words."""
    from firstlight.checks import read_report

    return _sent(read_report(asked.body))


def _checked(studio: Studio, pasted: Pasted, given: Any, job: Job) -> dict[str, Any]:
    from firstlight.studio._pasted import check_pasted

    done: list[dict[str, str]] = []
    _last(studio).clear()

    def take(result: CheckResult) -> None:
        done.append({"id": result.id, "name": result.name, "status": result.status})
        job.tell(done=list(done))

    found = check_pasted(pasted, _limits(studio), on_result=take, while_waiting=job.tell)
    _last(studio).update(report=found, asked=given)
    return {"verdict": found.verdict}


def _sent(found: CheckReport) -> dict[str, Any]:
    from firstlight.checks import report_body

    # The template escapes all that comes from code or from a file.
    return {"report": found.fields(), "html": report_body(found, level=2)}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The page sent no JSON: {error}.") from error


def _limits(studio: Studio) -> Limits:
    def usual() -> Limits:
        from firstlight.checks import Limits

        return Limits(import_seconds=IMPORT_SECONDS, seconds=SECONDS)

    return studio.once("check/limits", usual)


def _job(studio: Studio) -> Job:
    return studio.once("check/job", lambda: Job("check"))


def _last(studio: Studio) -> dict[str, Any]:
    return studio.once("check/last", dict)


PAGE = Page(
    name="check",
    title="Check",
    place=6,
    purpose="Is my implementation right? Ask it many small questions whose answers are known.",
    borrows=("checks",),
    routes=(
        api("check/shown", shown),
        api("check/references", references, method="GET"),
        api("check/progress", progress, method="GET"),
        api("check/start", start),
        api("check/stop", stop),
        api("check/report", report),
        api("check/read", read),
    ),
)
