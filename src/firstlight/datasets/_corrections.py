"""Corrections of your own: a verdict on each suspicious image, kept in a file, applied by `load`."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import torch

from firstlight._atomic import write_file
from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.datasets._dataset import ImageDataset

__all__ = ["Corrections", "Verdict", "VerdictKind", "fingerprint", "read_corrections"]

VerdictKind = Literal["keep", "fix", "ambiguous", "drop"]
KINDS: tuple[str, ...] = get_args(VerdictKind)
SCHEMA = 1
BLOCK = 4096  # images that are hashed at a time


@dataclass(frozen=True)
class Verdict:
    """What somebody decided about the label of one image.

    Attributes
    ----------
    index
        Place in the split as it was loaded without corrections, from 0.
    given
        The label that it has there.
    verdict
        ``"keep"``: the label is right. ``"fix"``: it becomes ``label``. ``"ambiguous"``: any label would be a
        guess. ``"drop"``: the image does not belong here.
    label
        The right label; of ``"fix"`` only.
    """

    index: int
    given: int
    verdict: VerdictKind
    label: int | None = None


@dataclass(frozen=True)
class Corrections:
    """Verdicts on images of one split of one data set, and what tells that split from all others.

    Attributes
    ----------
    dataset, split
        What was looked at.
    images
        How many images the split has.
    classes
        The names of its classes.
    fingerprint
        `fingerprint` of the split: of its pixels and of the labels that were judged.
    verdicts
        One for each image that was looked at, in order of their places.
    source
        Who judged, in a line; may be empty.

    Examples
    --------
    >>> import firstlight as fl
    >>> test = fl.load("mnist")[1]
    >>> looked = Corrections.of(test, [Verdict(947, 8, "fix", 9), Verdict(2130, 4, "ambiguous")])
    >>> corrected = looked.apply(test)
    >>> len(corrected), int((corrected.labels != corrected.columns["given"]).sum())
    (9999, 1)
    """

    dataset: str
    split: str
    images: int
    classes: tuple[str, ...]
    fingerprint: str
    verdicts: tuple[Verdict, ...]
    source: str = ""

    @classmethod
    def of(cls, data: ImageDataset, verdicts: Iterable[Verdict], *, source: str = "") -> Corrections:
        """Return corrections of a split, checked against it.

        Raises
        ------
        UsageError
            A verdict that the split cannot have: place, label, or two on one image.
        """
        ordered = tuple(sorted(verdicts, key=lambda verdict: verdict.index))
        made = cls(data.name, data.split, len(data), data.classes, fingerprint(data), ordered, source)
        if problem := made._problem() or made._mismatch(data):
            raise UsageError(f"These verdicts do not fit {data.name} {data.split}: {problem}.")
        return made

    def counts(self) -> dict[str, int]:
        """How many verdicts there are of each kind."""
        counted = Counter[str](verdict.verdict for verdict in self.verdicts)
        return {kind: counted[kind] for kind in KINDS}

    def apply(self, data: ImageDataset) -> ImageDataset:
        """Return the split as it was judged.

        ``fix`` replaces a label, ``ambiguous`` and ``drop`` leave an image out, ``keep`` changes nothing. Two
        columns tell what was done: ``index``, the place in ``data``, and ``given``, the label there. What
        came in is left alone.

        Raises
        ------
        UsageError
            This is not the split that was judged, or nothing of it would be left.
        """
        if "given" in data.columns:
            raise UsageError("These labels have been corrected already; load the data set anew.")
        if (data.name, data.split) != (self.dataset, self.split):
            raise UsageError(
                f"These corrections are of {self.dataset} {self.split}; got {data.name} {data.split}."
            )
        if fingerprint(data) != self.fingerprint:
            raise UsageError(self._other_data(data))
        if problem := self._problem() or self._mismatch(data):
            raise UsageError(f"These corrections are damaged: {problem}.")
        labels, keep = data.labels.clone(), torch.ones(len(data), dtype=torch.bool)
        for verdict in self.verdicts:
            if verdict.label is not None:
                labels[verdict.index] = verdict.label
            elif verdict.verdict != "keep":
                keep[verdict.index] = False
        if not keep.any():
            raise UsageError(f"These corrections leave out every image of {data.name} {data.split}.")
        columns = {"index": torch.arange(len(data)), "given": data.labels}
        return data.replacing(labels=labels, columns={**data.columns, **columns}).subset(
            torch.nonzero(keep).flatten()
        )

    def fields(self) -> dict[str, Any]:
        """Return what a file of corrections holds."""
        return {
            "schema": SCHEMA,
            "kind": "corrections",
            "dataset": self.dataset,
            "split": self.split,
            "images": self.images,
            "classes": list(self.classes),
            "fingerprint": self.fingerprint,
            "source": self.source,
            "verdicts": [_row(verdict) for verdict in self.verdicts],
        }

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file that ``load(name, corrections=path)`` takes, whole or not at all."""
        return write_file(Path(path).expanduser(), json.dumps(self.fields(), indent=1) + "\n")

    def _other_data(self, data: ImageDataset) -> str:
        where = f"{data.name} {data.split}"
        if len(data) != self.images:
            return (
                f"These corrections are of a {self.split} split with {self.images:,} images; "
                f"{where} has {len(data):,}. Use the data that were looked at."
            )
        return (
            f"These corrections are of another {where}: its pixels or labels differ from those that were "
            "looked at. Load the same files in the same size, without other corrections."
        )

    def _mismatch(self, data: ImageDataset) -> str:
        labels = data.labels.tolist()
        for verdict in self.verdicts:
            if labels[verdict.index] != verdict.given:
                return f"image {verdict.index} has label {labels[verdict.index]}, not {verdict.given}"
        return ""

    def _problem(self) -> str:
        """Say what is wrong with the verdicts in themselves; nothing where all is well."""
        seen: set[int] = set()
        for verdict in self.verdicts:
            at = f"image {verdict.index}"
            if not 0 <= verdict.index < self.images:
                return f"index {verdict.index} lies outside of its {self.images:,} images"
            if verdict.index in seen:
                return f"{at} has two verdicts"
            seen.add(verdict.index)
            if verdict.verdict not in KINDS:
                return f"{at} has the verdict {verdict.verdict!r}; there are {', '.join(KINDS)}"
            if not 0 <= verdict.given < len(self.classes):
                return (
                    f"{at} has the given label {verdict.given}; labels run from 0 to {len(self.classes) - 1}"
                )
            if (verdict.label is None) == (verdict.verdict == "fix"):
                return f'{at}: "fix" has a label, and no other verdict has one'
            if verdict.label is not None and not 0 <= verdict.label < len(self.classes):
                return f"{at} is fixed to label {verdict.label}; labels run from 0 to {len(self.classes) - 1}"
        return ""


def fingerprint(data: ImageDataset) -> str:
    """Return the SHA-256 of a split's class names, labels and pixels: what a verdict's place refers to.

    Examples
    --------
    >>> import firstlight as fl
    >>> fingerprint(fl.load("mnist")[1])[:16]
    '94099eb62910495e'
    """
    digest = hashlib.sha256(json.dumps([list(data.classes), list(data.images.shape)]).encode())
    digest.update(data.labels.numpy(force=True).astype("<i8").tobytes())
    pixels = data.images.numpy(force=True)
    for start in range(0, len(pixels), BLOCK):
        digest.update(np.ascontiguousarray(pixels[start : start + BLOCK]).data)
    return digest.hexdigest()


def read_corrections(path: str | os.PathLike[str]) -> Corrections:
    """Read a file of corrections, such as the page of ``firstlight audit --review`` saves.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        It is damaged, of a later version, or its verdicts contradict themselves; says where.
    """
    place = Path(path).expanduser()
    try:
        fields = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataMissingError(f"There is no file of corrections {place}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DataCorruptError(f"{place} is no file of corrections: {error}.") from error
    try:
        made = _made(fields)
    except (KeyError, TypeError, ValueError) as error:
        problem = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise DataCorruptError(f"{place} is no file of corrections: {problem}.") from error
    if problem := made._problem():
        raise DataCorruptError(f"The corrections in {place} are damaged: {problem}.")
    return made


def _made(fields: Any) -> Corrections:
    if not isinstance(fields, Mapping) or fields.get("kind") != "corrections":
        raise ValueError('it has no "kind": "corrections"')
    if fields["schema"] != SCHEMA:
        raise ValueError(f"it has schema {fields['schema']!r}, and this firstlight reads {SCHEMA}")
    verdicts = sorted((_verdict(row) for row in fields["verdicts"]), key=lambda verdict: verdict.index)
    return Corrections(
        dataset=_typed(fields, "dataset", str),
        split=_typed(fields, "split", str),
        images=_typed(fields, "images", int),
        classes=tuple(str(name) for name in _typed(fields, "classes", list)),
        fingerprint=_typed(fields, "fingerprint", str),
        verdicts=tuple(verdicts),
        source=str(fields.get("source", "")),
    )


def _verdict(row: Any) -> Verdict:
    if not isinstance(row, Mapping):
        raise ValueError(f"a verdict is an object; got {row!r}")
    label = None if row.get("label") is None else _typed(row, "label", int)
    return Verdict(_typed(row, "index", int), _typed(row, "given", int), _typed(row, "verdict", str), label)


def _typed(fields: Mapping[str, Any], name: str, kind: type) -> Any:
    value = fields[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{name!r} is {value!r}, which is no {kind.__name__}")
    return value


def _row(verdict: Verdict) -> dict[str, Any]:
    row = {"index": verdict.index, "given": verdict.given, "verdict": verdict.verdict}
    return row if verdict.label is None else {**row, "label": verdict.label}
