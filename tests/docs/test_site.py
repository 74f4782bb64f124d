"""The documentation site: every page has its place, every link its target, and nothing comes from elsewhere."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "<!doctype html><title>x</title><h1 id='top'>x</h1>{}"


@pytest.fixture
def site(docs_script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS))
    return docs_script("make_site")


@pytest.fixture
def faults_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Return a function that makes a site of two pages, one of them as given, and tells what is wrong."""
    monkeypatch.syspath_prepend(str(DOCS))
    faults: Any = importlib.import_module("site_faults").faults

    def found(body: str) -> list[str]:
        (tmp_path / "page.html").write_text(PAGE.format(body), encoding="utf-8")
        (tmp_path / "other.html").write_text(PAGE.format("<a name=there></a>"), encoding="utf-8")
        (tmp_path / "style.css").write_text("a{color:red}", encoding="utf-8")
        return list(faults(tmp_path))

    return found


def test_every_page_is_gathered_and_has_its_place(site: ModuleType, tmp_path: Path) -> None:
    pages = site.stage(tmp_path)
    assert site.lost_pages(pages) == set()
    for source in DOCS.rglob("*.md"):
        assert source.relative_to(DOCS) in pages
    for page in pages:
        if page.parts[0] != "source" or page.suffix == ".md":
            text = (tmp_path / page).read_text(encoding="utf-8")
            for _, target, _ in site.LINK.findall("".join(site.FENCED.split(text)[::2])):
                if not page.name.endswith((".py.md", ".toml.md")):  # code, in which such marks are no links
                    assert (tmp_path / page.parent / target).exists(), f"{page} leads to {target}"


def test_the_reference_names_what_the_packages_do(site: ModuleType) -> None:
    pages = dict(site.api_pages())
    for name, text in pages.items():
        package = importlib.import_module("firstlight" if name == "index" else f"firstlight.{name}")
        for public in package.__all__:
            home = getattr(getattr(package, public), "__module__", "") or ""
            assert public in text or home == "firstlight._errors"


def test_links_move_with_their_page(site: ModuleType) -> None:
    text, linked = site.relinked(
        site.ROOT / "README.md",
        "[a](docs/check.md#families) ![b](docs/pictures/ladder.svg) [c](examples/article.py) [d](#here)\n"
        "```\n[e](docs/check.md)\n```\n",
    )
    assert text == (
        "[a](check.md#families) ![b](pictures/ladder.svg) [c](source/examples/article.py.md) [d](#here)\n"
        "```\n[e](docs/check.md)\n```\n"
    )
    assert linked == [DOCS / "check.md", site.ROOT / "examples" / "article.py"]


@pytest.mark.parametrize(
    "body",
    [
        "<script src='https://cdn.example/x.js'></script>",
        "<link rel=stylesheet href='//fonts.example/f.css'>",
        "<img src='HTTPS://pictures.example/p.png'>",
        "<img srcset='https://pictures.example/p.png 2x'>",
        "<div style='background:url(https://pictures.example/p.png)'></div>",
        "<style>@import 'https://fonts.example/f.css';</style>",
        "<iframe src='http://films.example/'></iframe>",
    ],
)
def test_what_comes_from_another_host_is_found(faults_of: Callable[[str], list[str]], body: str) -> None:
    assert [fault for fault in faults_of(body) if "page.html" in fault]


@pytest.mark.parametrize("target", ["gone.html", "other.html#nowhere", "#nowhere", "../other.html"])
def test_links_that_lead_nowhere_are_found(faults_of: Callable[[str], list[str]], target: str) -> None:
    assert [fault for fault in faults_of(f"<a href='{target}'>x</a>") if target in fault]


def test_a_sound_site_has_no_faults(faults_of: Callable[[str], list[str]]) -> None:
    body = "<link rel=stylesheet href=style.css><a href='other.html#there'>x</a><a href='#top'>x</a>"
    assert faults_of(body + "<a href='https://elsewhere.example/'>who clicks, goes</a>") == []


@pytest.mark.slow
def test_the_site_is_built_without_a_fault(site: ModuleType) -> None:
    pytest.importorskip("zensical")
    site.main()
    assert (site.SITE / "first_hour.html").is_file()
