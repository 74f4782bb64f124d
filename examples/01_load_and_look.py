"""Load MNIST and look at it: what is in it, and what a digit looks like as numbers."""

import firstlight as fl

train, test = fl.load("mnist")  # fetched and verified the first time, then in a millisecond

print(train)
print(test)
print()

for name, count in zip(train.classes, train.class_counts().tolist(), strict=True):
    print(f"  {name}: {count:5,} {'█' * (count // 200)}")
print()

image, label = train[0]
print(f"The first image is a {label}. Its pixels run from {image.min()} (black) to {image.max()} (white):")
for line in image[0, 4:25]:
    print("".join(" .:-=+*#%@"[pixel * 10 // 256] * 2 for pixel in line.tolist()).rstrip())

first_seven = train.of_class("7")[0][0]
print(f"The first seven has ink on {int((first_seven > 0).sum())} of its {first_seven.numel()} pixels.")

images, labels = next(iter(fl.batches(train, 64, shuffle=True, seed=0)))
print(f"A batch for a network: images {tuple(images.shape)} {images.dtype}, labels {labels[:8].tolist()} ...")
