"""K27: hundreds of features: products of densities become zero, sums of their logarithms do not."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.estimators._forms import Form, blobs
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["survives_many_features"]

BAYES = ("gaussian-nb", "multinomial-nb", "bernoulli-nb")


@question("K27", "hundreds of features", families=("numerical-stability",), roles=("classifier",))
def survives_many_features(subject: EstimatorSubject) -> Outcome:
    """Fit 1,200 features, as many as a small picture has; each says a little, all together everything."""
    name = type(subject.sample).__name__.lower()
    if subject.like not in BAYES and not (not subject.like and ("bayes" in name or name.endswith("nb"))):
        return skipped("asked of naive Bayes")
    form = subject.probe.form
    if form.features != 6 or form.labels not in ("integers", "signs"):
        return skipped("it takes a fixed number of features")
    wide = Form(form.labels, form.classes, 1200, form.values)
    task = blobs(wide, seed=2, spread=1.0)
    fitted = subject.fit(task, form=wide)
    predicted = fitted.labels(task.queries)
    shares = fitted.probabilities(task.queries)
    share = float((predicted == task.truth).mean())
    is_lost = shares is not None and not np.isfinite(shares).all()
    if share > 0.7 and not is_lost:
        return passed(f"{share:.0%} right with 1,200 features")
    if len(np.unique(predicted)) > 1 and not is_lost:
        return passed(f"{share:.0%} right with 1,200 features, answers finite")
    return failed(
        "numerical-stability",
        expected="all right: classes lie 25 standard deviations apart",
        seen="probabilities that are NaN" if is_lost else f"one class for all rows: {share:.0%} right",
        where="1,200 features",
        cause="Densities are multiplied and become zero for every class.",
        hint="Add logarithms, and subtract the largest before taking exponentials.",
        certainty=0.95,
    )
