"""What the registry holds: published files, the members they decode to, and where bytes came from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DataFile", "Member", "Origin"]


@dataclass(frozen=True)
class Member:
    """One decoded file that a data set is read from.

    Parameters
    ----------
    name
        Its name in the cache, such as ``train-images-idx3-ubyte`` or ``data_batch_1.bin``.
    path
        Where it lies inside the published archive; empty for a plain ``.gz``. A path that ends in ``.gz``
        is decompressed once more after it was taken out of the archive.
    size_bytes
        Decoded size, or None where it is not known.
    sha256
        Of the decoded bytes; None where it is not known: then it is computed when the published file
        was verified, and pinned in the stamp beside the member.
    """

    name: str
    path: str = ""
    size_bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class DataFile:
    """One file as its authors publish it.

    Parameters
    ----------
    dataset
        Data set that it belongs to; together with ``name`` it is the key. ``name`` alone is not one:
        three data sets have a ``train-images-idx3-ubyte.gz``.
    name
        File name as published, such as ``cifar-10-binary.tar.gz``.
    size_bytes
        Published size, or None where it is not known.
    sha256
        Of the published (compressed) bytes, or None where only ``md5`` is known.
    urls
        The https places that have it, best first.
    members
        What it decodes to.
    md5
        Of the published bytes; looked at only where ``sha256`` is None. MD5 finds damage, not forgery.
    """

    dataset: str
    name: str
    size_bytes: int | None
    sha256: str | None
    urls: tuple[str, ...]
    members: tuple[Member, ...]
    md5: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where the bytes of a member came from.

    Parameters
    ----------
    kind
        ``"cache"``, ``"folder"``, ``"torchvision"``, ``"keras"``, ``"sklearn"``, ``"huggingface"``,
        ``"debian"``, ``"mirror"``, ``"official"`` or ``"package index"``.
    detail
        The path or URL.
    sha256
        Of the decoded bytes; empty until they were hashed.
    size_bytes
        Decoded size; 0 until they were counted.
    """

    kind: str
    detail: str
    sha256: str = ""
    size_bytes: int = 0
