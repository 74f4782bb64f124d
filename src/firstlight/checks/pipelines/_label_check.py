"""D12: the form of the labels."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, Split, reads

__all__ = ["labels_have_form"]

COMMON = ("int64", "int32")


@check_of("D12", "form of the labels", families=("labels",), seconds=60)
@reads
def labels_have_form(subject: PipelineSubject) -> Outcome:
    """Labels are class numbers, or rows of one number for each class that sum to 1."""
    notes, names = [], []
    for split, epoch in subject.epochs():
        trouble = _trouble(subject, split, epoch)
        if trouble is not None:
            return trouble
        names += [form.name for form in epoch.forms]
        notes += _notes(split, epoch)
    names = list(dict.fromkeys(name for name in names if name not in ("class numbers", "none")))
    if notes:
        return warned("; ".join(dict.fromkeys(notes)))
    return passed("each label is a class", dialect=f"{', '.join(names)} labels" if names else None)


def _trouble(subject: PipelineSubject, split: Split, epoch: Epoch) -> Outcome | None:
    if epoch.label_fault is not None:
        row, sentence = epoch.label_fault
        batch, place = epoch.batch_of(row)
        return failed(
            "labels",
            expected="one-hot rows that sum to 1",
            seen=f"row {row}: {sentence}",
            where=f"{split} batch {batch}, row {place}",
            cause="One-hot labels are made wrongly: a class has no column, or a row has more than one.",
            certainty=0.95,
        )
    known = epoch.labels[epoch.labels >= 0]
    form = epoch.forms[0] if epoch.forms else None
    if form is not None and form.name == "fractions":
        return failed(
            "labels",
            expected="class numbers",
            seen=f"{form.dtype} labels with fractions",
            where=f"{split} batch 0, row {form.row}",
            cause="Labels went through a scaling that is meant for pixels.",
            certainty=0.9,
        )
    classes = _class_count(subject)
    negative = (epoch.labels < 0).nonzero()[:, 0]
    is_number = form is not None and form.name in ("class numbers", "column")
    if classes is None or not len(known) or subject.declared.labels == "any":
        return None
    above = (epoch.labels >= classes).nonzero()[:, 0]
    if len(above):
        return _out_of_range(split, epoch, int(above[0]), classes)
    if is_number and len(negative) and not epoch.faults:
        return _out_of_range(split, epoch, int(negative[0]), classes)
    return None


def _class_count(subject: PipelineSubject) -> int | None:
    return len(subject.atlas.classes) if subject.atlas is not None else None


def _out_of_range(split: Split, epoch: Epoch, row: int, classes: int) -> Outcome:
    batch, place = epoch.batch_of(row)
    seen = sorted(set(epoch.labels.tolist()))
    return failed(
        "labels",
        expected=f"labels from 0 to {classes - 1}",
        seen=f"labels {seen[:12]}",
        where=f"{split} batch {batch}, row {place}",
        cause="Labels are counted from another number than 0, or of another data set.",
        certainty=0.85,
    )


def _notes(split: Split, epoch: Epoch) -> list[str]:
    found = []
    for form in epoch.forms:
        is_number = form.name in ("class numbers", "column")
        if is_number and form.dtype.startswith(("float", "bfloat")):
            found.append(f"{split} labels are {form.dtype}: a cross-entropy takes whole numbers")
        if form.name == "column":
            found.append(
                f"{split} labels have the shape [n, 1]: comparing them with [n] makes [n, n] without a word"
            )
        if is_number and form.dtype in ("uint8", "int8", "bool"):
            found.append(f"{split} labels are {form.dtype}: arithmetic on them wraps around")
    if len({form.name for form in epoch.forms} - {"smoothed"}) > 1:
        found.append(f"{split} labels change their form: {', '.join(form.name for form in epoch.forms)}")
    return found
