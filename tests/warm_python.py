"""A Python that has the package and torch imported already, and runs each program in a fork of itself.

Reads a JSON object of strings a line: the program, its folder, and where its output goes; answers each with a
line, the exit code. Warnings are errors if it was started so. A program that imports torch itself takes seconds for
that alone, which is all that is saved here: what one program does the next does not see.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback

import firstlight.checks
import firstlight.evaluation
import firstlight.training

assert firstlight.load
assert firstlight.checks.check
assert firstlight.training.train


SECONDS = 180  # until a program is ended


def run(request: dict[str, str]) -> int:
    """Run a program as the fork's own and return its exit code."""
    signal.alarm(SECONDS)
    sys.stdin.close()
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    os.chdir(request["folder"])
    sys.argv = [request["name"]]
    try:
        names = {"__name__": "__main__", "__file__": request["name"]}
        exec(compile(request["program"], request["name"], "exec"), names)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Answer until nothing more is asked."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = run(json.loads(line))
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
