"""`Page`: what one page of the studio is, and `api`: what it asks of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from firstlight.studio._studio import Studio

__all__ = ["Asked", "Page", "Work", "api"]


@dataclass(frozen=True)
class Asked:
    """What a page sent.

    Attributes
    ----------
    body
        As it came: pages send bytes, not JSON, where it is an image or an array.
    query
        What stood behind the question mark.
    """

    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)


Work: TypeAlias = "Callable[[Studio, Asked], Mapping[str, Any] | bytes | Response]"


@dataclass(frozen=True)
class Page:
    """A page of the studio. Its template, module and style are the files called after it.

    Attributes
    ----------
    name
        Of its files and its address: ``"draw"`` is at ``/draw``.
    title
        In the bar at the top.
    place
        In that bar, from the left.
    purpose
        One sentence below the heading, for a beginner.
    routes
        What it asks of Python, made by `api`, or any route of Starlette's below ``/api/``.
    borrows
        Packages of firstlight that have parts for pages: their files lie at ``/static/<package>/``, and their
        templates are called ``<package>/<template>``.
    """

    name: str
    title: str
    place: int
    purpose: str
    routes: tuple[BaseRoute, ...] = ()
    borrows: tuple[str, ...] = ()


def api(path: str, work: Work, *, method: str = "POST") -> BaseRoute:
    """Return the route ``/api/<path>`` that answers with what ``work`` returns, which runs in a thread.

    Parameters
    ----------
    path
        Begins with the page's name, such as ``"draw/neighbours"``.
    work
        Gets the `Studio` and what was `Asked`; returns a mapping (sent as JSON), bytes or a Response.
    method
        POST where there is a body or a cost, else GET.
    """
    from starlette.routing import Route

    from firstlight.studio._answers import answer

    async def endpoint(request: Any) -> Response:
        return await answer(request, work)

    return Route(f"/api/{path}", endpoint, methods=[method])
