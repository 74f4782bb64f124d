"""The litmus test in pytest: a fixture that checks, and a mark that makes one test of each check.

Installed with firstlight; nothing of it is imported before a test asks::

    def test_my_adam(firstlight_check):
        firstlight_check(MyAdam, like="adam")

    @pytest.mark.firstlight(target=MyAdam, like="adam")
    def test_it(firstlight_result):  # test_it[O1], test_it[O2] ...; the argument may be left out
        assert firstlight_result.status != "warn"

The arguments are those of `firstlight.check`. The checks of a mark run together, once, before its first test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from firstlight.checks import CheckReport, CheckResult

__all__ = ["firstlight_check", "firstlight_result"]

MARK = "firstlight"
RESULT = "firstlight_result"
REPORTS = pytest.StashKey[dict[int, "CheckReport"]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "firstlight(target=, like=, ...): check an implementation, one test for each check"
    )
    config.stash[REPORTS] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each check that the marked target will be asked."""
    mark = metafunc.definition.get_closest_marker(MARK)
    if mark is None:
        return
    if RESULT not in metafunc.fixturenames:
        metafunc.fixturenames.append(RESULT)
    metafunc.parametrize(RESULT, _numbers(mark), indirect=True)


@pytest.fixture
def firstlight_check() -> Callable[..., CheckReport]:
    """Return `firstlight.check`, which here fails the test unless nothing is wrong."""

    def checked(target: Any, **options: Any) -> CheckReport:
        from firstlight.checks import check

        report = check(target, **options)
        if report.verdict == "FAIL":
            pytest.fail(str(report), pytrace=False)
        return report

    return checked


@pytest.fixture
def firstlight_result(request: pytest.FixtureRequest) -> CheckResult:
    """Return what one check of the marked target found."""
    if not hasattr(request, "param"):
        raise pytest.UsageError(f"{RESULT} needs the mark: @pytest.mark.{MARK}(target=..., like=...)")
    return _result(request.config, request.node.get_closest_marker(MARK), request.param)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Judge before the test's own body runs."""
    mark = pyfuncitem.get_closest_marker(MARK)
    if mark is None:
        return
    # Not from its arguments: the function need not have one of that name.
    result = _result(pyfuncitem.config, mark, pyfuncitem.callspec.params[RESULT])
    told = result.hint.startswith("Expected to fail: ")
    if result.status == "warn" and told:
        pytest.xfail(result.hint)
    if result.status == "fail":
        pytest.fail(_told(result), pytrace=False)
    if result.status in ("skip", "inconclusive"):
        pytest.skip(result.seen)


def _numbers(mark: pytest.Mark) -> list[str]:
    from firstlight.checks import planned_checks

    target, options = _arguments(mark)
    chosen = ("like", "kind", "args", "quick")
    return list(planned_checks(target, **{name: options[name] for name in chosen if name in options}))


def _result(config: pytest.Config, mark: pytest.Mark, number: Any) -> CheckResult:
    """Return what a check found; one that was planned and never got to run counts as left out."""
    from firstlight.checks import CheckResult

    found = (result for result in _report(config, mark).checks if result.id == number)
    return next(found, CheckResult(str(number), "not asked", "skip", seen="its process broke down before"))


def _report(config: pytest.Config, mark: pytest.Mark) -> CheckReport:
    """Run the checks of a mark, once."""
    from firstlight.checks import check

    reports = config.stash[REPORTS]
    if id(mark) not in reports:
        target, options = _arguments(mark)
        reports[id(mark)] = check(target, **options)
    return reports[id(mark)]


def _arguments(mark: pytest.Mark) -> tuple[Any, dict[str, Any]]:
    options = dict(mark.kwargs)
    target = mark.args[0] if mark.args else options.pop("target", None)
    if target is None:
        raise pytest.UsageError(f"Say what is to be checked: @pytest.mark.{MARK}(target=..., like=...)")
    return target, options


def _told(result: CheckResult) -> str:
    from firstlight.checks import result_text

    return result_text(result)
