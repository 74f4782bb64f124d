"""t-SNE that compares entropies in bits with the natural logarithm of the perplexity."""

ENTRY = {
    "target": "tsne",
    "like": "tsne",
    "args": {},
    "declares": {},
    "family": "objective",
    "also": [],
    "component": "affinities",
    "first_bad_step": None,
    "source": "catalogue 130",
    "is_published": False,
    "twin": "right_tsne.py:tsne",
}

import numpy as np


def affinities(X, perplexity):
    n = len(X)
    D = ((X[:, None] - X[None]) ** 2).sum(axis=2)
    P = np.zeros((n, n))
    for i in range(n):
        others = np.arange(n) != i
        d, low, high, beta = D[i, others] - D[i, others].min(), 0.0, np.inf, 1.0
        for _ in range(60):
            p = np.exp(-d * beta)
            p /= p.sum()
            entropy = -(p * np.log2(np.maximum(p, 1e-300))).sum()
            if entropy > np.log(perplexity):
                low = beta
                beta = beta * 2 if np.isinf(high) else (low + high) / 2
            else:
                high = beta
                beta = (low + high) / 2
        P[i, others] = p
    return (P + P.T) / (2 * n)


def tsne(X, perplexity=20.0, n_iter=500, learning_rate=50.0, seed=0):
    rng = np.random.default_rng(seed)
    P = affinities(X, perplexity)
    P = P * 12
    Y = 1e-2 * rng.standard_normal((len(X), 2))
    velocity = np.zeros_like(Y)
    gains = np.ones_like(Y)
    for step in range(n_iter):
        if step == 150:
            P = P / 12
        kernel = 1 / (1 + ((Y[:, None] - Y[None]) ** 2).sum(axis=2))
        np.fill_diagonal(kernel, 0)
        weight = (P - kernel / kernel.sum()) * kernel
        gradient = 4 * (weight.sum(axis=1)[:, None] * Y - weight @ Y)
        gains = np.where(np.sign(gradient) == np.sign(velocity), gains * 0.8, gains + 0.2).clip(0.01)
        velocity = (0.5 if step < 150 else 0.8) * velocity - learning_rate * gains * gradient
        Y = Y + velocity
        Y = Y - Y.mean(axis=0)
    return Y
