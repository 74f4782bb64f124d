"""The copy of Debian's and Ubuntu's package ``dataset-fashion-mnist``.

Its gzip header differs from the published one (no file name in it), so only the decoded hash can match.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from firstlight.sources._candidate import Candidate, copies_in
from firstlight.sources._files import DataFile, Member

__all__ = ["debian_copies"]

FOLDER = Path("/usr/share/datasets/fashion-mnist")


def debian_copies(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the files of ``/usr/share/datasets/fashion-mnist``."""
    if file.dataset == "fashion-mnist":
        yield from copies_in(FOLDER, "debian", file, member)
