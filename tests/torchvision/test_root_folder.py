"""Putting files into torchvision's folders when things go wrong, and falling back where torchvision is broken (behaviour)."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from firstlight._errors import CacheError, DataError
from firstlight.torchvision import CIFAR10, MNIST


def test_many_at_once_leave_whole_files_and_nothing_else(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: MNIST(tmp_path, train=False, download=True), range(4)))
    assert [len(data) for data in made] == [10000] * 4
    assert len(list((tmp_path / "MNIST/raw").iterdir())) == 4


def test_no_source_is_a_runtime_error_that_says_what_to_do(
    data_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    with pytest.raises(
        RuntimeError, match=r"(?s)^Error downloading train-images-idx3-ubyte:.*FIRSTLIGHT"
    ) as caught:
        MNIST(tmp_path / "root", download=True)
    assert isinstance(caught.value, DataError)
    assert not (tmp_path / "root").exists()
    with pytest.raises(RuntimeError, match=r"^Error downloading data_batch_1\.bin:"):
        CIFAR10(tmp_path / "root", download=True)


def test_a_root_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "MNIST").write_text("a file where a folder should be")
    with pytest.raises(
        CacheError, match=r"train-images-idx3-ubyte cannot be written into .*raw.*Choose another root"
    ):
        MNIST(tmp_path, download=True)


def test_a_torchvision_that_breaks_on_import_is_as_good_as_none(tmp_path: Path) -> None:
    broken = tmp_path / "torchvision"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise RuntimeError('operator torchvision::nms does not exist')")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from firstlight.torchvision import FashionMNIST\n"
        "sys.stdout.write(FashionMNIST.__mro__[-4].__module__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "firstlight.torchvision._vision"
