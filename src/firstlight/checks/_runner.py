"""Ask one subject all checks of its kind, in this process; whatever it does becomes an outcome."""

from __future__ import annotations

import os
import random
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firstlight._seeds import derived_seed
from firstlight.checks._definition import Check
from firstlight.checks._outcome import Outcome, failed, inconclusive
from firstlight.checks._report import CheckResult

__all__ = ["TargetBroke", "broken", "outcome_of", "run_check", "theirs", "wanted_checks"]

PACKAGE = str(Path(__file__).parents[1])


class TargetBroke(Exception):  # noqa: N818 - no error of ours: it carries one of theirs
    """What an implementation raised while it was called; the cause is the exception itself."""


@contextmanager
def theirs() -> Iterator[None]:
    """Mark a block as a call of the implementation: whatever it raises is then its failure, not ours.

    Every call has to be marked. Where the implementation forks, and comes back from the call as two
    processes, the second one ends here: it would ask all that follows again, and fork with each call.
    """
    process = os.getpid()
    try:
        yield
    except Exception as error:
        raise TargetBroke(f"{type(error).__name__}: {error}") from error
    finally:
        if os.getpid() != process:
            os._exit(0)


def wanted_checks(checks: Iterable[Check], *, quick: bool, done: Iterable[str] = ()) -> tuple[Check, ...]:
    """Return the checks that are still to run."""
    left_out = set(done)
    return tuple(check for check in checks if check.id not in left_out and (check.is_quick or not quick))


def run_check(check: Check, subject: Any, *, seed: int) -> tuple[CheckResult, Outcome]:
    """Run one check. What the implementation raises is a failure of it; what we raise is not."""
    _seed_everything(derived_seed(seed, "check", check.id))
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = check.run(subject)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        outcome = outcome_of(check, error)
    return CheckResult.of(outcome, check, seconds=time.perf_counter() - started), outcome


def outcome_of(check: Check, error: BaseException) -> Outcome:
    """Return what it means that an exception came out of a check."""
    if isinstance(error, SystemExit):
        return broken(check, f"it called exit({error.code!r})", "Raise an exception instead of leaving.")
    if isinstance(error, MemoryError):
        return broken(check, "it ran out of memory", "Look for a tensor that grows with each call.")
    return _raised(check, error)


def broken(check: Check, what: str, hint: str) -> Outcome:
    """Return the failure of an implementation that did not get to an answer."""
    return failed(
        check.families[0],
        expected="an answer",
        seen=what,
        where=check.name,
        hint=hint,
        certainty=0.2,
    )


def _raised(check: Check, error: BaseException) -> Outcome:
    is_theirs = isinstance(error, TargetBroke)
    error = error.__cause__ or error if is_theirs else error
    where = _last_place(error)
    said = f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]
    if where is None and not is_theirs:  # only our own code is on the way: our mistake, never theirs
        return inconclusive(
            f"the check itself broke: {said}", hint="Please report it, with the implementation."
        )
    return failed(
        check.families[0],
        expected="no exception",
        seen=said,
        where=where or check.name,
        hint="Run the line named above with the same inputs.",
        certainty=0.2,
    )


def _last_place(error: BaseException) -> str | None:
    """Return file, line and function of the innermost frame that is not ours, if there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    # Libraries raise on behalf of whoever called them: what counts is who of us or them called last.
    for frame in reversed(frames):
        if frame.filename.startswith(PACKAGE):
            return None
        if "site-packages" in frame.filename or frame.filename.startswith("<"):
            continue
        return f"{Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"
    return None


def _seed_everything(seed: int) -> None:
    """Give the implementation, which may draw from global generators, the same beginning each time."""
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


Reporter = Callable[[CheckResult, Outcome], None]
