"""Training functions that are right, in the ways in which people write them."""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

Array = np.ndarray[Any, Any]


def sklearn_train(images: Array, labels: Array, seed: int, model: str = "logistic") -> Any:
    """A pipeline of scikit-learn; returns its predict or the pipeline itself."""
    flat = FunctionTransformer(lambda x: x.reshape(len(x), -1) / 255.0)
    made = {
        "logistic": lambda: LogisticRegression(C=0.1, max_iter=200),
        "sgd": lambda: SGDClassifier(random_state=seed),
        "knn": lambda: KNeighborsClassifier(3),
        "forest": lambda: RandomForestClassifier(30, random_state=seed),
        "extra-trees": lambda: ExtraTreesClassifier(30, random_state=seed),
        "mlp": lambda: MLPClassifier((32,), max_iter=8, random_state=seed, early_stopping=True),
        "lda": lambda: make_pipeline(
            StandardScaler(), LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1)
        ),
        "bernoulli": lambda: BernoulliNB(binarize=0.5),
        "gaussian": lambda: GaussianNB(var_smoothing=0.05),
    }[model]()
    pipeline = make_pipeline(flat, made).fit(images, labels)
    return pipeline if model in ("knn", "lda") else pipeline.predict


def torch_net(style: str) -> nn.Module:
    """A small network."""
    if style == "cnn":
        return nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(400, 10),
        )
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 10))


def prepared(images: Any) -> Tensor:
    """Return normalised images [n, 1, 28, 28]."""
    return (torch.as_tensor(images).float().div(255).unsqueeze(1) - 0.1307) / 0.3081


def torch_train(
    images: Any, labels: Any, seed: int, style: str = "cnn", trick: str = "", epochs: int = 4
) -> Any:
    """A loop over a DataLoader, with one of many tricks."""
    torch.manual_seed(seed)
    x, y = prepared(images), torch.as_tensor(labels).long()
    draws = torch.Generator().manual_seed(seed)
    if trick == "validation":
        order = torch.randperm(len(x), generator=draws)
        kept = len(x) // 10
        validation, x, y = (x[order[:kept]], y[order[:kept]]), x[order[kept:]], y[order[kept:]]
    loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True, generator=draws)
    model = torch_net(style)
    average = copy.deepcopy(model)
    best, best_score = copy.deepcopy(model.state_dict()), -1.0
    optimizer: Any = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    if trick == "low-rate":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.005)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=epochs * len(loader))
    for _ in range(epochs):
        model.train()
        for number, (xb, yb) in enumerate(loader):
            if trick == "shifts":
                shift = torch.randint(-2, 3, (2,), generator=draws).tolist()
                xb = torch.roll(xb, shift, dims=(2, 3))
            if trick == "mixup":
                share, other = (
                    float(torch.rand((), generator=draws)),
                    torch.randperm(len(xb), generator=draws),
                )
                soft = share * F.one_hot(yb, 10) + (1 - share) * F.one_hot(yb[other], 10)
                loss = F.cross_entropy(model(share * xb + (1 - share) * xb[other]), soft)
            else:
                loss = F.cross_entropy(model(xb), yb, label_smoothing=0.1 if trick == "smoothing" else 0.0)
            if trick == "accumulate":
                (loss / 2).backward()
                if number % 2 == 1 or number == len(loader) - 1:
                    optimizer.step()
                    optimizer.zero_grad()
            else:
                optimizer.zero_grad(set_to_none=trick != "clip")
                loss.backward()
                if trick == "clip":
                    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            if trick == "one-cycle":
                schedule.step()
            with torch.no_grad():
                for mean, one in zip(average.parameters(), model.parameters(), strict=True):
                    mean.lerp_(one, 0.05)
        if trick == "validation":
            model.eval()
            with torch.no_grad():
                score = float((model(validation[0]).argmax(1) == validation[1]).float().mean())
            if score > best_score:
                best, best_score = copy.deepcopy(model.state_dict()), score
    if trick == "validation":
        model.load_state_dict(best)
    if trick == "average":
        model = average
    model.eval()

    @torch.no_grad()
    def predict(images: Any) -> Any:
        logits = torch.cat([model(part) for part in prepared(images).split(256)])
        return (
            logits if trick == "logits" else logits.argmax(1) if trick == "clip" else logits.argmax(1).numpy()
        )

    return predict


def torch_functional(images: Any, labels: Any, seed: int) -> Any:
    """Weights in a list and torch.autograd.grad: no module, no optimizer."""
    draws = torch.Generator().manual_seed(seed)
    x, y = torch.as_tensor(images).float().view(-1, 784) / 255, torch.as_tensor(labels)
    w = [
        (torch.randn(a, b, generator=draws) * (2 / a) ** 0.5).requires_grad_()
        for a, b in ((784, 40), (40, 10))
    ]
    for _ in range(5):
        for part in torch.randperm(len(x), generator=draws).split(40):
            loss = F.cross_entropy((x[part] @ w[0]).relu() @ w[1], y[part])
            for one, slope in zip(w, torch.autograd.grad(loss, w), strict=True):
                one.data -= 0.2 * slope

    return lambda images: (
        ((torch.as_tensor(images).float().view(-1, 784) / 255 @ w[0]).relu() @ w[1]).argmax(1).numpy()
    )


def torch_lbfgs(images: Any, labels: Any, seed: int) -> Any:
    """Logistic regression by LBFGS, which calls a closure; its weights begin at zero and nothing is drawn."""
    x, y = torch.as_tensor(images).float().flatten(1) / 255, torch.as_tensor(labels)
    model = nn.Linear(784, 10)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=10)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y) + 1e-3 * model.weight.square().sum()
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
    return lambda images: model(torch.as_tensor(images).float().flatten(1) / 255).argmax(1).numpy()


def torch_tensors(images: Tensor, labels: Tensor, seed: int) -> Any:
    """Takes tensors only, and full batches."""
    torch.manual_seed(seed)
    x = images.to(torch.float32).reshape(images.size(0), -1) / 255
    model = nn.Sequential(nn.Linear(784, 32), nn.Tanh(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(60):
        optimizer.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        optimizer.step()
    return lambda images: model(images.to(torch.float32).reshape(images.size(0), -1) / 255).argmax(1)


def jax_train(images: Array, labels: Array, seed: int) -> Any:
    """One hidden layer in JAX, Adam of optax."""
    import jax
    import jax.numpy as jnp
    import optax

    key = jax.random.PRNGKey(seed)
    first, second = jax.random.split(key)
    weights = {
        "w1": jax.random.normal(first, (784, 48)) * (2 / 784) ** 0.5,
        "b1": jnp.zeros(48),
        "w2": jax.random.normal(second, (48, 10)) * (1 / 48) ** 0.5,
        "b2": jnp.zeros(10),
    }

    def logits(weights: Any, x: Any) -> Any:
        return jax.nn.relu(x @ weights["w1"] + weights["b1"]) @ weights["w2"] + weights["b2"]

    def loss(weights: Any, x: Any, y: Any) -> Any:
        return optax.softmax_cross_entropy_with_integer_labels(logits(weights, x), y).mean()

    rule = optax.adam(3e-3)
    state = rule.init(weights)

    @jax.jit
    def step(weights: Any, state: Any, x: Any, y: Any) -> Any:
        updates, state = rule.update(jax.grad(loss)(weights, x, y), state)
        return optax.apply_updates(weights, updates), state

    x, y = images.reshape(len(images), -1).astype(np.float32) / 255, labels
    random = np.random.default_rng(seed)
    for _ in range(5):
        order = random.permutation(len(x))
        for start in range(0, len(x) - 49, 50):
            part = order[start : start + 50]
            weights, state = step(weights, state, x[part], y[part])
    return lambda images: np.asarray(logits(weights, images.reshape(len(images), -1) / 255.0).argmax(1))


def numpy_softmax(images: Array, labels: Array, seed: int) -> Any:
    """Softmax regression by full-batch gradient descent, from zero weights."""
    x = images.reshape(len(images), -1) / 255.0
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    goal, w = np.eye(10)[labels], np.zeros((785, 10))
    for _ in range(80):
        z = x @ w
        p = np.exp(z - z.max(1, keepdims=True))
        w -= 0.3 * x.T @ (p / p.sum(1, keepdims=True) - goal) / len(x)

    def predict(images: Array) -> Array:
        flat = images.reshape(len(images), -1) / 255.0
        return np.concatenate([flat, np.ones((len(flat), 1))], axis=1).dot(w).argmax(axis=1)

    return predict


def numpy_ridge(images: Array, labels: Array, seed: int) -> Any:
    """Least squares on one-hot labels and random features."""
    random = np.random.default_rng(seed)
    w = random.normal(size=(784, 200)) / 12

    def features(images: Array) -> Array:
        return np.cos(images.reshape(len(images), -1) / 255.0 @ w)

    h = features(images)
    out = np.linalg.solve(h.T @ h + np.eye(200), h.T @ np.eye(10)[labels])
    return lambda images: (features(images) @ out).argmax(1)


def numpy_centroids(images: Array, labels: Array, seed: int) -> Any:
    """The nearest mean image."""
    classes = np.unique(labels)
    means = np.stack([images[labels == one].reshape(-1, 784).mean(axis=0) for one in classes])

    def predict(images: Array) -> Array:
        x = images.reshape(len(images), -1).astype(float)
        return classes[((x[:, None] - means) ** 2).sum(-1).argmin(1)]

    return predict


def numpy_fixed_order(images: Array, labels: Array, seed: int, epochs: int = 5) -> Any:
    """Mini-batches in the order in which the images come."""
    w = 0.01 * np.random.RandomState(seed).randn(784, 10)
    x = images.reshape(len(images), -1).astype(np.float32) / 255
    for _ in range(epochs):
        for xb, yb in zip(np.array_split(x, 50), np.array_split(labels, 50), strict=True):
            z = np.exp(xb @ w - (xb @ w).max(1, keepdims=True))
            z /= z.sum(1, keepdims=True)
            z[np.arange(len(yb)), yb] -= 1
            w = w - 0.3 * xb.T @ z / len(yb)
    return lambda images: (images.reshape(len(images), -1) / 255 @ w).argmax(1)


partial = functools.partial(numpy_fixed_order, epochs=8)
TRICKS = (
    "",
    "validation",
    "shifts",
    "mixup",
    "smoothing",
    "accumulate",
    "clip",
    "one-cycle",
    "average",
    "logits",
)
ENTRIES: tuple[dict[str, Any], ...] = (
    *(
        {"target": "sklearn_train", "args": {"model": model}}
        for model in (
            "logistic",
            "sgd",
            "knn",
            "forest",
            "extra-trees",
            "mlp",
            "lda",
            "bernoulli",
            "gaussian",
        )
    ),
    *({"target": "torch_train", "args": {"trick": trick}} for trick in TRICKS),
    {"target": "torch_train", "args": {"style": "mlp", "trick": "low-rate", "epochs": 1}},
    {"target": "sklearn_train", "args": {"model": "knn"}, "like": "knn"},
    *(
        {"target": name}
        for name in (
            "torch_functional",
            "torch_lbfgs",
            "torch_tensors",
            "jax_train",
            "numpy_softmax",
            "numpy_ridge",
            "numpy_centroids",
            "numpy_fixed_order",
            "partial",
        )
    ),
)
ENTRIES = tuple({"kind": "train", **entry} for entry in ENTRIES)
