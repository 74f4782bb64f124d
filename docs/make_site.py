"""Build the documentation site into site/: ``python docs/make_site.py`` (or ``just docs``; extra ``docs``).

First the pages are gathered in build/docs: those of docs/, the README as the first page, one of the API for
each package, and one for every file outside docs/ that a page links to. Then Zensical builds them, where any
warning is an error; then the result is searched for links that lead nowhere and for anything that would be
fetched from another host.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from site_faults import faults  # beside this script

ROOT = Path(__file__).parents[1]
STAGE, SITE, CONFIG = ROOT / "build" / "docs", ROOT / "site", ROOT / "mkdocs.yml"
LINK = re.compile(r"(\]\()(?!https?:|#|mailto:)([^)#\s]+)((?:#[^)\s]*)?\))")
FENCED = re.compile(r"^(```.*?^```)$", re.MULTILINE | re.DOTALL)
SHOWN_AS = {".py": "python", ".toml": "toml", ".json": "json", ".yml": "yaml"}
MOST_CHARACTERS = 60_000  # of a file that is shown whole


def stage(folder: Path = STAGE) -> list[Path]:
    """Gather every page, and return their paths within the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.suffix in (".png", ".svg"):
            write(folder / path.relative_to(ROOT / "docs"), path.read_bytes())
    waiting = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    waiting += sorted((ROOT / "docs").rglob("*.md"))
    done: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in done:
            done.add(path)
            linked: list[Path] = []
            text = written(path)
            if path.suffix in (".md", ".ipynb"):
                text, linked = relinked(path, text)
            write(folder / place(path), text.encode())
            waiting += linked
    for name, text in api_pages():
        write(folder / "api" / f"{name}.md", text.encode())
    return sorted(path.relative_to(folder) for path in folder.rglob("*.md"))


def place(path: Path) -> Path:
    """Return where a file of the repository stands on the site."""
    inside = path.relative_to(ROOT)
    if inside == Path("README.md"):
        return Path("index.md")
    if inside.parts[0] == "docs" and path.suffix in (".md", ".png", ".svg"):
        return inside.relative_to("docs")
    return Path("source") / (inside if path.suffix == ".md" else f"{inside}.md")


def relinked(path: Path, text: str) -> tuple[str, list[Path]]:
    """Return a page with its links as they are on the site, and the files that need a page for that."""
    linked: list[Path] = []
    here = place(path).parent

    def moved(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(path.parent / found[2]))
        if place(target).suffix == ".md":
            linked.append(target)
        return f"{found[1]}{Path(os.path.relpath(place(target), here)).as_posix()}{found[3]}"

    parts = FENCED.split(text)  # every second one is code
    parts[::2] = [LINK.sub(moved, part) for part in parts[::2]]
    return "".join(parts), linked


def written(path: Path) -> str:
    """Return what stands on the page of a file or a folder."""
    name = path.relative_to(ROOT).as_posix()
    if path.is_dir():
        listed = sorted(one.relative_to(path).as_posix() for one in path.rglob("*.*") if one.is_file())
        shown = [one for one in listed if "__pycache__" not in one]
        return f"# {name}\n\n{len(shown)} files:\n\n```text\n" + "\n".join(shown) + "\n```\n"
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    if path.suffix == ".ipynb":
        return f"Notebook `{name}`\n\n" + "\n\n".join(cells(text)) + "\n"
    return f"# {name}\n\n{fence(text[:MOST_CHARACTERS], SHOWN_AS.get(path.suffix, 'text'))}\n"


def cells(notebook: str) -> Iterator[str]:
    """Yield the cells of a notebook as Markdown."""
    for cell in json.loads(notebook)["cells"]:
        text = "".join(cell["source"])
        yield text if cell["cell_type"] == "markdown" else fence(text, "python")


def fence(text: str, language: str) -> str:
    """Return text as a block of code."""
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
    return f"{marks}{language}\n{text.rstrip()}\n{marks}"


def api_pages() -> Iterator[tuple[str, str]]:
    """Yield name and text of the page of each package: what its ``__all__`` names, from their docstrings."""
    source = ROOT / "src" / "firstlight"
    for init in sorted(source.glob("*/__init__.py")):
        package, names = init.parent.name, public_names(init)
        if package != "cli":
            yield package, reference(f"firstlight.{package}", names)
    homes = dict(
        re.findall(r'^    "(\w+)": "firstlight\.(\w+)"', (source / "__init__.py").read_text(), re.MULTILINE)
    )
    rows = [
        f"| [`fl.{name}`]({homes[name]}.md#firstlight.{homes[name]}.{name}) | `firstlight.{homes[name]}` |"
        for name in public_names(source / "__init__.py")
        if not homes[name].startswith("_")
    ]
    head = "# firstlight\n\n`import firstlight as fl` loads nothing heavy: names are found on first use.\n"
    yield "index", "\n".join([head, "| name | where it lives |", "| --- | --- |", *rows]) + "\n"


def public_names(init: Path) -> list[str]:
    """Return a package's ``__all__``, without importing it."""
    for node in ast.parse(init.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def reference(package: str, names: list[str]) -> str:
    """Return the page of a package."""
    members = "\n".join(f"        - {name}" for name in names)
    return f"::: {package}\n    options:\n      members:\n{members}\n"


def in_navigation() -> set[str]:
    """Return the pages that the site's navigation names."""
    return set(re.findall(r":\s+(\S+\.md)\s*$", CONFIG.read_text(encoding="utf-8"), re.MULTILINE))


def lost_pages(pages: list[Path]) -> set[str]:
    """Return pages that the navigation lacks, or that are not there; sources need no place in it."""
    present = {page.as_posix() for page in pages}
    named = in_navigation()
    return {page for page in present - named if not page.startswith("source/")} | (named - present)


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    """Gather, build, search; end with what is wrong."""
    if lost := lost_pages(stage()):
        sys.exit(f"mkdocs.yml and docs/ differ in their pages: {', '.join(sorted(lost))}")
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(CONFIG)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(
            "Zensical refused a page; see above. It comes with: pip install -c constraints.txt -e '.[docs]'"
        )
    if found := list(faults(SITE)):
        sys.exit("\n".join([*found[:40], f"{len(found)} faults in {SITE}"]))
    sys.stdout.write(f"Open {SITE / 'index.html'}\n")


if __name__ == "__main__":
    main()
