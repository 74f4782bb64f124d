"""The order: which places are asked for a file, decided before any of them is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from firstlight import _settings
from firstlight.sources._files import DataFile, Member

__all__ = ["Copies", "Folder", "Index", "Place", "Settings", "Web", "local_path", "places", "read_settings"]


@dataclass(frozen=True)
class Settings:
    """What the environment says about where to look.

    Parameters
    ----------
    home
        Root of the cache.
    folders
        Read-only folders with data.
    mirrors
        Base URLs to try before the official ones.
    is_offline
        Whether the network must be left alone.
    """

    home: Path
    folders: tuple[Path, ...] = ()
    mirrors: tuple[str, ...] = ()
    is_offline: bool = False


@dataclass(frozen=True)
class Folder:
    """A path that may hold the published file, or (``is_decoded``) the member itself."""

    path: Path
    is_decoded: bool
    kind: str = "folder"


@dataclass(frozen=True)
class Copies:
    """The copies that other libraries left on this machine."""

    kind: str = "copies"


@dataclass(frozen=True)
class Web:
    """URLs of one and the same file, raced against each other."""

    urls: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Index:
    """The package index that pip uses."""

    wheel: DataFile
    kind: str = "package index"


Place = Folder | Copies | Web | Index


def read_settings() -> Settings:
    """The settings as the environment has them now."""
    return Settings(
        _settings.home(), _settings.data_folders(), _settings.mirrors(), is_offline=_settings.is_offline()
    )


def places(file: DataFile, member: Member, settings: Settings, wheel: DataFile | None) -> tuple[Place, ...]:
    """List the places to ask for a member, in order. Touches nothing: neither disk nor network.

    Parameters
    ----------
    file, member
        What is wanted.
    settings
        Where the user wants us to look.
    wheel
        The package that has the member too, or None.

    Examples
    --------
    >>> from firstlight.sources import REGISTRY
    >>> file = REGISTRY["kmnist"][0]
    >>> offline = Settings(home=Path("home"), folders=(Path("usb"),), is_offline=True)
    >>> for place in places(file, file.members[0], offline, None)[:2]:
    ...     print(place.kind, place.path.name)
    cache train-images-idx3-ubyte.gz
    folder train-images-idx3-ubyte.gz
    """
    local: tuple[Place, ...] = (_kept(file, settings), *_folders(file, member, settings), Copies())
    if settings.is_offline:
        return local
    mirrors = (base for base in settings.mirrors if local_path(base) is None)
    named = tuple(url for base in mirrors for url in _mirror_urls(base, file))
    remote = [Web(urls, kind) for urls, kind in ((named, "mirror"), (file.urls, "official")) if urls]
    return (*local, *remote, *([Index(wheel)] if wheel else []))


def local_path(place: str) -> Path | None:
    """The path that a ``file://`` URL or a plain path means; None for a URL of the network.

    Examples
    --------
    >>> local_path("https://pypi.org/simple") is None
    True
    """
    scheme = urlsplit(place).scheme
    if scheme == "file":
        from urllib.request import url2pathname  # slow to import, and rarely needed

        return Path(url2pathname(urlsplit(place).path))
    # A single letter is a Windows drive.
    return Path(place).expanduser() if len(scheme) < 2 else None


def _kept(file: DataFile, settings: Settings) -> Folder:
    # A zip is kept whole after its download, because its members are decoded one by one as they are asked
    # for; and people put files there by hand.
    return Folder(settings.home / "datasets" / file.dataset / file.name, is_decoded=False, kind="cache")


def _folders(file: DataFile, member: Member, settings: Settings) -> Iterator[Folder]:
    mirrors = tuple(path for base in settings.mirrors if (path := local_path(base)))
    for root in (*settings.folders, *mirrors):
        for folder in (root / file.dataset, root):
            for name in _spellings(file.name):
                yield Folder(folder / name, is_decoded=False)
            # Without a SHA-256 of its own, a loose member could not be told from a damaged one.
            for name in _spellings(member.name) if member.sha256 else ():
                yield Folder(folder / name, is_decoded=True)


def _spellings(name: str) -> tuple[str, ...]:
    """The name, and as it is after some tools unpacked it: ``train-images.idx3-ubyte``."""
    dotted = name.replace("-idx", ".idx")
    return (name,) if dotted == name else (name, dotted)


def _mirror_urls(base: str, file: DataFile) -> Iterator[str]:
    yield f"{base}/{file.dataset}/{file.name}"
    yield f"{base}/{file.name}"
