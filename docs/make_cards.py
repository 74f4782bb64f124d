"""Write the data cards, docs/cards.md: ``python docs/make_cards.py``.

Everything comes from what the package knows of its data sets and files; a test compares. Reads no data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from firstlight.datasets._catalog import CATALOG
from firstlight.datasets._spec import DatasetSpec
from firstlight.sources import DataFile, data_files

PAGE = Path(__file__).parent / "cards.md"
INTRODUCTION = """# Data cards

What to know of a data set before you publish anything made with it. Written by `docs/make_cards.py` from
what the package itself goes by, so that a hash on this page is the one that your bytes are held against.
Licences are what the authors state, and no legal advice. [Data](data.md) tells how to load them, and where
the bytes are looked for.

```python
import firstlight as fl

train, test = fl.load("mnist")
print(train.card)
```
"""


def page() -> str:
    """Return all cards in Markdown; data sets that come from the same files share one."""
    cards = (card(specs) for specs in families().values())
    return "\n".join([INTRODUCTION, contents(), *cards])


def families() -> Mapping[str, list[DatasetSpec]]:
    """Return the data sets by the published files that they are read from."""
    found: dict[str, list[DatasetSpec]] = {}
    for spec in CATALOG.values():
        found.setdefault(spec.layout.dataset, []).append(spec)
    return found


def contents() -> str:
    """Return the table of all data sets."""
    lines = ["| name | images | train | test | classes | licence |", "|" + " --- |" * 6]
    for spec in CATALOG.values():
        train, test = spec.sizes
        shape, licence = " x ".join(map(str, spec.image_shape)), spec.card.licence.split(" (")[0]
        lines.append(f"| `{spec.name}` | {shape} | {train:,} | {test:,} | {len(spec.classes)} | {licence} |")
    return "\n".join(lines) + "\n"


def card(specs: list[DatasetSpec]) -> str:
    """Return one card."""
    first = specs[0]
    heading = "EMNIST, in six splits" if len(specs) > 1 else first.card.title
    parts = [f"## {heading}\n", *texts(specs), *figures(specs), *oddities(specs), *files(first)]
    parts += [f"To cite:\n\n```bibtex\n{first.card.citation}\n```\n"]
    return "\n".join(parts)


def texts(specs: list[DatasetSpec]) -> Iterator[str]:
    """Yield what it is and how it is called."""
    for spec in specs:
        called = " or ".join(f'`fl.load("{name}")`' for name in (spec.name, *spec.aliases))
        yield f"{called}: {spec.card.description}\n"
    yield f"- Licence: {specs[0].card.licence}\n- Authors' page: <{specs[0].card.homepage}>"


def figures(specs: list[DatasetSpec]) -> Iterator[str]:
    """Yield statistics of the pixels and the classes with their sizes, where they are known beforehand."""
    for spec in specs:
        if spec.statistics:
            mean, std = (
                ", ".join(f"{value:.4f}" for value in values)
                for values in (spec.statistics.mean, spec.statistics.std)
            )
            yield f"- Train pixels, scaled to 0 to 1: mean {mean}; standard deviation {std}"
        name = f" of `{spec.name}`" if len(specs) > 1 else ""
        yield f"- Classes{name}: {', '.join(spec.classes)}"
        for split, counts in (("train", spec.train_counts), ("test", spec.test_counts)):
            if counts:
                equal = len(set(counts)) == 1
                told = f"{counts[0]:,} each" if equal else ", ".join(f"{count:,}" for count in counts)
                yield f"- Images a class, {split}: {told}"
    yield ""


def oddities(specs: list[DatasetSpec]) -> Iterator[str]:
    """Yield the things that bite, each once."""
    known = dict.fromkeys(oddity for spec in specs for oddity in spec.card.oddities)
    if known:
        yield "Things that bite:\n"
        yield "\n".join(f"- {oddity}" for oddity in known) + "\n"


def files(spec: DatasetSpec) -> Iterator[str]:
    """Yield the published files: sizes, hashes, and the hosts that have them."""
    published = data_files(spec.layout.dataset)
    yield "| published file | bytes | SHA-256 |\n| --- | --- | --- |"
    for file in published:
        size = f"{file.size_bytes:,}" if file.size_bytes else "not stated"
        yield f"| `{file.name}` | {size} | {hashed(file)} |"
    hosts = dict.fromkeys(urlsplit(url).hostname for file in published for url in file.urls)
    yield f"\nOfficial and copied places: {', '.join(str(host) for host in hosts)}.\n"


def hashed(file: DataFile) -> str:
    """Return the hash that a file is trusted by."""
    return f"`{file.sha256}`" if file.sha256 else f"none stated; MD5 `{file.md5}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
