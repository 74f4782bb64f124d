"""Map digits: 2,500 of them as points, a page to walk about in, and new digits placed among them."""

import numpy as np

import firstlight as fl

train, test = fl.load("mnist")
image_map = fl.map((train[:2000], test[:500]), method="umap")
print(image_map.quality)  # beside it, image_map.quality.pca: what plain PCA keeps
print("Open", image_map.save("map.html"))
image_map.save("map.npz")  # fl.load_map reads it again

# Digits that the map has not seen go near their likes; most can be read by where they land.
new = test[500:1000]
places = fl.place(image_map, new.images)
apart = np.linalg.norm(places[:, None] - image_map.points[:2000], axis=2)
nearest = image_map.labels[:2000][apart.argsort(1)[:, :10]]
read = np.array([np.bincount(row).argmax() for row in nearest])
print(f"{100 * (read == new.labels.numpy()).mean():.1f} % of {len(new)} new digits land among their own kind")
