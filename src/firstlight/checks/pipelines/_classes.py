"""D8: classes come as often as they should."""

from __future__ import annotations

import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["classes_are_there"]

ENOUGH = 1_000
LOPSIDED = 20


@check_of("D8", "classes in both splits", families=("labels",), seconds=60)
@reads
def classes_are_there(subject: PipelineSubject) -> Outcome:
    """Hold the classes of the train split against those of the test split."""
    train, test = subject.train, subject.test
    if train is None or test is None:
        return skipped("there is one split only")
    mine, theirs = train.labels[train.labels >= 0], test.labels[test.labels >= 0]
    if min(len(mine), len(theirs)) < ENOUGH:
        return skipped("there are too few labels")
    top = max(int(mine.max()), int(theirs.max())) + 1
    counts, wanted = torch.bincount(mine, minlength=top), torch.bincount(theirs, minlength=top)
    missing = ((counts == 0) & (wanted > 0)).nonzero()[:, 0].tolist()
    if missing:
        return failed(
            "labels",
            expected="each class of the test split in training",
            seen=f"no train image of class {', '.join(map(str, missing))}",
            where="train labels",
            cause="A class is left out of training, or the splits number their classes differently.",
            certainty=0.75,
        )
    gone = ((counts > 0) & (wanted == 0)).nonzero()[:, 0].tolist()
    if gone:
        return warned(f"no test image of class {', '.join(map(str, gone))}")
    ratio = (counts / counts.sum()) / (wanted / wanted.sum()).clamp(min=1e-9)
    if float(ratio.max() / ratio.min()) > LOPSIDED:
        return warned(
            f"classes come {float(ratio.min()):.2g} to {float(ratio.max()):.2g} times as often as in the test"
        )
    return passed(f"{int((wanted > 0).sum())} classes in both")
