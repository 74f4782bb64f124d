"""Copies left by scikit-learn's ``fetch_openml``: the downloaded ARFF, gzipped, under the path of its URL.

OpenML's tables hold a row an image, 784 pixels and the class, the 60,000 of train before the 10,000 of test.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from firstlight._errors import DataCorruptError
from firstlight.sources._candidate import Candidate, file_size, user_home
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._idx import idx_header
from firstlight.sources._rows import IdxRows, idx_rows

__all__ = ["arff_copy", "sklearn_copies"]

# OpenML's number of the file (not of the data set): the first part of its URL after "download".
FILE_IDS = {"mnist": "52667", "fashion-mnist": "18238735"}
PIXELS = 28 * 28
ROWS_AT_ONCE = 1000
LINE_BYTES = 8192  # 785 numbers of at most 3 digits take 3,140; a longer line is no row of these tables
HEADER_LINES = 4000


def sklearn_copies(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the copies under ``SCIKIT_LEARN_DATA`` or ``~/scikit_learn_data``."""
    chosen = os.environ.get("SCIKIT_LEARN_DATA")
    root = Path(chosen).expanduser() if chosen else user_home() / "scikit_learn_data"
    downloads = root / "openml" / "openml.org" / "data" / "v1" / "download"
    number = FILE_IDS.get(file.dataset)
    if number is not None:
        # Releases before 1.0 leave the file's name out.
        for path in (*sorted((downloads / number).glob("*.gz")), downloads / f"{number}.gz"):
            yield from arff_copy(path, file, member)


def arff_copy(path: Path, file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the rows of a gzipped ARFF file that make up a member."""
    rows = idx_rows(file, member)
    if rows is not None and file_size(path) is not None:
        yield Candidate(Origin("sklearn", str(path.absolute())), partial(_stream_rows, path, rows))


def _stream_rows(path: Path, rows: IdxRows, out: BinaryIO) -> None:
    with gzip.open(path) as table:
        lines = islice(_data_lines(table, path), rows.start, rows.start + rows.count)
        out.write(idx_header(rows.shape))
        done = 0
        while chunk := list(islice(lines, ROWS_AT_ONCE)):
            out.write(_labels(chunk) if rows.is_labels else _pixels(chunk, path))
            done += len(chunk)
    if done != rows.count:
        raise DataCorruptError(f"{path} has {rows.start + done} rows, {rows.start + rows.count} are needed")


def _data_lines(table: gzip.GzipFile, path: Path) -> Iterator[bytes]:
    """Yield the lines after ``@DATA``; the header and a line that is too long end the search early."""
    lines = iter(lambda: table.readline(LINE_BYTES), b"")
    if not any(line.strip().upper() == b"@DATA" for line in islice(lines, HEADER_LINES)):
        raise DataCorruptError(f"{path} is not an ARFF table: no @DATA in its first {HEADER_LINES} lines")
    for line in lines:
        row = line.strip()
        if row and not row.startswith(b"%"):
            yield row


def _labels(rows: Iterable[bytes]) -> bytes:
    return bytes(int(row.rpartition(b",")[2].strip(b" '\"")) for row in rows)


def _pixels(rows: list[bytes], path: Path) -> bytes:
    text = b",".join(row.rpartition(b",")[0] for row in rows)
    # Looked at first, because NumPy only warns about text that it cannot read to the end.
    is_numbers = not text.translate(None, b"0123456789,") and b",," not in text and text[:1] != b","
    numbers = np.fromstring(text, dtype=np.int64, sep=",") if is_numbers else np.empty(0)
    if numbers.size != len(rows) * PIXELS or numbers.max() > 255:
        raise DataCorruptError(f"{path} has rows that are not {PIXELS} pixels of 0 to 255 and a class")
    return numbers.astype(np.uint8).tobytes()
