"""Audit labels: find the wrong ones among 3,000 digits, decide, and load the data without them."""

import firstlight as fl
from firstlight.audits import write_review_page
from firstlight.datasets import Corrections, Verdict

train, test = fl.load("mnist")
few = train[:3000]
labels = few.labels.clone()
labels[::100] = (labels[::100] + 1) % 10  # thirty wrong labels
few = few.replacing(labels=labels)

report = fl.audit((few, test), split="train", seconds=1)
print(report)

found = {suspect.index for suspect in report.suspects}
print(f"{len(found & set(range(0, 3000, 100)))} of the 30 are among {len(found)} suspects")

# A page for a person to decide on; here every suspect is believed.
print("Open", write_review_page(report, {"train": few}, "review.html"))
verdicts = [Verdict(one.index, one.given, "fix", one.suggested) for one in report.suspects]
corrections = Corrections.of(few, verdicts, source="believed without looking")
corrections.save("corrections.json")

corrected = corrections.apply(few)
before, after = ((part.labels == train.labels[:3000]).float().mean() for part in (few, corrected))
print(f"{100 * before:.1f} % of the labels were MNIST's own, {100 * after:.1f} % are now")
