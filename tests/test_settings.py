"""Behaviour: the environment variables mean what the documentation says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firstlight import _settings


def test_home_is_the_variable_or_the_platforms_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))
    assert _settings.home() == tmp_path
    monkeypatch.delenv("FIRSTLIGHT_HOME")
    assert _settings.home().name == "firstlight"
    assert _settings.home().is_absolute()


def test_data_folders_are_separated_like_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRSTLIGHT_DATA", os.pathsep.join([str(tmp_path / "a"), "", str(tmp_path / "b")]))
    assert _settings.data_folders() == (tmp_path / "a", tmp_path / "b")
    monkeypatch.delenv("FIRSTLIGHT_DATA")
    assert _settings.data_folders() == ()


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("yes", True), ("0", False), ("", False), ("False", False)]
)
def test_offline(monkeypatch: pytest.MonkeyPatch, value: str, *, expected: bool) -> None:
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", value)
    assert _settings.is_offline() is expected


def test_mirrors_lose_blanks_and_closing_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLIGHT_MIRROR", "https://a.example/mnist/, ,http://b.example")
    assert _settings.mirrors() == ("https://a.example/mnist", "http://b.example")
