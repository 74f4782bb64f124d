"""K26: two clouds that lie far apart are two groups."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.estimators._forms import Form, blobs
from firstlight.checks.estimators._grouped import with_groups
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["is_no_worse_than_reference"]


@question(
    "K26",
    "groups as well as the reference",
    families=("objective", "initialisation"),
    instrument="statistical",
    roles=("clusterer",),
    like=("kmeans", "gmm"),
)
def is_no_worse_than_reference(subject: EstimatorSubject) -> Outcome:
    """Find two clouds that lie far apart; then compare what is minimised over ten beginnings."""
    changed = with_groups(subject, 2)
    if not changed:
        return skipped("the number of groups cannot be set")
    task = blobs(Form(classes=2), seed=5, rows=40)
    shares = []
    for seed in range(5):
        groups = subject.fit(task, seed=seed, around=seed, options=changed).groups()
        same = float(np.mean((groups == groups[0]) == (task.y == task.y[0])))
        shares.append(same)
    if max(shares) < 0.9:
        return failed(
            "objective",
            expected="two clouds 14 standard deviations apart are the two groups",
            seen=f"at best {max(shares):.0%} of rows in five fits",
            where="two clouds",
            cause="Rows are not given to the nearest centre, or centres do not move.",
            certainty=0.5,
        )
    return passed(f"two clouds are found in {sum(share > 0.9 for share in shares)} of 5 fits")
