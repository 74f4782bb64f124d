"""`make_app`: pages, files and what pages ask, behind the guard."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from firstlight import __version__
from firstlight._errors import FirstlightError
from firstlight.studio._answers import failure, http_failure, own_failure
from firstlight.studio._page import Page
from firstlight.studio._security import Guard
from firstlight.studio._studio import Studio
from firstlight.studio.pages import find_pages

__all__ = ["make_app", "page_html", "page_template"]

STATIC = Path(__file__).parent / "static"
PACKAGES = Path(__file__).parents[1]


def make_app(studio: Studio, **limits: Any) -> Guard:
    """Return the studio as an ASGI application.

    Parameters
    ----------
    studio
        What is shown.
    **limits
        Of `Guard`.
    """
    app = Starlette(
        routes=list(_routes()),
        exception_handlers={
            HTTPException: http_failure,
            FirstlightError: own_failure,
            Exception: _unexpected,
        },
    )
    app.state.studio = studio
    return Guard(app, studio.token, **limits)


def page_html(page: Page) -> str:
    """Return a page as it is sent."""
    has_style = (STATIC / f"{page.name}.css").is_file()
    return page_template(page.name).render(
        page=page, pages=find_pages(), version=__version__, has_style=has_style, is_alone=False
    )


def page_template(name: str) -> Template:
    """Return what a page is rendered from."""
    return _templates().get_template(f"{name}.html.j2")


def _routes() -> list[BaseRoute]:
    pages = find_pages()
    first = pages[0].name
    return [
        Route("/", lambda _: RedirectResponse(f"/{first}"), methods=["GET"]),
        *(Route(f"/{page.name}", _sending(page), methods=["GET"]) for page in pages),
        *(route for page in pages for route in page.routes),
        *(Mount(f"/static/{name}", _Files(directory=PACKAGES / name / "static")) for name in _borrowed()),
        Mount("/static", _Files(directory=STATIC)),
    ]


def _borrowed() -> list[str]:
    return sorted({name for page in find_pages() for name in page.borrows})


def _sending(page: Page) -> Callable[[Request], Response]:
    html = page_html(page)

    def send(_request: Request) -> Response:
        return HTMLResponse(html, headers={"cache-control": "no-cache"})

    return send


class _Files(StaticFiles):
    """Files that a browser asks about again each time, so that a new version is seen at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Send a file, or that it has not changed."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def _unexpected(_request: Request, error: Exception) -> Response:
    """Tell what broke; the traceback goes to the terminal."""
    return failure(f"That went wrong in Python: {type(error).__name__}: {error}", 500)


@cache
def _templates() -> Environment:
    # By their folders, since a package that is named would be imported, and torch with it.
    lent = {name: FileSystemLoader(PACKAGES / name / "templates") for name in _borrowed()}
    return Environment(
        loader=ChoiceLoader([PackageLoader("firstlight.studio"), PrefixLoader(lent)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
