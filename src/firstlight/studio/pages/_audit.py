"""Page Audit: labels that are probably wrong, found on request and asked about one by one.

An audit takes a minute or so on two cores. It runs in a thread of the server, so that a page may be closed
and opened again meanwhile; what it found is kept under the home, and shown at once from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from firstlight._errors import UsageError
from firstlight.studio._job import Job
from firstlight.studio._page import Asked, Page, api
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    from firstlight.audits import AuditEvent
    from firstlight.audits._review import Splits
    from firstlight.studio._kept_audit import KeptAudit

__all__ = ["PAGE"]

SPLITS = ("test", "train")
MOST = 500  # suspects that are sent
LOOKING = {
    "scores": "Weighing what the networks said",
    "neighbours": "Looking for look-alikes of the suspects",
    "duplicates": "Looking for images that are there twice",
    "outliers": "Looking for images like none of the classes",
}


def shown(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say what can be audited, and whether an audit runs."""
    splits = _splits(studio)
    sizes = {name: len(splits[name]) for name in SPLITS}
    return {"dataset": studio.dataset, "sizes": sizes, "job": _job(studio).state()}


def progress(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """Say how far an audit is."""
    return _job(studio).state()


def start(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Begin an audit."""
    split, depth = _chosen(asked)
    job = _job(studio)
    job.start(lambda job: _audited(studio, split, depth, job), split=split, depth=depth, words="Loading")
    return job.state()


def stop(studio: Studio, _asked: Asked) -> dict[str, Any]:
    """End an audit; what its networks found by then is shown and not kept."""
    _job(studio).stop()
    return {}


def found(studio: Studio, asked: Asked) -> dict[str, Any]:
    """Send what an audit found, with pictures; nothing where none was made."""
    from firstlight.audits._review import with_pictures

    split, depth = _chosen(asked)
    audit = _found(studio, split, depth)
    if audit is None:
        return {"found": None}
    return {"found": audit.summary, "review": with_pictures(audit.review, _splits(studio), most=MOST)}


def _audited(studio: Studio, split: str, depth: str, job: Job) -> dict[str, Any]:
    from firstlight.audits import AuditInterrupted, audit
    from firstlight.audits._folds import FOLDS
    from firstlight.studio._job import Stopped
    from firstlight.studio._kept_audit import DEPTHS, keep_audit, summed_up

    # With so little time no second round begins, which the plan does not know.
    most = None if DEPTHS[depth] is None else FOLDS if split == "train" else 1
    try:
        report = audit(
            studio.images(),
            split=split,
            seconds=DEPTHS[depth],
            on_event=lambda event: _tell(job, event, most),
        )
    except AuditInterrupted as error:
        if error.report is None:
            raise Stopped from error
        report = error.report
    audited = summed_up(report, _splits(studio))
    _latest(studio)[split, depth] = audited
    if report.is_complete:
        keep_audit(audited, _file(studio, split, depth))
    return {}


def _tell(job: Job, event: AuditEvent, most: int | None) -> None:
    from firstlight.audits import AuditStarted, JudgeStarted, JudgeStep, Looking

    match event:
        case AuditStarted():
            job.tell(judges=most or event.judges, judge=0, done=0.0, words="The first network begins")
        case JudgeStarted():
            job.tell(judge=event.judge)
        case JudgeStep():
            state = job.state()
            judge, judges = state["judge"], state["judges"]
            done = (judge - 1 + event.step / event.steps) / judges
            job.tell(done=done, words=f"Network {judge} of {judges}: step {event.step} of {event.steps}")
        case Looking():
            job.tell(done=1.0, words=LOOKING.get(event.what, event.what))
        case _:
            job.tell()


def _found(studio: Studio, split: str, depth: str) -> KeptAudit | None:
    from firstlight.studio._kept_audit import kept_audit

    latest = _latest(studio)
    if (split, depth) not in latest:
        kept = kept_audit(_file(studio, split, depth))
        if kept is None:
            return None
        latest[split, depth] = kept
    return latest[split, depth]


def _file(studio: Studio, split: str, depth: str) -> Path:
    from firstlight.studio._kept_audit import DEPTHS, audit_file

    return audit_file(studio, split, DEPTHS[depth])


def _chosen(asked: Asked) -> tuple[str, str]:
    from firstlight.studio._kept_audit import DEPTHS

    chosen = []
    for name, allowed in (("split", SPLITS), ("depth", tuple(DEPTHS))):
        value = asked.query.get(name, allowed[0])
        if value not in allowed:
            raise UsageError(f"{name} is {' or '.join(allowed)}; got {value[:40]!r}.")
        chosen.append(value)
    return chosen[0], chosen[1]


def _splits(studio: Studio) -> Splits:
    train, test = studio.images()
    return {"train": train, "test": test}


def _job(studio: Studio) -> Job:
    return studio.once("audit/job", lambda: Job("audit"))


def _latest(studio: Studio) -> dict[tuple[str, str], KeptAudit]:
    return studio.once("audit/latest", dict)


PAGE = Page(
    name="audit",
    title="Audit",
    place=5,
    purpose="Labels that are probably wrong. You look at each, and say what it is.",
    borrows=("audits",),
    routes=(
        api("audit/shown", shown),
        api("audit/progress", progress, method="GET"),
        api("audit/start", start),
        api("audit/stop", stop),
        api("audit/found", found, method="GET"),
    ),
)
