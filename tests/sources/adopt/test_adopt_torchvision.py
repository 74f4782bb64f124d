"""What torchvision leaves, by behaviour: its layout is built anew from the real bytes and must give them back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

TEST_LABELS = "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize(
    "folder",
    [
        "data/MNIST/raw",
        "datasets/MNIST/raw",
        "MNIST/raw",
        "user/data/MNIST/raw",
        "user/.cache/torch/data/MNIST/raw",
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_torchvision(kit, mnist: dict[str, Path], tmp_path: Path, folder: str, zipped: bool) -> None:
    data = mnist[TEST_LABELS].read_bytes()
    name = TEST_LABELS + (".gz" if zipped else "")
    path = kit.put(tmp_path / folder / name, gzip.compress(data) if zipped else data)
    (candidate,) = kit.copies("mnist", TEST_LABELS)
    assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("torchvision", path)
    assert kit.decoded(candidate) == data


def test_torch_home_is_looked_at(
    kit, mnist: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "elsewhere"))
    kit.put(tmp_path / "elsewhere/MNIST/raw" / TEST_LABELS, mnist[TEST_LABELS].read_bytes())
    assert [one.origin.kind for one in kit.copies("mnist", TEST_LABELS)] == ["torchvision"]
