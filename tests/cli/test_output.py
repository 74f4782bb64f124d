"""The streams and exit codes of a command. Kind: behaviour; in processes where the process is what counts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest
import typer
from rich.table import Table

from firstlight._errors import CacheError, DataMissingError, FirstlightError, UsageError
from firstlight.cli._output import command, json_text

LOOP = "import time, typer\nfrom firstlight.cli._output import command\n"


def python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], check=False, capture_output=True, text=True, timeout=60)


def fails(error: BaseException, *, json: bool = False, quiet: bool = False) -> None:
    """Run a command that says something, has an answer and then meets an error."""
    with command(json=json, quiet=quiet) as out:
        out.say("looking", Table("a table"))
        out.print("answer")
        out.result({"answer": 42})
        raise error


def test_answer_on_stdout_and_messages_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with command() as out:
        out.say("looking")
        out.print("[found] 3", "files")
        out.result({"files": 3})
    assert capsys.readouterr() == ("[found] 3\nfiles\n", "looking\n")


def test_json_is_one_object_with_the_schema_first(capsys: pytest.CaptureFixture[str]) -> None:
    with command(json=True) as out:
        out.say("looking")
        out.print("3 files")
        out.result({"path": Path("a/b"), "files": 3})
    stdout, stderr = capsys.readouterr()
    assert stdout == '{"schema": 1, "path": "a/b", "files": 3}\n'
    assert stderr == "looking\n"


def test_under_json_stray_prints_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with command(json=True) as out:
        sys.stdout.write("a library that talks\n")
        out.result({})
    assert capsys.readouterr() == ('{"schema": 1}\n', "a library that talks\n")


def test_quiet_silences_messages_but_neither_answer_nor_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        fails(UsageError("no such thing"), quiet=True)
    assert capsys.readouterr() == ("answer\n", "Error: no such thing\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FirstlightError("failed"), 1),
        (UsageError("bad"), 2),
        (DataMissingError("gone"), 3),
        (CacheError("full"), 3),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_our_errors_end_with_their_exit_code(
    error: FirstlightError, code: int, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught:
        fails(error, json=as_json)
    stdout, stderr = capsys.readouterr()
    assert caught.value.exit_code == code
    assert stderr.endswith(f"Error: {error}\n")
    told = {"schema": 1, "error": {"type": type(error).__name__, "message": str(error)}}
    assert (json.loads(stdout) == told) if as_json else (stdout == "answer\n")


def test_a_verdict_keeps_its_result_and_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        fails(typer.Exit(4), json=True)
    assert caught.value.exit_code == 4
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "answer": 42}


def test_a_bug_keeps_its_traceback_and_still_gives_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError, match="by nothing"):
        fails(ZeroDivisionError("by nothing"), json=True)
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "ZeroDivisionError"


def test_a_command_without_a_result_is_a_bug() -> None:
    with pytest.raises(AssertionError, match=r"out\.result"), command(json=True):
        pass


def test_json_refuses_what_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        json_text({"accuracy": float("nan")})
    with pytest.raises(TypeError, match="got set"):
        json_text({"names": {1, 2}})


def test_no_escape_codes_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    table = Table(title="title", title_style="bold red")
    table.add_row("cell", style="green")
    with command() as out:
        out.print(table)
        with out.progress("Training", total=2, unit="steps") as bar:
            bar.update(1, note="loss 0.1", title="Still training", total=3)
    stdout, stderr = capsys.readouterr()
    assert "cell" in stdout
    assert "\x1b" not in stdout
    assert stderr == ""


def test_confirm_without_a_terminal_says_which_option_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught, command() as out:
        out.confirm("Remove all?", cure="--yes")
    assert caught.value.exit_code == 2
    assert "Add --yes" in capsys.readouterr().err


def test_wrong_words_found_late_are_left_to_main(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.BadParameter, match="three runs"):
        fails(typer.BadParameter("three runs"), json=True)
    assert capsys.readouterr().out == ""


def test_ctrl_c_at_a_question_is_an_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught:
        fails(typer.Abort())
    assert caught.value.exit_code == 130
    assert "Interrupted." in capsys.readouterr().err


def test_ctrl_c_exits_130_and_tells_json_readers() -> None:
    program = LOOP + "with command(json=True) as out:\n out.say('ready')\n time.sleep(60)"
    wrapped = (
        f"import sys\ntry:\n exec({program!r})\nexcept __import__('typer').Exit as e: sys.exit(e.exit_code)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", wrapped], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "ready\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted." in stderr
    assert "Traceback" not in stderr
    assert json.loads(stdout)["error"] == {"type": "KeyboardInterrupt", "message": "Interrupted."}


@pytest.mark.parametrize("words", ["data list --quiet", "--help", "data list --json --quiet"])
def test_a_reader_that_leaves_is_no_error(words: str, data_home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "firstlight", *words.split()],
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nosuch", "No such command 'nosuch'"),
        ("data shwo", "Did you mean 'show'"),
        ("data show mnist --count x", "'--count'"),
        ("--json data list", "behind the command"),
    ],
)
def test_wrong_words_exit_2_and_say_what_is_wrong(words: str, said: str) -> None:
    done = python("-m", "firstlight", *words.split())
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    as_json = python("-m", "firstlight", *words.split(), "--json")
    assert as_json.returncode == 2
    assert said in json.loads(as_json.stdout)["error"]["message"]


def test_help_waits_for_nothing_heavy() -> None:
    heavy = {"torch", "numpy", "requests", "rich.console", "PIL", "pyarrow", "jinja2", "firstlight.datasets"}
    program = (
        "import sys\nfrom firstlight.cli import main\ntry:\n main(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    assert python("-c", program).stderr == "[]\n"


def terminal(program: str, **variables: str) -> str:
    child = pexpect.spawn(
        sys.executable,
        ["-c", LOOP + program],
        env={**os.environ, "TERM": "xterm-256color", **variables},
        timeout=30,
        encoding="utf-8",
    )
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before)


BAR = "with command() as out:\n with out.progress('Training', total=4, unit='steps') as bar: bar.update(2, note='loss 0.3'); time.sleep(.2)"


def test_a_terminal_gets_a_bar() -> None:
    seen = terminal(BAR)
    assert "Training" in seen
    assert "2/4" in seen
    assert "\x1b[38;5" in seen or "\x1b[38;2" in seen


def test_no_color_gets_a_bar_without_colours() -> None:
    seen = terminal(BAR, NO_COLOR="1")
    assert "2/4" in seen
    assert "\x1b[38" not in seen
    assert "\x1b[1m" not in seen


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}])
def test_a_dumb_terminal_gets_no_bar(variables: dict[str, str]) -> None:
    assert terminal(BAR, **variables) == ""
