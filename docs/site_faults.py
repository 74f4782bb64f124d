"""What is wrong with a built site: links that lead nowhere, and anything that comes from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["faults"]

# What a browser fetches by itself, by element; a link that somebody may click is no such thing.
FETCHED = {
    **dict.fromkeys(
        ("script", "img", "iframe", "source", "video", "audio", "embed", "track", "input"), ("src",)
    ),
    "link": ("href",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
FETCHED["img"] = FETCHED["source"] = ("src", "srcset")
ELSEWHERE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", re.IGNORECASE)


class Page(HTMLParser):
    """One page: what it fetches, where it links to, what can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element fetches, links to, and is called."""
        given = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.fetched += [given[name] for name in FETCHED.get(tag, ()) if given.get(name)]
        self.fetched += addresses(given.get("style", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.anchors |= {given[name] for name in ("id", "name") if name in given}

    def handle_data(self, data: str) -> None:
        """Note what a style sheet inside the page fetches."""
        if self._in_style:
            self.fetched += addresses(data)


def faults(site: Path) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        yield from (f"{name} fetches {it} from another host" for it in page.fetched if ELSEWHERE.match(it))
        for target in {*page.links, *page.fetched}:
            if name != "404.html" and leads_nowhere(path, target, pages):
                yield f"{name} leads to {target}, which is not there"
    for path in sorted([*site.rglob("*.css"), *site.rglob("*.svg")]):
        found = addresses(path.read_text(encoding="utf-8"))
        yield from (f"{path.relative_to(site)} fetches {it}" for it in found if ELSEWHERE.match(it))


def leads_nowhere(path: Path, target: str, pages: dict[Path, Page]) -> bool:
    """Return whether a target within the site is missing."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return False
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if there.is_dir():
        there /= "index.html"
    if not there.is_file():
        return True
    fragment = unquote(parts.fragment)
    return bool(fragment and there in pages and fragment not in pages[there].anchors)


def addresses(style: str) -> list[str]:
    """Return what a style sheet fetches."""
    return [one or other for one, other in IN_STYLE.findall(style)]
