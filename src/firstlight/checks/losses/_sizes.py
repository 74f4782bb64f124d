"""S9 and S10: one row, as many rows as classes, many rows; labels of any whole type."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.losses._explain import explained
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._subject import LossSubject

__all__ = ["of_any_label_type", "of_any_size"]


@check_of("S9", "batches of any size", families=("shape", "reduction"))
def of_any_size(subject: LossSubject) -> Outcome:
    """Ask batches of 1, 2, k and 64 rows."""
    if subject.reference is None or as_reference.run(subject).status != "pass":
        return skipped("no reference fits")
    sizes = (1, subject.classes, 64) if subject.caller.framework == "array" else (1, 2, subject.classes, 64)
    for n in sizes:
        given = subject.batch(n=n, seed=12)
        try:
            seen = subject.value(given)
        except TargetBroke as error:
            return _refused(n, error)
        expected = subject.expected(given)
        if not subject.is_close(seen, expected):
            why = explained(subject, (given,), (seen,))
            return failed(
                "shape" if why.certainty < 0.9 else why.family,
                expected=f"{float(expected.reshape(-1)[0]):.6g}",
                seen=f"{float(seen.reshape(-1)[0]):.6g}",
                where=f"a batch of {n} rows",
                cause="It squeezes, broadcasts or reads axes wrongly at this size."
                if why.certainty < 0.9
                else why.cause,
                certainty=0.75,
            )
    return passed(f"{', '.join(map(str, sizes))} rows")


def _refused(n: int, error: TargetBroke) -> Outcome:
    said = str(error).splitlines()[0][:200]
    if n == 1:
        return failed(
            "shape",
            expected="a loss of one row",
            seen=said,
            where="a batch of 1 row",
            cause="An axis of length one is squeezed away.",
            certainty=0.6,
        )
    return warned(f"It takes no batch of {n} rows: {said}")


@check_of("S10", "labels of any whole type", families=("labels", "shape"))
def of_any_label_type(subject: LossSubject) -> Outcome:
    """Give labels as bytes and as 32-bit numbers, as data sets have them; refusing them is right too."""
    if subject.form != "labels":
        return skipped("it takes no labels")
    base = subject.batch(n=12, seed=13)
    assert base.labels is not None
    value = subject.value(base)
    refused = []
    for word in ("uint8", "int32"):
        outputs = np.array(base.outputs)
        try:
            if subject.caller.framework == "torch":
                given = torch.tensor(outputs, dtype=subject.caller.dtype)
                labels = torch.tensor(base.labels).to(getattr(torch, word))
                logs = given if subject.caller.inputs in ("logits", "values") else None
                if logs is None:
                    return skipped("it takes no logits")
                seen = np.asarray(subject.caller.raw(logs, labels).detach().double().numpy())
            else:
                if subject.caller.inputs not in ("logits", "values"):
                    return skipped("it takes no logits")
                found = subject.caller.raw(outputs, base.labels.astype(word))
                seen = np.asarray(found[0] if isinstance(found, tuple) else found, dtype=np.float64)
        except Exception:
            refused.append(word)
            continue
        if not subject.is_close(seen, value):
            return warned(f"Labels as {word} give another loss: {float(seen.reshape(-1)[0]):.6g}.")
    return passed(f"refuses {', '.join(refused)}" if refused else "uint8 and int32")
