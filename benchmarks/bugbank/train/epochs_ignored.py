"""The number of epochs is accepted, and a constant is used."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "train",
    "family": "ignored-option",
    "also": [],
    "component": "epochs",
    "first_bad_step": None,
    "source": "catalogue 105",
    "is_published": False,
    "twin": "right_numpy_mlp.py:train",
}
EPOCHS = 6


def softmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def train(images, labels, seed, epochs=6, batch_size=50, lr=0.2):
    rng = np.random.default_rng(seed)
    x = images.reshape(len(images), -1) / 255.0
    w1 = rng.normal(0, np.sqrt(2 / 784), (784, 48))
    b1 = np.zeros(48)
    w2 = rng.normal(0, np.sqrt(2 / 48), (48, 10))
    b2 = np.zeros(10)
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            part = order[start : start + batch_size]
            xb, yb = x[part], labels[part]
            hidden = np.maximum(xb @ w1 + b1, 0)
            delta = softmax(hidden @ w2 + b2)
            delta[np.arange(len(yb)), yb] -= 1
            delta /= len(yb)
            back = (delta @ w2.T) * (hidden > 0)
            w2 -= lr * hidden.T @ delta
            b2 -= lr * delta.sum(axis=0)
            w1 -= lr * xb.T @ back
            b1 -= lr * back.sum(axis=0)

    def predict(images):
        x = images.reshape(len(images), -1) / 255.0
        return (np.maximum(x @ w1 + b1, 0) @ w2 + b2).argmax(axis=1)

    return predict
