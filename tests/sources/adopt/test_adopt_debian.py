"""What Debian's package installs, by behaviour: the real bytes, packed anew."""

from __future__ import annotations

import gzip
from pathlib import Path

TEST_LABELS = "t10k-labels-idx1-ubyte"


def test_debian_packs_the_same_bytes_anew(kit, fashion: Path, tmp_path: Path) -> None:
    data = gzip.decompress((fashion / f"{TEST_LABELS}.gz").read_bytes())
    kit.put(tmp_path / "usr-share" / f"{TEST_LABELS}.gz", gzip.compress(data, mtime=0))
    (candidate,) = kit.copies("fashion-mnist", TEST_LABELS)
    assert candidate.origin.kind == "debian"
    assert kit.decoded(candidate) == data
