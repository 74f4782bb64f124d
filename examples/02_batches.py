"""Whole batches at memory speed: shuffled, normalised, augmented, and resumed in the middle of an epoch."""

import time

import firstlight as fl
from firstlight.loader import Augment

train, test = fl.load("mnist")
loader = fl.batches(train, 64, shuffle=True, seed=0)
print(loader)

for epoch in range(3):  # every round is a new epoch, in an order of its own
    start, total = time.perf_counter(), 0
    for images, labels in loader:  # float32 [64, 1, 28, 28], normalised, and int64 [64]
        assert len(images) == len(labels)
        total += len(labels)
    print(f"epoch {epoch}: {total:,} images in {1000 * (time.perf_counter() - start):.0f} ms")

varied = fl.batches(train, 64, shuffle=True, seed=0, augment=Augment(shift=2, rotate=10, scale=(0.9, 1.1)))
images, labels = next(iter(varied))
print("augmented:", tuple(images.shape), "labels", labels[:8].tolist())

state = varied.state_dict()  # plain numbers: keep them beside the weights
again = fl.batches(train, 64, shuffle=True, seed=0, augment=Augment(shift=2, rotate=10, scale=(0.9, 1.1)))
again.load_state_dict(state)
print(f"resumed: {sum(1 for _ in again)} of {len(again)} batches were left in epoch {state['epoch']}")
