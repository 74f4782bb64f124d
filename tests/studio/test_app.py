"""The pages as they are sent, and the frame that they share. Kind: behaviour."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

import firstlight.studio
from firstlight._errors import DataMissingError, UsageError
from firstlight.studio._answers import json_response
from firstlight.studio._app import page_html
from firstlight.studio.pages import find_pages

FOLDER = Path(firstlight.studio.__file__).parent
PAGES = find_pages()
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@every_page
def test_a_page_has_its_files_and_its_place_in_the_bar(page: Any) -> None:
    assert (FOLDER / "static" / f"{page.name}.js").is_file()
    html = page_html(page)
    assert f'<a href="/{page.name}" aria-current="page">{page.title}</a>' in html
    assert all(f'href="/{other.name}"' in html for other in PAGES)
    assert [one.place for one in PAGES] == sorted({one.place for one in PAGES})
    assert page.purpose.endswith(".")


@every_page
def test_a_page_has_nothing_inline(page: Any) -> None:
    html = page_html(page).lower()
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == html.count('<script type="module" src="/static/')
    assert not re.search(r"<[^>]*\son\w+\s*=", html), "a handler"


@every_page
def test_what_a_page_asks_lies_below_its_own_name(page: Any) -> None:
    for route in page.routes:
        assert isinstance(route, Route)
        assert route.path.startswith(f"/api/{page.name}/")


def test_the_first_page_is_where_one_begins(served: Any) -> None:
    first = served.ask("/")
    assert (first.status, first.headers["location"]) == (307, "/draw")
    assert served.ask("/draw").headers["content-type"].startswith("text/html")


def test_files_are_asked_about_again(served: Any) -> None:
    sent = served.ask("/static/studio.js")
    assert sent.headers["cache-control"] == "no-cache"
    assert served.ask("/static/studio.js", if_none_match=sent.headers["etag"]).status == 304


def test_errors_are_told_in_words(served: Any) -> None:
    routes = served.server._server.config.app._app.router.routes
    failures = {
        "usage": (UsageError("Wrong word."), 422, "Wrong word."),
        "data": (DataMissingError("No such file."), 503, "No such file."),
    }

    def failing(error: Exception) -> Any:
        def work(studio: Any, asked: Any) -> Any:
            raise error

        return work

    for name, (error, status, message) in failures.items():
        routes.append(firstlight.studio._page.api(f"test/{name}", failing(error)))
        told = served.ask(f"/api/test/{name}", b"")
        assert (told.status, told.error) == (status, message)
    assert served.ask("/api/nowhere", b"").status == 404
    assert served.ask("/api/draw/shown", method="PATCH", body=b"").status == 405


def test_no_number_that_is_none_is_sent_as_one() -> None:
    sent = json_response({"a": [float("nan"), 1.5], "b": {"c": float("inf")}})
    assert sent.body == b'{"a":[null,1.5],"b":{"c":null}}'


def test_the_frame_in_a_browser(served: Any, new_page: Any) -> None:
    page = new_page(served.page("draw", "a=1"))
    assert page.evaluate("location.hash") == "#a=1", "the token is taken out of the address, the state is not"
    assert page.evaluate("localStorage.length") == 1
    assert not page.refused
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"


def test_without_a_token_the_page_says_what_to_do(served: Any, new_page: Any) -> None:
    page = new_page(f"{served.url}/draw")
    page.wait_for_selector(
        '[data-testid="trouble"]:has-text("Open the address that firstlight studio printed")'
    )
    assert page.refused
