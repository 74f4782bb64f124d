"""Audit labels: find the wrong ones among 1,500 digits, decide, and load the data without them."""

import firstlight as fl
from firstlight.audits import write_review_page
from firstlight.datasets import Corrections, Verdict

train, test = fl.load("mnist")
few = train[:1500]
labels = few.labels.clone()
labels[::50] = (labels[::50] + 1) % 10  # thirty wrong labels
few = few.replacing(labels=labels)

report = fl.audit((few, test), split="train", seconds=1)
print(report)

found = {suspect.index for suspect in report.suspects}
print(f"{len(found & set(range(0, 1500, 50)))} of the 30 are among {len(found)} suspects")

# A page for a person to decide on; here every suspect is believed.
print("Open", write_review_page(report, {"train": few}, "review.html"))
verdicts = [Verdict(one.index, one.given, "fix", one.suggested) for one in report.suspects]
corrections = Corrections.of(few, verdicts, source="believed without looking")
corrections.save("corrections.json")

corrected = corrections.apply(few)
before, after = ((part.labels == train.labels[:1500]).float().mean() for part in (few, corrected))
print(f"{100 * before:.1f} % of the labels were MNIST's own, {100 * after:.1f} % are now")
