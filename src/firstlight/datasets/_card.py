"""What is known about a data set, and where the bytes in hand came from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DataCard", "Provenance"]


@dataclass(frozen=True)
class DataCard:
    """Facts about a data set that a user should know before publishing anything made with it.

    Attributes
    ----------
    title
        The name its authors gave it.
    homepage
        Where its authors present it; empty for your own data.
    licence
        The licence, or ``"none stated"`` with what is known. This is not legal advice.
    citation
        A BibTeX entry; empty for your own data.
    description
        A paragraph in plain words.
    oddities
        Things that bite: one sentence each.
    """

    title: str = ""
    homepage: str = ""
    licence: str = "none stated"
    citation: str = ""
    description: str = ""
    oddities: tuple[str, ...] = ()

    def __str__(self) -> str:
        facts = [("homepage", self.homepage), ("licence", self.licence)]
        lines = [self.title, *(f"  {key}: {value}" for key, value in facts if value)]
        if self.description:
            lines += ["", self.description]
        if self.oddities:
            lines += ["", "Oddities:", *(f"  - {oddity}" for oddity in self.oddities)]
        if self.citation:
            lines += ["", self.citation]
        return "\n".join(lines)


@dataclass(frozen=True)
class Provenance:
    """One file that a data set was read from.

    Attributes
    ----------
    file
        Name of the decoded file, such as ``"train-images-idx3-ubyte"``.
    sha256
        Of the decoded bytes; empty where the file was never hashed.
    origin
        Where the bytes were found: kind of place and its path or URL.
    """

    file: str
    sha256: str
    origin: str
