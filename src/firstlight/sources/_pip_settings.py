"""Which package index, and which certificates, pip and uv are set to use on this machine."""

from __future__ import annotations

import configparser
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

__all__ = ["IndexSettings", "certificates", "pip_configuration", "read_index_settings"]


@dataclass(frozen=True)
class IndexSettings:
    """Where packages may come from, in the order to ask.

    Parameters
    ----------
    indexes
        Base URLs of simple indexes; ``file://`` too.
    find_links
        Folders, ``file://`` URLs or pages that list wheels.
    """

    indexes: tuple[str, ...]
    find_links: tuple[str, ...] = ()


def read_index_settings(environ: Mapping[str, str] | None = None) -> IndexSettings:
    """Read the settings of pip and uv: environment first, then their configuration files.

    The public index is used only where none is set: behind a firewall it would only cost time, and a
    company may not want it asked.

    Parameters
    ----------
    environ
        The environment; default the process's own.
    """
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    env = os.environ if environ is None else environ
    pip, uv = pip_configuration(env), _uv_configuration(env)
    links = (env.get("PIP_FIND_LINKS"), env.get("UV_FIND_LINKS"), pip.get("find-links"))
    find_links = _distinct(" ".join(filter(None, links)).replace(",", " ").split())
    if (env.get("PIP_NO_INDEX") or pip.get("no-index", "")).lower() in {"1", "true", "yes", "on"}:
        return IndexSettings((), find_links)
    main = [
        env.get("PIP_INDEX_URL"),
        env.get("UV_DEFAULT_INDEX"),
        env.get("UV_INDEX_URL"),
        pip.get("index-url"),
        *uv.main,
    ]
    extra = [
        *(env.get("PIP_EXTRA_INDEX_URL") or "").split(),
        *(env.get("UV_INDEX") or "").split(),
        *(env.get("UV_EXTRA_INDEX_URL") or "").split(),
        *pip.get("extra-index-url", "").split(),
        *uv.extra,
    ]
    chosen = [url for url in main if url] or [PYPI_SIMPLE_ENDPOINT]
    return IndexSettings(_distinct(_without_name(url) for url in (*chosen, *extra)), find_links)


def certificates(environ: Mapping[str, str] | None = None, *, for_index: bool = False) -> str | bool:
    """The certificate bundle to verify hosts with, or True for the one that requests brings.

    pip's own setting comes first where the package index is asked, and last elsewhere.
    """
    env = os.environ if environ is None else environ
    pip = env.get("PIP_CERT") or pip_configuration(env).get("cert")
    general = [env.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")]
    wanted = [pip, *general] if for_index else [*general, pip]
    return next((bundle for bundle in wanted if bundle), True)


def pip_configuration(environ: Mapping[str, str]) -> dict[str, str]:
    """What pip's configuration files say for ``pip install``; later files win, as they do in pip."""
    merged: dict[str, str] = {}
    for path in _pip_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip will complain about it; for us it is one place less to look for an index
        for section in ("global", "install"):
            if parser.has_section(section):
                items = parser.items(section)
                merged |= {key.lower().replace("_", "-"): value.strip() for key, value in items}
    return merged


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    leaf = "pip.ini" if sys.platform == "win32" else "pip.conf"
    yield from (folder / "pip" / leaf for folder in _system_folders(environ))
    if sys.platform != "win32":
        yield Path("/etc") / leaf
    if not (named and Path(named).exists()):  # pip leaves the user's own file out then
        home = Path(environ.get("HOME") or "~").expanduser()
        yield home / ("pip" if sys.platform == "win32" else ".pip") / leaf
        yield _user_folder(environ, home) / leaf
    yield Path(environ.get("VIRTUAL_ENV") or sys.prefix) / leaf
    if named:
        yield Path(named)


def _system_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform in ("win32", "darwin"):
        return (Path(platformdirs.site_config_dir("pip", appauthor=False)).parent,)
    listed = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return tuple(Path(part) for part in listed.split(os.pathsep) if part)


def _user_folder(environ: Mapping[str, str], home: Path) -> Path:
    if sys.platform in ("win32", "darwin"):
        folder = Path(platformdirs.user_config_dir("pip", appauthor=False, roaming=True))
        if sys.platform == "win32" or folder.is_dir():
            return folder
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip"


@dataclass(frozen=True)
class _Uv:
    main: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def _uv_configuration(environ: Mapping[str, str]) -> _Uv:
    """The first of uv's files that there is: the named one, the user's, the system's."""
    if environ.get("UV_NO_CONFIG"):
        return _Uv()
    home = Path(environ.get("HOME") or "~").expanduser()
    user = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "uv" / "uv.toml"
    named = environ.get("UV_CONFIG_FILE")
    for path in [Path(named)] if named else [user, Path("/etc/uv/uv.toml")]:
        try:
            return _uv_indexes(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return _Uv()


def _uv_indexes(settings: dict[str, Any]) -> _Uv:
    listed = [entry for entry in settings.get("index", []) if isinstance(entry, dict) and "url" in entry]
    main = [str(entry["url"]) for entry in listed if entry.get("default")]
    extra = [str(entry["url"]) for entry in listed if not entry.get("default")]
    old = settings.get("pip", {}) | settings
    main += [str(old["index-url"])] if "index-url" in old else []
    return _Uv(tuple(main), (*extra, *map(str, old.get("extra-index-url", []))))


def _without_name(url: str) -> str:
    """Take uv's ``name=URL`` as the URL."""
    name, found, rest = url.partition("=")
    return rest if found and name.replace("-", "").replace("_", "").isalnum() else url


def _distinct(urls: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url.rstrip("/") for url in urls))
